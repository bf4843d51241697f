// This module is browser compatible.
import { systemClock } from "../../_internal/clock.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { ConnectionError } from "../../errors.ts";
import { DEFAULT_CONNECT_TIMEOUT_MS } from "../../transport/mod.ts";
import type { SocketEnd } from "../../transport/socket.ts";
import { Emitter } from "../_emitter.ts";
import { type CallStats, measureCall } from "../call_stats.ts";
import type { MicrophoneTrack } from "../microphone_track.ts";
import type { MediaStreamLike, PeerConnectionLike } from "../peer_connection.ts";
import type { WebRtcCall, WebRtcEvent } from "../web_rtc_call.ts";
import type { WebRtcOptions } from "../web_rtc_options.ts";
import { CallSound } from "./call_sound.ts";
import { onPageHide } from "./page_hide.ts";
import { type DialOptions, PeerCall, type PeerCallHost } from "./peer_call.ts";

/** Longest interruption of a connection, in milliseconds. */
const DEFAULT_GRACE_MS = 10_000;

/** Close code of a data channel that the other side has closed. */
const NO_CODE = 1005;

/** Timeout for asking why a call has ended, in milliseconds. */
const ASK_MS = 2_000;

/** Reasons of an app for ending a call after which the page must not call again. */
const DECIDED: ReadonlySet<string> = /* @__PURE__ */ new Set(["host", "hung_up", "idle", "max_duration", "quota"]);

/** The microphone of a line, and whether the line has to release it. */
export interface LineMicrophone {
  readonly microphone: MicrophoneTrack | undefined;
  readonly isOwned: boolean;
}

/**
 * The user's end of a conversation: microphone, sound, and the call that connects them to the server. A call that ends
 * releases the microphone and the sound, unless `isKept`: another call can then replace it.
 */
export class CallLine implements WebRtcCall {
  readonly microphone: MicrophoneTrack | undefined;
  /** Resolves when everything is released. */
  readonly released: Promise<SocketEnd>;
  /** Whether microphone and sound outlive their call. If so, its setter ends the line. */
  isKept = false;
  /** The model's voice, and the levels of both sides. */
  readonly sound: CallSound;
  /** Called when the page goes away, before the call ends. */
  onLeave = (): void => {};
  readonly #emitter = new Emitter<WebRtcEvent>();
  readonly #host: PeerCallHost;
  readonly #released = Promise.withResolvers<SocketEnd>();
  /** Functions that release everything, in this order. */
  readonly #releases: (() => void)[];
  /** Calls that have not ended: the current one, and those being prepared to replace it. */
  readonly #calls = new Set<PeerCall>();
  #call: PeerCall;
  /** Whether there was speech in the call; the first call counts as used. */
  #isUsed = true;
  #lostWith: number | undefined;
  /** The response to the hang-up of the last call that was lost. */
  #over: Promise<string | undefined | void> | undefined;
  #isInterrupted = false;
  #isReleased = false;

  /** Creates the first call, which is dialled later. */
  constructor(options: WebRtcOptions, { isOwned, microphone }: LineMicrophone, withChannel: boolean) {
    const { clock = systemClock, createPeer, exchange, graceMs = DEFAULT_GRACE_MS } = options;
    this.microphone = microphone;
    this.released = this.#released.promise;
    const sound = this.sound = new CallSound(options, clock, () => this.#emitter.emit({ type: "playback_blocked" }));
    this.#host = {
      clock,
      createPeer,
      exchange,
      graceMs,
      microphone,
      withChannel,
      onRemote: (call) => call === this.#call && sound.play(call.remote!, microphone),
      onFrame: (call, frame) => call === this.#call && this.#watch(frame),
      onInterrupted: (call, isInterrupted) => call === this.#call && this.#setInterrupted(isInterrupted),
      onEnd: (call, info) => this.#ended(call, info),
    };
    this.#call = new PeerCall(this.#host, false);
    this.#calls.add(this.#call);
    const stopListening = microphone?.on("changed", () => {
      sound.measure(microphone);
      this.#speak();
    });
    this.#releases = [
      () => isOwned && microphone?.stop(),
      () => stopListening?.(),
      // A closed tab does not close its connections, so the other side would wait for it.
      onPageHide(() => {
        this.onLeave();
        this.end({ code: 1001, reason: "The page was closed" });
      }),
      () => sound.close(),
      () => this.#emitter.clear(),
    ];
  }

  /** The current call. */
  get call(): PeerCall {
    return this.#call;
  }

  get peer(): PeerConnectionLike {
    return this.#call.peer;
  }

  get callId(): string | undefined {
    return this.#call.answer?.callId;
  }

  get callToken(): string | undefined {
    return this.#call.answer?.callToken;
  }

  get remote(): MediaStreamLike | undefined {
    return this.#call.remote;
  }

  get volume(): number {
    return this.sound.volume;
  }

  set volume(volume: number) {
    this.sound.volume = volume;
  }

  get outputLevel(): number {
    return this.sound.outputLevel;
  }

  get inputLevel(): number {
    return this.sound.inputLevel;
  }

  get isPlaybackBlocked(): boolean {
    return this.sound.isBlocked;
  }

  resumePlayback(): Promise<void> {
    return this.sound.resume(this.remote);
  }

  setSpeaker(deviceId: string): Promise<void> {
    return this.sound.setSpeaker(deviceId);
  }

  stats(): Promise<CallStats> {
    return measureCall(this.peer);
  }

  on<Type extends WebRtcEvent["type"]>(
    type: Type,
    listener: (event: Extract<WebRtcEvent, { readonly type: Type }>) => void,
  ): () => void {
    return this.#emitter.on(type, listener);
  }

  /** Dials the first call. */
  async dial({ signal, timeoutMs = DEFAULT_CONNECT_TIMEOUT_MS }: Partial<DialOptions>): Promise<void> {
    await this.#call.dial({ signal, timeoutMs });
  }

  /**
   * Creates another call, which is silent in both directions until {@linkcode use}.
   *
   * @throws {ConnectionError} when the line has been released, or the call is refused or not established.
   */
  async redial(signal: AbortSignal): Promise<PeerCall> {
    const reason = await this.#reasonOfEnd(signal);
    if (this.#isReleased) {
      throw new ConnectionError("Cannot call again as the microphone was released", { kind: "configuration" });
    }
    if (reason !== undefined && DECIDED.has(reason)) throw this.#toEnd(`server has ended the call: ${reason}`, reason);
    // A server may end silent calls, which would then be replaced endlessly.
    if (this.#lostWith === NO_CODE && !this.#isUsed) {
      throw this.#toEnd("other side has hung up twice, and nothing was said in between", "");
    }
    const call = new PeerCall(this.#host, true);
    this.#calls.add(call);
    await call.dial({ signal, timeoutMs: undefined });
    return call;
  }

  /** Speaks and listens over another call from now on. */
  use(call: PeerCall): void {
    this.#call = call;
    this.#isUsed = false;
    this.#lostWith = this.#over = undefined;
    this.#speak();
    if (call.remote) this.sound.play(call.remote, this.microphone);
    this.#setInterrupted(false);
  }

  /** Ends everything; only the first call has an effect. */
  end(info: SocketEnd): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    for (const call of this.#calls.add(this.#call)) {
      // Once more, if it has already ended and its hang-up has failed.
      call.hangUp().catch(() => {});
      call.end(info);
    }
    for (const release of this.#releases) {
      try {
        release();
      } catch (error) {
        console.error(error);
      }
    }
    this.#released.resolve(info);
  }

  #ended(call: PeerCall, info: SocketEnd): void {
    this.#calls.delete(call);
    // An app that does not see the end would count it as one of the user's calls. If it is already over, the response says
    // why.
    const over = call.hangUp();
    over.catch(() => {});
    if (call !== this.#call || this.#isReleased) return;
    if (!this.isKept) return this.end(info);
    // This side has ended it.
    if (info.code === 1000) return;
    this.#lostWith = info.code;
    this.#setInterrupted(true);
    this.#over = over;
  }

  #toEnd(why: string, reason: string): ConnectionError {
    const close = { code: 1000, reason, clean: false };
    const { url } = this.#call.answer ?? {};
    return new ConnectionError(`Cannot call again as the ${why}`, { kind: "closed", url, close });
  }

  /** The reason for which the server ended the last call, if it did and reports it. */
  async #reasonOfEnd(signal: AbortSignal): Promise<string | undefined> {
    const over = this.#over;
    if (!over) return undefined;
    const { clock } = this.#host;
    const timing = { what: "ask why the call has ended", signal, timeoutMs: ASK_MS, clock };
    try {
      // There may have been no network when the call was lost.
      return await withTimeout(() => over.catch(() => this.#call.hangUp()), timing) ?? undefined;
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }

  #watch(frame: string): void {
    this.sound.watch(frame);
    this.#isUsed ||= /"type"\s*:\s*"(response\.created|input_audio_buffer\.speech_started)"/.test(frame);
  }

  #speak(): void {
    this.#call.send().catch((error) => console.error(error));
  }

  #setInterrupted(isInterrupted: boolean): void {
    if (this.#isInterrupted === isInterrupted) return;
    this.#isInterrupted = isInterrupted;
    this.#emitter.emit({ type: "connection", state: isInterrupted ? "interrupted" : "connected" });
  }
}

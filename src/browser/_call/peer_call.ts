// This module is browser compatible.
import { onPageHide } from "./page_hide.ts";
import { type Clock, systemClock } from "../../_internal/clock.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { ConnectionError } from "../../errors.ts";
import { DEFAULT_CONNECT_TIMEOUT_MS } from "../../transport/mod.ts";
import type { SocketEnd } from "../../transport/socket.ts";
import { ChannelSocket } from "./channel_socket.ts";
import { createPageElement, createPagePeer } from "./page_peer.ts";
import { Emitter } from "../_emitter.ts";
import { LevelMeter } from "../_audio/level_meter.ts";
import { PeerWatch } from "./peer_watch.ts";
import { openAudioContext, pageAudio, toStream } from "../_audio/page_audio.ts";
import type { AudioContextLike, AudioNodeLike } from "../audio_context.ts";
import { type CallStats, measureCall } from "../call_stats.ts";
import type { SdpAnswer } from "../exchange_sdp.ts";
import type { MicrophoneTrack } from "../microphone_track.ts";
import type { MediaStreamLike, PeerConnectionLike, RtpSenderLike, TrackEventLike } from "../peer_connection.ts";
import { SoundGate } from "../_audio/sound_gate.ts";
import type { WebRtcCall, WebRtcEvent } from "../web_rtc_call.ts";
import { openCallMicrophone } from "./call_microphone.ts";
import type { WebRtcOptions } from "../web_rtc_options.ts";

/** Label of the data channel, as the API knows it. */
const CHANNEL = "oai-events";
/** What a message may have where the connection does not tell, in bytes. */
const DEFAULT_MAX_MESSAGE_SIZE = 65_536;
/** How long a connection may be interrupted, in milliseconds. */
const DEFAULT_GRACE_MS = 10_000;
/** How long the other side may take to close the data channel, in milliseconds. */
const FAREWELL_MS = 200;
/** How long a browser may take to let a page sound that may, in milliseconds. */
const UNBLOCK_MS = 500;

/** A peer connection with its microphone, its sound and, if it has one, its data channel. Whatever ends it releases all. */
export class PeerCall implements WebRtcCall {
  readonly peer: PeerConnectionLike;
  readonly microphone: MicrophoneTrack | undefined;
  /** The data channel; `undefined` for a call that only carries sound. */
  readonly socket: ChannelSocket | undefined;
  readonly closed: Promise<SocketEnd>;
  answer: SdpAnswer | undefined;
  remote: MediaStreamLike | undefined;
  /** Called when the page goes away, before the call ends. */
  onLeave = (): void => {};
  readonly #options: WebRtcOptions;
  readonly #clock: Clock;
  readonly #emitter = new Emitter<WebRtcEvent>();
  readonly #watch: PeerWatch;
  readonly #ready = Promise.withResolvers<void>();
  readonly #end = Promise.withResolvers<SocketEnd>();
  /** What has to be released. */
  readonly #releases: (() => void)[] = [];
  #context: AudioContextLike | undefined;
  #gate: SoundGate | undefined;
  #inputMeter: LevelMeter | undefined;
  #inputSource: AudioNodeLike | undefined;
  #ended: SocketEnd | undefined;

  private constructor(
    options: WebRtcOptions,
    microphone: MicrophoneTrack | undefined,
    isOwned: boolean,
    withChannel: boolean,
  ) {
    const { clock = systemClock, graceMs = DEFAULT_GRACE_MS } = options;
    this.#options = options;
    this.#clock = clock;
    this.microphone = microphone;
    this.closed = this.#end.promise;
    if (microphone && isOwned) this.#releases.push(() => microphone.stop());
    this.#watch = new PeerWatch(graceMs, clock, {
      onInterrupted: (isInterrupted) =>
        this.#emitter.emit({ type: "connection", state: isInterrupted ? "interrupted" : "connected" }),
      onDead: () => this.end({ code: 1006, reason: "The other side is gone" }),
    });
    this.#releases.push(() => this.#watch.stop());
    // A tab that is closed does not close its connections by itself: the other side would wait for it.
    this.#releases.push(onPageHide(() => {
      this.onLeave();
      this.end({ code: 1001, reason: "The page went away" });
    }));
    const peer = this.peer = options.createPeer?.() ?? createPagePeer();
    peer.onconnectionstatechange = () => {
      this.#watch.change(peer.connectionState);
      if (!withChannel && peer.connectionState === "connected") this.#ready.resolve();
    };
    peer.ontrack = ({ streams, track }: TrackEventLike) => this.#play(streams[0] ?? toStream(track));
    // Its rejection belongs to whoever dials, if that still lasts.
    this.#ready.promise.catch(() => {});
    this.socket = withChannel ? this.#openChannel() : undefined;
    this.#send();
  }

  /**
   * Asks for the microphone, then calls. Whatever fails, nothing is left.
   *
   * @throws {MicrophoneError} when there is no microphone.
   * @throws {ConnectionError} when the call is refused, or no connection comes about.
   * @throws {DOMException} `AbortError` when aborted, `TimeoutError` when the time is out.
   */
  static async dial(options: WebRtcOptions, withChannel: boolean): Promise<PeerCall> {
    const { graceMs = DEFAULT_GRACE_MS, timeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
    checkTimes({ graceMs, timeoutMs });
    options.signal?.throwIfAborted();
    const { isOwned, microphone } = await openCallMicrophone(options);
    let call: PeerCall | undefined;
    try {
      call = new PeerCall(options, microphone, isOwned, withChannel);
      await call.#dial(timeoutMs);
      return call;
    } catch (error) {
      if (call) call.end({ code: 1006, reason: "The call did not come about" });
      else if (isOwned) microphone?.stop();
      throw error;
    }
  }

  get callId(): string | undefined {
    return this.answer?.callId;
  }

  get callToken(): string | undefined {
    return this.answer?.callToken;
  }

  get volume(): number {
    return this.#gate?.volume ?? 0;
  }

  set volume(volume: number) {
    if (this.#gate) this.#gate.volume = volume;
  }

  get outputLevel(): number {
    return this.#gate?.level ?? 0;
  }

  get inputLevel(): number {
    return this.#inputMeter?.level ?? 0;
  }

  get isPlaybackBlocked(): boolean {
    return this.#gate?.isBlocked ?? false;
  }

  async resumePlayback(): Promise<void> {
    await this.#context?.resume();
    if (this.remote) await this.#gate?.play(this.remote);
  }

  async setSpeaker(deviceId: string): Promise<void> {
    await this.#gate?.setDevice(deviceId);
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

  /** Ends the call and releases all that it holds, the costly side first; the first end counts. */
  end(info: SocketEnd): void {
    if (this.#ended) return;
    this.#ended = info;
    this.#ready.reject(this.#endError());
    for (const release of [() => this.#hangUp(), ...this.#releases]) {
      try {
        release();
      } catch (error) {
        console.error(error);
      }
    }
    this.socket?.end(info);
    this.#emitter.clear();
    this.#end.resolve(info);
  }

  async #dial(timeoutMs: number): Promise<void> {
    const { exchange, signal } = this.#options;
    const deadline = this.#clock.now() + timeoutMs;
    const inTime = <T>(what: string, task: (signal: AbortSignal) => Promise<T>) =>
      withTimeout(task, { what, signal, timeoutMs: Math.max(0, deadline - this.#clock.now()), clock: this.#clock });
    await this.peer.setLocalDescription();
    const offer = this.peer.localDescription?.sdp ?? "";
    const answer = await inTime("exchange SDP", (signal) => exchange(offer, { signal }));
    this.#assertOpen();
    if (typeof answer?.sdp !== "string" || !answer.sdp.startsWith("v=0")) {
      throw new ConnectionError("Cannot call as the exchange must give SDP, which begins with v=0", {
        kind: "refused",
        url: answer?.url,
      });
    }
    this.answer = answer;
    await inTime(
      "connect over WebRTC, as the call was answered but no connection comes about (a firewall?):",
      async () => {
        await this.peer.setRemoteDescription({ type: "answer", sdp: answer.sdp });
        await this.#ready.promise;
      },
    );
    this.#assertOpen();
  }

  #hangUp(): void {
    this.peer.onconnectionstatechange = null;
    this.peer.ontrack = null;
    this.peer.close();
  }

  #assertOpen(): void {
    if (this.#ended) throw this.#endError();
  }

  #endError(): ConnectionError {
    const message = "Cannot connect over WebRTC as no connection came about, perhaps because of a firewall";
    return new ConnectionError(message, { kind: "unreachable", url: this.answer?.url });
  }

  #openChannel(): ChannelSocket {
    const channel = this.peer.createDataChannel(CHANNEL);
    channel.onopen = () => this.#ready.resolve();
    return new ChannelSocket(channel, {
      maxMessageSize: () => this.peer.sctp?.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE,
      onFrame: (frame) => this.#gate?.watch(frame),
      onClosing: () => {
        const goodbye = () => this.end({ code: 1000, reason: "" });
        this.#releases.push(this.#clock.schedule(goodbye, FAREWELL_MS));
      },
      onClosed: (info) => this.end(info),
    });
  }

  /** Sends the microphone, or says that we only listen. */
  #send(): void {
    const { microphone, peer } = this;
    if (!microphone) return void peer.addTransceiver("audio", { direction: "recvonly" });
    const streams = microphone.stream ? { streams: [microphone.stream] } : {};
    const { sender } = peer.addTransceiver(microphone.track, { direction: "sendrecv", ...streams });
    this.#releases.push(microphone.on("changed", () => void this.#replace(sender)));
  }

  async #replace(sender: RtpSenderLike): Promise<void> {
    const { microphone } = this;
    if (!microphone || this.#ended) return;
    await sender.replaceTrack(microphone.track);
    this.#measureInput();
  }

  #play(stream: MediaStreamLike): void {
    if (this.#ended) return;
    this.remote = stream;
    const { audioContext, output } = this.#options;
    if (output === null || !(audioContext || pageAudio.AudioContext)) return;
    const context = this.#context = audioContext ?? openAudioContext();
    const gate = this.#gate = new SoundGate(context, output ?? createPageElement(), this.#clock);
    this.#releases.push(() => {
      gate.close();
      if (!audioContext) void context.close();
    }, () => this.#inputSource?.disconnect());
    this.#measureInput();
    const blocked = () => {
      if (!this.#ended) this.#emitter.emit({ type: "playback_blocked" });
    };
    gate.play(stream).catch(blocked);
    // It settles once the page may sound, which may be never.
    context.resume().catch(blocked);
    this.#releases.push(this.#clock.schedule(() => gate.isBlocked && blocked(), UNBLOCK_MS));
  }

  #measureInput(): void {
    if (!this.#context || !this.microphone) return;
    this.#inputMeter ??= new LevelMeter(this.#context);
    this.#inputSource?.disconnect();
    this.#inputSource = this.#context.createMediaStreamSource(
      this.microphone.stream ?? toStream(this.microphone.track),
    );
    this.#inputSource.connect(this.#inputMeter.node);
  }
}

/**
 * Checks times of a call, in milliseconds.
 *
 * @throws {RangeError} when one is negative or not a number; it names the option.
 */
function checkTimes(times: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(times)) {
    if (!(value >= 0)) throw new RangeError(`Cannot call as ${name} must be >= 0: current value is ${value}`);
  }
}

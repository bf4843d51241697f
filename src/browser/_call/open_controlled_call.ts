// This module is browser compatible.
import { systemClock } from "../../_internal/clock.ts";
import type { CloseInfo } from "../../errors.ts";
import { type Logger, Session, type SessionEvent } from "../../session/mod.ts";
import { createTransport } from "../../transport/socket_transport.ts";
import type { CallEvents } from "./call_events.ts";
import type { PeerCall } from "./peer_call.ts";
import type { CallStats } from "../call_stats.ts";
import type { MicrophoneTrack } from "../microphone_track.ts";
import type { MediaStreamLike, PeerConnectionLike } from "../peer_connection.ts";
import type { ControlledCall } from "../controlled_call.ts";
import type { WebRtcEvent } from "../web_rtc_call.ts";

/** A call whose session is shown by the app. */
export class OpenControlledCall implements ControlledCall {
  readonly session: Session;
  readonly closed: Promise<CloseInfo>;
  readonly #call: PeerCall;
  #hangingUp: Promise<void> | undefined;

  constructor(call: PeerCall, events: CallEvents, logger: Logger | undefined) {
    this.#call = call;
    this.closed = call.closed.then((end) => ({ ...end, clean: end.code === 1000 }));
    const transport = createTransport(events, { url: call.answer?.url ?? "", clock: systemClock });
    this.session = new Session(transport, { sideband: true, shared: true, logger });
    const leave = () => void this.#tellServer();
    // Not beforeunload, which the user may still answer; a page that is hidden may come back.
    globalThis.addEventListener?.("pagehide", leave);
    void call.closed.then(() => globalThis.removeEventListener?.("pagehide", leave));
  }

  get controller(): "server" {
    return "server";
  }

  get peer(): PeerConnectionLike {
    return this.#call.peer;
  }

  get callId(): string | undefined {
    return this.#call.callId;
  }

  get callToken(): string | undefined {
    return this.#call.callToken;
  }

  get microphone(): MicrophoneTrack | undefined {
    return this.#call.microphone;
  }

  get remote(): MediaStreamLike | undefined {
    return this.#call.remote;
  }

  get volume(): number {
    return this.#call.volume;
  }

  set volume(volume: number) {
    this.#call.volume = volume;
  }

  get outputLevel(): number {
    return this.#call.outputLevel;
  }

  get inputLevel(): number {
    return this.#call.inputLevel;
  }

  get isPlaybackBlocked(): boolean {
    return this.#call.isPlaybackBlocked;
  }

  resumePlayback(): Promise<void> {
    return this.#call.resumePlayback();
  }

  setSpeaker(deviceId: string): Promise<void> {
    return this.#call.setSpeaker(deviceId);
  }

  stats(): Promise<CallStats> {
    return this.#call.stats();
  }

  on<Type extends WebRtcEvent["type"]>(
    type: Type,
    listener: (event: Extract<WebRtcEvent, { readonly type: Type }>) => void,
  ): () => void {
    return this.#call.on(type, listener);
  }

  events(): AsyncIterableIterator<SessionEvent> {
    return this.session.events();
  }

  async hangUp(): Promise<void> {
    try {
      await this.#tellServer();
    } finally {
      this.#call.end({ code: 1000, reason: "" });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hangUp();
  }

  #tellServer(): Promise<void> {
    return this.#hangingUp ??= this.#call.answer?.hangUp?.() ?? Promise.resolve();
  }
}

// This module is browser compatible.
import { systemClock } from "../_internal/clock.ts";
import type { CloseInfo } from "../errors.ts";
import { Session, type SessionEvent } from "../session/mod.ts";
import { createTransport } from "../transport/socket_transport.ts";
import type { CallEvents } from "./_call_events.ts";
import type { PeerCall } from "./_peer_call.ts";
import type { CallStats } from "./call_stats.ts";
import type { MicrophoneTrack } from "./microphone_track.ts";
import type { MediaStreamLike, PeerConnectionLike } from "./peer_connection.ts";
import type { WebRtcCall, WebRtcEvent } from "./web_rtc_call.ts";

/** A call that the server controls. {@linkcode startCall} starts one. */
export class ControlledCall implements WebRtcCall, AsyncDisposable {
  /** What the session does, read only: conversation, usage, events. Its commands throw a `TypeError`. */
  readonly session: Session;
  /** Resolves when the call has ended and everything is released; never rejects. */
  readonly closed: Promise<CloseInfo>;
  readonly #call: PeerCall;
  #hangingUp: Promise<void> | undefined;

  /** Used by {@linkcode startCall}. */
  constructor(call: PeerCall, events: CallEvents) {
    this.#call = call;
    this.closed = call.closed;
    const transport = createTransport(events, { url: call.answer?.url ?? "", clock: systemClock });
    this.session = new Session(transport, { sideband: true, shared: true });
    const leave = () => void this.#tellServer();
    // Not beforeunload, which the user may still answer; a page that is hidden may come back.
    globalThis.addEventListener?.("pagehide", leave);
    void call.closed.then(() => globalThis.removeEventListener?.("pagehide", leave));
  }

  /** Who controls the session: the server, here. */
  get controller(): "server" {
    return "server";
  }

  /** The connection itself. */
  get peer(): PeerConnectionLike {
    return this.#call.peer;
  }

  /** Id of the call. */
  get callId(): string | undefined {
    return this.#call.callId;
  }

  /** Token with which the page steers the call through the edge app. */
  get callToken(): string | undefined {
    return this.#call.callToken;
  }

  /** The user's microphone. */
  get microphone(): MicrophoneTrack | undefined {
    return this.#call.microphone;
  }

  /** The model's voice, once it has come. */
  get remote(): MediaStreamLike | undefined {
    return this.#call.remote;
  }

  /** How loud the model is heard, 0 to 1. */
  get volume(): number {
    return this.#call.volume;
  }

  set volume(volume: number) {
    this.#call.volume = volume;
  }

  /** How loud the model is at this moment, 0 to 1. */
  get outputLevel(): number {
    return this.#call.outputLevel;
  }

  /** How loud the user is at this moment, 0 to 1. */
  get inputLevel(): number {
    return this.#call.inputLevel;
  }

  /** Whether the browser lets the page make no sound yet. */
  get isPlaybackBlocked(): boolean {
    return this.#call.isPlaybackBlocked;
  }

  /** Lets the page sound: call it while the user clicks. */
  resumePlayback(): Promise<void> {
    return this.#call.resumePlayback();
  }

  /** Sounds from another loudspeaker. */
  setSpeaker(deviceId: string): Promise<void> {
    return this.#call.setSpeaker(deviceId);
  }

  /** Measures the connection. */
  stats(): Promise<CallStats> {
    return this.#call.stats();
  }

  /** Calls a listener of what happens to the call. */
  on<Type extends WebRtcEvent["type"]>(
    type: Type,
    listener: (event: Extract<WebRtcEvent, { readonly type: Type }>) => void,
  ): () => void {
    return this.#call.on(type, listener);
  }

  /** Every event of the session from now on, as the app shows them. */
  events(): AsyncIterableIterator<SessionEvent> {
    return this.session.events();
  }

  /**
   * Ends the call at the server, then here. The page's side is released even when the server cannot be reached.
   *
   * @throws {ConnectionError} when the app could not end the call; it ends by itself then, as nobody is connected.
   */
  async hangUp(): Promise<void> {
    try {
      await this.#tellServer();
    } finally {
      this.#call.end({ code: 1000, reason: "", wasClean: true });
    }
  }

  /** Ends the call. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.hangUp();
  }

  #tellServer(): Promise<void> {
    return this.#hangingUp ??= this.#call.answer?.hangUp?.() ?? Promise.resolve();
  }
}

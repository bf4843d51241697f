// This module is browser compatible.
import type { CloseInfo } from "../errors.ts";
import type { ClientEvent } from "../protocol/mod.ts";
import { createTransport, type IncomingEvent, type SendOptions, type Transport } from "../transport/mod.ts";
import type { Clock } from "../_internal/clock.ts";
import type { ChannelSocket } from "./_channel_socket.ts";
import type { PeerCall } from "./_peer_call.ts";
import type { CallStats } from "./call_stats.ts";
import type { MicrophoneTrack } from "./microphone_track.ts";
import type { MediaStreamLike, PeerConnectionLike } from "./peer_connection.ts";
import type { WebRtcCall, WebRtcEvent } from "./web_rtc_call.ts";

/**
 * A connection over WebRTC: events go over its data channel, sound goes by itself. {@linkcode connectWebRtc} makes one;
 * what ends it also releases the microphone, the loudspeaker and the peer connection.
 */
export class WebRtcTransport implements Transport, WebRtcCall {
  /** The server plays: it knows what was heard. */
  readonly playback = "server" as const;
  /** A server may hold the same session by a sideband, and act in it. */
  readonly shared = true;
  readonly #call: PeerCall;
  readonly #transport: Transport;

  /** Used by {@linkcode connectWebRtc}. */
  constructor(call: PeerCall, socket: ChannelSocket, clock: Clock) {
    this.#call = call;
    this.#transport = createTransport(socket, { url: call.answer?.url ?? "webrtc:", clock });
  }

  /** Address that answered the offer, without credentials. */
  get url(): string {
    return this.#transport.url;
  }

  /** What the server sends, in order, from the first event on. */
  get events(): ReadableStream<IncomingEvent> {
    return this.#transport.events;
  }

  /** Bytes that were sent and have not left yet. */
  get bufferedAmount(): number {
    return this.#transport.bufferedAmount;
  }

  /** Resolves when the connection has ended, whoever ended it, and everything is released. */
  get closed(): Promise<CloseInfo> {
    return this.#transport.closed;
  }

  /** The connection itself. */
  get peer(): PeerConnectionLike {
    return this.#call.peer;
  }

  /** Id of the call, where it was told. */
  get callId(): string | undefined {
    return this.#call.callId;
  }

  /** Token with which the page steers the call through the edge app. */
  get callToken(): string | undefined {
    return this.#call.callToken;
  }

  /** The user's microphone; `undefined` when the call only listens. */
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

  /**
   * Sends one event, in order.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol.
   * @throws {RangeError} when it is larger than the connection takes, 262,144 bytes in most browsers; nothing is sent then.
   * @throws {ConnectionError} of kind `closed` when the connection has ended.
   */
  send(event: ClientEvent, options?: SendOptions): void {
    this.#transport.send(event, options);
  }

  /** Ends the call and releases everything; idempotent. */
  close(code?: number, reason?: string): Promise<CloseInfo> {
    return this.#transport.close(code, reason);
  }

  /** Ends the call. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

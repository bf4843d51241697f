// This module is browser compatible.
import type { CloseInfo } from "../../errors.ts";
import type { ClientEvent } from "../../protocol/mod.ts";
import { createTransport, type IncomingEvent, type SendOptions, type Transport } from "../../transport/mod.ts";
import type { Clock } from "../../_internal/clock.ts";
import type { ChannelSocket } from "./channel_socket.ts";
import type { PeerCall } from "./peer_call.ts";
import type { CallStats } from "../call_stats.ts";
import type { MicrophoneTrack } from "../microphone_track.ts";
import type { MediaStreamLike, PeerConnectionLike } from "../peer_connection.ts";
import type { WebRtcEvent } from "../web_rtc_call.ts";
import type { WebRtcTransport } from "../web_rtc_transport.ts";

/** The transport of a call, which is the call's media as well. */
export class OpenTransport implements WebRtcTransport {
  readonly playback = "server" as const;
  readonly shared = true;
  readonly #call: PeerCall;
  readonly #transport: Transport;

  constructor(call: PeerCall, socket: ChannelSocket, clock: Clock) {
    this.#call = call;
    this.#transport = createTransport(socket, { url: call.answer?.url ?? "webrtc:", clock });
  }

  get url(): string {
    return this.#transport.url;
  }

  get events(): ReadableStream<IncomingEvent> {
    return this.#transport.events;
  }

  get bufferedAmount(): number {
    return this.#transport.bufferedAmount;
  }

  get closed(): Promise<CloseInfo> {
    return this.#transport.closed;
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

  send(event: ClientEvent, options?: SendOptions): void {
    this.#transport.send(event, options);
  }

  close(code?: number, reason?: string): Promise<CloseInfo> {
    return this.#transport.close(code, reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

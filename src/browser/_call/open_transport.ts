// This module is browser compatible.
import type { CloseInfo } from "../../errors.ts";
import type { ClientEvent } from "../../protocol/mod.ts";
import { createTransport, type IncomingEvent, type SendOptions, type Transport } from "../../transport/mod.ts";
import type { Clock } from "../../_internal/clock.ts";
import { CallMedia } from "./call_media.ts";
import type { ChannelSocket } from "./channel_socket.ts";
import type { PeerCall } from "./peer_call.ts";
import type { WebRtcTransport } from "../web_rtc_transport.ts";

/** The transport of a call, which is the call's media as well. */
export class OpenTransport extends CallMedia implements WebRtcTransport {
  readonly playback = "server" as const;
  readonly shared = true;
  readonly #transport: Transport;

  constructor(call: PeerCall, socket: ChannelSocket, clock: Clock) {
    super(call);
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

  send(event: ClientEvent, options?: SendOptions): void {
    this.#transport.send(event, options);
  }

  close(code?: number, reason?: string): Promise<CloseInfo> {
    return this.#transport.close(code, reason);
  }

  check(event: ClientEvent): void {
    this.#transport.check?.(event);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

// This module is browser compatible.
import type { Socket, SocketEnd, SocketListener } from "../../transport/socket.ts";
import type { DataChannelLike } from "../peer_connection.ts";

/** Most bytes that a character of a string becomes in UTF-8. */
const MAX_BYTES_PER_CHARACTER = 3;

/** What a channel socket needs of the connection that it belongs to. */
export interface ChannelSocketHost {
  /** Bytes that one message may have, as the connection tells once it is made. */
  maxMessageSize(): number;
  /** Sees each text frame of either side: what arrives before the listener does, and what was sent. */
  onFrame(frame: string): void;
  /** The channel was asked to close. */
  onClosing(): void;
  /** The channel has closed, with the code that this stands for. */
  onClosed(info: SocketEnd): void;
}

/** A data channel as a socket: it keeps what comes early, refuses what is too large, and ends once. */
export class ChannelSocket implements Socket {
  readonly #channel: DataChannelLike;
  readonly #host: ChannelSocketHost;
  readonly #early: (string | Uint8Array)[] = [];
  #listener: SocketListener | undefined;
  #end: SocketEnd | undefined;
  /** What we have closed it with; the other side does not learn that. */
  #closing: SocketEnd | undefined;

  constructor(channel: DataChannelLike, host: ChannelSocketHost) {
    this.#channel = channel;
    this.#host = host;
    channel.onmessage = ({ data }: { readonly data: unknown }) => this.#receive(data);
    // A data channel has no close codes. An `error` event says the same as the close, and comes after a normal end, too.
    channel.onclose = () => host.onClosed(this.#closing ?? { code: 1005, reason: "" });
  }

  get bufferedAmount(): number {
    return this.#channel.bufferedAmount;
  }

  /** @throws {RangeError} when the message is larger than the connection takes; nothing is sent then. */
  send(data: string): void {
    if (this.#end || this.#channel.readyState !== "open") return;
    const max = this.#host.maxMessageSize();
    const bytes = data.length * MAX_BYTES_PER_CHARACTER > max ? new TextEncoder().encode(data).length : 0;
    if (bytes > max) {
      throw new RangeError(
        `Cannot send over the data channel as a message must be <= ${max} bytes: current value is ${bytes}`,
      );
    }
    this.#channel.send(data);
    this.#host.onFrame(data);
  }

  close(code = 1005, reason = ""): void {
    if (this.#closing || this.#end) return;
    this.#closing = { code, reason };
    this.#channel.close();
    this.#host.onClosing();
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
    for (const frame of this.#early.splice(0)) listener.message(frame);
    if (this.#end) listener.close(this.#end);
  }

  /** Tells the listener of the end, and lets go of the channel; the first end counts, which may be our own. */
  end(info: SocketEnd): void {
    if (this.#end) return;
    const end = this.#end = this.#closing ?? info;
    this.#channel.onmessage = null;
    this.#channel.onclose = null;
    this.#channel.onopen = null;
    this.#listener?.close(end);
  }

  #receive(data: unknown): void {
    const frame = typeof data === "string" ? data : toBytes(data);
    if (frame === undefined) return;
    if (typeof frame === "string") this.#host.onFrame(frame);
    if (this.#listener) this.#listener.message(frame);
    else this.#early.push(frame);
  }
}

function toBytes(data: unknown): Uint8Array | undefined {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : undefined;
}

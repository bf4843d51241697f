// This module is browser compatible.
import type { Socket, SocketEnd, SocketListener } from "../../transport/socket.ts";
import type { DataChannelLike } from "../peer_connection.ts";

/** Largest number of UTF-8 bytes per character of a string. */
const MAX_BYTES_PER_CHARACTER = 3;

/** The connection that a channel socket belongs to. */
export interface ChannelSocketHost {
  /** Maximum size of a message in bytes, which the connection reports once it is established. */
  maxMessageSize(): number;
  /** Inspects each text frame of either side: received ones before the listener, and sent ones. */
  onFrame(frame: string): void;
  /** The channel was asked to close. */
  onClosing(): void;
  /** The channel has closed; `info` has the corresponding close code. */
  onClosed(info: SocketEnd): void;
}

/** A data channel as a socket: it keeps early messages, rejects oversized ones, and ends once. */
export class ChannelSocket implements Socket {
  readonly #channel: DataChannelLike;
  readonly #host: ChannelSocketHost;
  readonly #early: (string | Uint8Array)[] = [];
  #listener: SocketListener | undefined;
  #end: SocketEnd | undefined;
  /** Code and reason of our own close, which the other side does not receive. */
  #closing: SocketEnd | undefined;

  constructor(channel: DataChannelLike, host: ChannelSocketHost) {
    this.#channel = channel;
    this.#host = host;
    channel.onmessage = ({ data }: { readonly data: unknown }) => this.#receive(data);
    // A data channel has no close codes. Its `error` event adds nothing to the close, and also follows a normal end.
    channel.onclose = () => host.onClosed(this.#closing ?? { code: 1005, reason: "" });
  }

  get bufferedAmount(): number {
    return this.#channel.bufferedAmount;
  }

  /** @throws {RangeError} when the message exceeds the maximum size of the connection; nothing is then sent. */
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

  /** Reports the end to the listener, and releases the channel; only the first end counts, which may be our own. */
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

// This module is browser compatible.
import { type Clock, systemClock } from "../_internal/clock.ts";
import { type CloseInfo, ConnectionError } from "../errors.ts";
import { type ClientEvent, parseServerEvent, stringifyClientEvent } from "../protocol/mod.ts";
import type { Socket } from "./socket.ts";
import type { IncomingEvent, SendOptions, Transport } from "./transport.ts";

/**
 * How many characters of frames may wait unread in {@linkcode Transport.events}: 64 Mi, some 15 minutes of audio. With
 * more, the connection is closed with code 4008, and the reader gets a `QuotaExceededError`.
 */
export const MAX_UNREAD_CHARACTERS = 64 * 1024 * 1024;

/** How long the other side may take to answer a close frame, in milliseconds; then it counts as gone. */
const CLOSE_TIMEOUT_MS = 3000;

/** Options of {@linkcode createTransport}. */
export interface TransportOptions {
  /**
   * Address of the other side, for logs and errors; must not contain a credential.
   *
   * @default {"memory:"}
   */
  url?: string | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

/** Speaks the Realtime protocol over a socket that is open. */
export function createTransport(socket: Socket, options: TransportOptions = {}): Transport {
  return new SocketTransport(socket, options.url ?? "memory:", options.clock ?? systemClock);
}

class SocketTransport implements Transport {
  readonly url: string;
  readonly events: ReadableStream<IncomingEvent>;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #decoder = new TextDecoder();
  readonly #closed = Promise.withResolvers<CloseInfo>();
  #controller!: ReadableStreamDefaultController<IncomingEvent>;
  #frameLength = 0;
  #isReading = true;
  #cancelCloseTimeout: (() => void) | undefined;
  #close: CloseInfo | undefined;

  constructor(socket: Socket, url: string, clock: Clock) {
    this.url = url;
    this.#socket = socket;
    this.#clock = clock;
    this.events = new ReadableStream<IncomingEvent>({
      start: (controller) => void (this.#controller = controller),
      cancel: () => void (this.#isReading = false),
    }, { highWaterMark: MAX_UNREAD_CHARACTERS, size: () => this.#frameLength });
    socket.listen({ message: (data) => this.#receive(data), close: (info) => this.#end(info) });
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  get closed(): Promise<CloseInfo> {
    return this.#closed.promise;
  }

  send(event: ClientEvent, options: SendOptions = {}): void {
    const frame = stringifyClientEvent(event, options);
    if (this.#close || this.#cancelCloseTimeout) {
      const how = this.#close ? `has ended with code ${this.#close.code}` : "is being closed";
      throw new ConnectionError(`Cannot send ${event.type} as the connection to ${this.url} ${how}`, {
        kind: "closed",
        url: this.url,
        close: this.#close,
      });
    }
    this.#socket.send(frame);
  }

  close(code = 1000, reason = ""): Promise<CloseInfo> {
    if (!this.#close && !this.#cancelCloseTimeout) {
      // Runtimes wait for the other side's close frame for as long as the connection stands, dead or alive.
      const giveUp = () => this.#end({ code: 1006, reason: "", wasClean: false });
      this.#cancelCloseTimeout = this.#clock.schedule(giveUp, CLOSE_TIMEOUT_MS);
      this.#socket.close(code, reason);
    }
    return this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #receive(data: string | Uint8Array): void {
    if (!this.#isReading) return;
    const frame = typeof data === "string" ? data : this.#decoder.decode(data);
    this.#frameLength = frame.length;
    this.#controller.enqueue(parseServerEvent(frame));
    if (this.#controller.desiredSize! >= 0) return;
    this.#isReading = false;
    const message = `Cannot read on as more than ${MAX_UNREAD_CHARACTERS} characters of events waited unread`;
    this.#controller.error(new DOMException(message, "QuotaExceededError"));
    void this.close(4008, "events were not read");
  }

  #end(info: CloseInfo): void {
    if (this.#close) return;
    this.#close = info;
    this.#cancelCloseTimeout?.();
    if (this.#isReading) this.#controller.close();
    this.#isReading = false;
    this.#closed.resolve(info);
  }
}

// This module is browser compatible.
import { type CloseInfo, ConnectionError } from "../errors.ts";
import { type ClientEvent, readServerEvent, stringifyClientEvent } from "../protocol/mod.ts";
import type { Socket } from "./socket.ts";
import type { IncomingEvent, SendOptions, Transport } from "./transport.ts";

/** How many characters of frames may wait unread in {@linkcode Transport.events}: 64 Mi, some 15 minutes of audio. */
export const MAX_UNREAD_CHARACTERS = 64 * 1024 * 1024;

/** Options of {@linkcode createTransport}. */
export interface TransportOptions {
  /**
   * Address of the other side, for logs and errors; must not contain a credential.
   *
   * @default {"memory:"}
   */
  url?: string | undefined;
}

/** Speaks the Realtime protocol over a socket that is open. */
export function createTransport(socket: Socket, options: TransportOptions = {}): Transport {
  return new SocketTransport(socket, options.url ?? "memory:");
}

class SocketTransport implements Transport {
  readonly url: string;
  readonly events: ReadableStream<IncomingEvent>;
  readonly closed: Promise<CloseInfo>;
  readonly #socket: Socket;
  readonly #decoder = new TextDecoder();
  #close: CloseInfo | undefined;

  constructor(socket: Socket, url: string) {
    this.url = url;
    this.#socket = socket;
    const closed = Promise.withResolvers<CloseInfo>();
    this.closed = closed.promise;
    let frameLength = 0;
    let reading = true;
    let controller!: ReadableStreamDefaultController<IncomingEvent>;
    this.events = new ReadableStream<IncomingEvent>({
      start: (c) => void (controller = c),
      cancel: () => void (reading = false),
    }, { highWaterMark: MAX_UNREAD_CHARACTERS, size: () => frameLength });
    socket.listen({
      message: (data) => {
        if (!reading) return;
        const frame = typeof data === "string" ? data : this.#decoder.decode(data);
        frameLength = frame.length;
        controller.enqueue(readServerEvent(frame));
        if (controller.desiredSize! >= 0) return;
        reading = false;
        controller.error(
          new DOMException(
            `Cannot read on as more than ${MAX_UNREAD_CHARACTERS} characters of events waited unread`,
            "QuotaExceededError",
          ),
        );
        this.#socket.close(4008, "events were not read");
      },
      close: (info) => {
        this.#close = info;
        if (reading) controller.close();
        reading = false;
        closed.resolve(info);
      },
    });
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(event: ClientEvent, options: SendOptions = {}): void {
    const frame = stringifyClientEvent(event, options);
    if (this.#close) {
      throw new ConnectionError(
        `Cannot send ${event.type} as the connection to ${this.url} has ended with code ${this.#close.code}`,
        { kind: "closed", url: this.url, close: this.#close },
      );
    }
    this.#socket.send(frame);
  }

  close(code = 1000, reason = ""): Promise<CloseInfo> {
    this.#socket.close(code, reason);
    return this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

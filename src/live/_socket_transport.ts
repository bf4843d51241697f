// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { type CloseInfo, ConnectionError } from "../errors.ts";
import type { Codec, LiveIncomingEvent, LiveOutgoingEvent } from "../protocol/mod.ts";
import type { Socket } from "../transport/mod.ts";
import type { LiveSendOptions, LiveTransport } from "./live_transport.ts";

/** How many characters of frames may wait unread: 64 Mi. */
const MAX_UNREAD_CHARACTERS = 64 * 1024 * 1024;

/** How long the other side may take to answer a close frame, in milliseconds. */
const CLOSE_TIMEOUT_MS = 3_000;

/** Speaks the Live protocol over a socket that is open. */
export class LiveSocketTransport implements LiveTransport {
  readonly url: string;
  readonly events: ReadableStream<LiveIncomingEvent>;
  readonly #socket: Socket;
  readonly #codec: Codec<never, LiveIncomingEvent>;
  readonly #clock: Clock;
  readonly #closed = Promise.withResolvers<CloseInfo>();
  #controller!: ReadableStreamDefaultController<LiveIncomingEvent>;
  #frameLength = 0;
  #isReading = true;
  #cancelCloseTimeout: (() => void) | undefined;
  #close: CloseInfo | undefined;

  constructor(
    socket: Socket,
    codec: Codec<never, LiveIncomingEvent>,
    { clock, url }: { readonly clock: Clock; readonly url: string },
  ) {
    this.url = url;
    this.#socket = socket;
    this.#codec = codec;
    this.#clock = clock;
    this.events = new ReadableStream<LiveIncomingEvent>({
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

  send(event: LiveOutgoingEvent, options: LiveSendOptions = {}): void {
    const frame = this.#codec.stringify(event as never, options);
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
    this.#frameLength = data.length;
    this.#controller.enqueue(this.#codec.read(data));
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

// This module is browser compatible.
import { type Clock, systemClock } from "../_internal/clock.ts";
import { toCloseInfo } from "../_internal/close_info.ts";
import { fitCloseReason } from "../_internal/close_reason.ts";
import { decodeFrame } from "../_internal/text/decode_frame.ts";
import { isTelling, secretStripper } from "../_internal/strip_secrets.ts";
import { type CloseInfo, ConnectionError } from "../errors.ts";
import type { Codec } from "../protocol/mod.ts";
import type { Socket, SocketEnd } from "./socket.ts";
import { MAX_UNREAD_CHARACTERS, type SendOptions, type Transport, type TransportPlayback } from "./transport.ts";
import type { TransportOptions } from "./transport_options.ts";

/** Time that the other side has to answer a close frame, in milliseconds; then it counts as gone. */
const CLOSE_TIMEOUT_MS = 3000;

/** An event of any protocol. */
interface TypedEvent {
  readonly type: string;
}

/** A link of the chain of unread events. */
interface Link<In> {
  next?: Unread<In>;
}

/** An unread event. */
interface Unread<In> extends Link<In> {
  readonly event: In;
  readonly length: number;
}

/** A transport over a socket that is open. */
export class SocketTransport<Out extends TypedEvent, In extends TypedEvent> implements Transport<Out, In> {
  readonly url: string;
  readonly playback: TransportPlayback;
  readonly shared: boolean;
  readonly ping: Socket["ping"];
  readonly #socket: Socket;
  readonly #codec: Codec<Out, In>;
  readonly #clock: Clock;
  readonly #stripEvent: (text: string) => string;
  readonly #stripReason: (text: string) => string;
  readonly #closed = Promise.withResolvers<CloseInfo>();
  #events: ReadableStream<In> | undefined;
  /** The link in front of the first unread event. */
  #front: Link<In> = {};
  #last = this.#front;
  #unreadLength = 0;
  /** Resolves the pending read. */
  #answer: ((read: IteratorResult<In, undefined>) => void) | undefined;
  /** Result of all reads after the last event; `undefined` while more may arrive. */
  #rest: Promise<IteratorResult<In, undefined>> | undefined;
  #isEndedByUs = false;
  #cancelCloseTimeout: (() => void) | undefined;
  #close: CloseInfo | undefined;

  constructor(socket: Socket, codec: Codec<Out, In>, options: Omit<TransportOptions<Out, In>, "codec">) {
    const { clock = systemClock, playback = "client", secrets = [], shared = false, url = "memory:" } = options;
    this.url = url;
    this.playback = playback;
    this.shared = shared;
    this.#socket = socket;
    this.ping = socket.ping;
    this.#codec = codec;
    this.#clock = clock;
    this.#stripReason = secretStripper(secrets);
    this.#stripEvent = secrets.every(isTelling) ? this.#stripReason : secretStripper(secrets.filter(isTelling));
    socket.listen({ message: (data) => this.#receive(data), close: (end) => this.#end(end) });
  }

  /** Created on demand, as a stream takes a lot of memory. */
  get events(): ReadableStream<In> {
    return this.#events ??= new ReadableStream<In>({
      pull: async (controller) => {
        const { done, value } = await this.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => {
        this.#front = this.#last = {};
        this.#endReading();
      },
    }, { highWaterMark: 0 });
  }

  read(): Promise<IteratorResult<In, undefined>> {
    const { next } = this.#front;
    if (next) {
      // The last event is not kept.
      this.#front = next.next ? next : this.#last = {};
      this.#unreadLength -= next.length;
      return Promise.resolve({ done: false, value: next.event });
    }
    return this.#rest ?? new Promise((resolve) => {
      if (this.#answer) throw new TypeError("Cannot read as another read is pending");
      this.#answer = resolve;
    });
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  get closed(): Promise<CloseInfo> {
    return this.#closed.promise;
  }

  send(event: Out, options: SendOptions = {}): void {
    const frame = this.#codec.stringify(event, options);
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

  check(event: Out): void {
    this.#codec.stringify(event);
  }

  close(code = 1000, reason = ""): Promise<CloseInfo> {
    this.#isEndedByUs ||= !this.#cancelCloseTimeout;
    return this.#hangUp(code, reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #hangUp(code: number, reason: string): Promise<CloseInfo> {
    if (!this.#close && !this.#cancelCloseTimeout) {
      // Runtimes wait for the other side's close frame indefinitely.
      const giveUp = () => this.#end({ code: 1006, reason: "" });
      this.#cancelCloseTimeout = this.#clock.schedule(giveUp, CLOSE_TIMEOUT_MS);
      // Anything else must not keep the connection open, such as the error that ends it.
      this.#socket.close(code, fitCloseReason(`${reason}`));
    }
    return this.closed;
  }

  #receive(data: string | Uint8Array): void {
    if (this.#rest) return;
    const event = this.#parse(data);
    if (this.#answer) {
      this.#answer({ done: false, value: event });
      this.#answer = undefined;
      return;
    }
    this.#last.next = { event, length: data.length };
    this.#last = this.#last.next;
    this.#unreadLength += data.length;
    if (this.#unreadLength <= MAX_UNREAD_CHARACTERS) return;
    const message = `Cannot continue reading as more than ${MAX_UNREAD_CHARACTERS} characters of events waited unread`;
    this.#front = this.#last = {};
    this.#rest = Promise.reject(new DOMException(message, "QuotaExceededError"));
    this.#rest.catch(() => {});
    // Events were lost, so the end is not clean.
    void this.#hangUp(4008, "events were not read");
  }

  #endReading(): void {
    this.#rest ??= Promise.resolve({ done: true, value: undefined });
    this.#answer?.({ done: true, value: undefined });
  }

  #parse(data: string | Uint8Array): In {
    const event = this.#codec.read(data);
    // Base64 contains no credential, and searching it takes longer than parsing it.
    if (event.type.endsWith("audio.delta")) return event;
    const text = decodeFrame(data);
    const stripped = this.#stripEvent(text);
    return stripped === text ? event : this.#codec.read(stripped);
  }

  #end({ code, reason }: SocketEnd): void {
    if (this.#close) return;
    this.#close = toCloseInfo({ code, reason: this.#stripReason(reason) }, this.#isEndedByUs);
    this.#cancelCloseTimeout?.();
    this.#endReading();
    this.#closed.resolve(this.#close);
  }
}

// This module is browser compatible.
import { type Clock, systemClock } from "../_internal/clock.ts";
import { toCloseInfo } from "../_internal/close_info.ts";
import { fitCloseReason } from "../_internal/close_reason.ts";
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

/** A transport over a socket that is open. */
export class SocketTransport<Out extends TypedEvent, In extends TypedEvent> implements Transport<Out, In> {
  readonly url: string;
  readonly playback: TransportPlayback;
  readonly shared: boolean;
  readonly events: ReadableStream<In>;
  readonly ping: Socket["ping"];
  readonly #socket: Socket;
  readonly #codec: Codec<Out, In>;
  readonly #clock: Clock;
  readonly #stripEvent: (text: string) => string;
  readonly #stripReason: (text: string) => string;
  readonly #closed = Promise.withResolvers<CloseInfo>();
  #controller!: ReadableStreamDefaultController<In>;
  #frameLength = 0;
  #isReading = true;
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
    this.events = new ReadableStream<In>({
      start: (controller) => void (this.#controller = controller),
      cancel: () => void (this.#isReading = false),
    }, { highWaterMark: MAX_UNREAD_CHARACTERS, size: () => this.#frameLength });
    socket.listen({ message: (data) => this.#receive(data), close: (end) => this.#end(end) });
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
      this.#socket.close(code, fitCloseReason(reason));
    }
    return this.closed;
  }

  #receive(data: string | Uint8Array): void {
    if (!this.#isReading) return;
    this.#frameLength = data.length;
    this.#controller.enqueue(this.#read(data));
    if (this.#controller.desiredSize! >= 0) return;
    this.#isReading = false;
    const message = `Cannot read on as more than ${MAX_UNREAD_CHARACTERS} characters of events waited unread`;
    this.#controller.error(new DOMException(message, "QuotaExceededError"));
    // Events were lost, so the end is not clean.
    void this.#hangUp(4008, "events were not read");
  }

  #read(data: string | Uint8Array): In {
    const event = this.#codec.read(data);
    // Base64 contains no credential, and searching it takes longer than parsing it.
    if (event.type.endsWith("audio.delta")) return event;
    const text = typeof data === "string" ? data : new TextDecoder().decode(data);
    const stripped = this.#stripEvent(text);
    return stripped === text ? event : this.#codec.read(stripped);
  }

  #end({ code, reason }: SocketEnd): void {
    if (this.#close) return;
    this.#close = toCloseInfo({ code, reason: this.#stripReason(reason) }, this.#isEndedByUs);
    this.#cancelCloseTimeout?.();
    if (this.#isReading) this.#controller.close();
    this.#isReading = false;
    this.#closed.resolve(this.#close);
  }
}

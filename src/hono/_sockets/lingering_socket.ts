import type { Clock } from "../../_internal/clock.ts";
import { decodeFrame } from "../../_internal/text/decode_frame.ts";
import type { Socket, SocketEnd, SocketListener } from "../../transport/mod.ts";

/** Time that the API has for its last events, in milliseconds. */
const LAST_WORDS_MS = 10_000;

/**
 * A relay's connection to an API that reports the usage of what is in progress only at its end: the end is requested
 * first, and the connection closed when it was reported.
 */
export abstract class LingeringSocket implements Socket {
  /** Resolves when the API has reported everything, or its time is up: a dead connection may take long to end. */
  readonly settled: Promise<void>;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #end = Promise.withResolvers<void>();
  #isClosing = false;
  #isLingering = false;
  #hasEnded = false;
  #cancelClose = (): void => {};

  constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.settled = this.#end.promise;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  /** Whether this side has closed it, although the API may still report something. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  send(frame: string): void {
    this.#socket.send(frame);
  }

  close(code?: number, reason?: string): void {
    if (this.#isClosing || this.#hasEnded) return;
    const farewells = this.farewells();
    const close = () => {
      this.#end.resolve();
      this.#socket.close(code, reason);
    };
    // First: on Workers it throws when another request asks for it, and is repeated.
    if (farewells.length === 0) close();
    for (const frame of farewells) this.#socket.send(frame);
    this.#isClosing = true;
    if (farewells.length === 0) return;
    this.#isLingering = true;
    this.#cancelClose = this.#clock.schedule(close, LAST_WORDS_MS);
  }

  listen(listener: SocketListener): void {
    this.#socket.listen({
      message: (data) => {
        const frame = decodeFrame(data);
        if (!this.#isClosing) this.received(frame, listener);
        else if (this.#isLingering && this.lastWord(frame)) this.#finish();
      },
      close: (info) => {
        this.#hasEnded = true;
        this.#cancelClose();
        this.closed(info);
        this.#end.resolve();
        listener.close(info);
      },
    });
  }

  #finish(): void {
    this.#cancelClose();
    this.#end.resolve();
    this.#socket.close(1000);
  }

  /** The frames that end what is in progress; none if nothing is. */
  protected abstract farewells(): readonly string[];

  /** Processes a frame of the API. */
  protected abstract received(frame: string, listener: SocketListener): void;

  /** Processes a frame that arrives after the farewells; returns whether nothing is in progress any more. */
  protected abstract lastWord(frame: string): boolean;

  /** Processes its end. */
  protected closed(_end: SocketEnd): void {}
}

// This module is browser compatible.
import { type CloseInfo, ConnectionError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";
import type { ConnectionKeeper, NextConnection, SessionGenerations } from "./session_generations.ts";

/** State with the lifetime of one connection. */
export interface Generation<Out, In> {
  /** The connection; until the line is open, the previous one. */
  readonly transport: Transport<Out, In>;
  /** Whether events are sent to the server rather than held. */
  readonly isOpen: boolean;
  /** Whether nothing is pending on either side. */
  readonly isQuiet: boolean;
  /** Whether events are rejected, as this side closes the connection, or another one has taken over. */
  isOver: boolean;
  /**
   * Opens the line: sends the events of `again`, and those that wait. Returns the length of the audio that was dropped,
   * in characters of base64.
   */
  open(transport: Transport<Out, In>, again?: readonly Out[]): number;
}

/** The part of the session that the generations need. */
export interface GenerationsOptions<Out, In, G extends Generation<Out, In>> {
  /** Creates the state of a connection. With a predecessor, everything waits until the line opens. */
  begin(transport: Transport<Out, In>, previous?: G): G;
  /** Processes an event that has arrived. */
  onReceived(event: In): void;
  /** Called with a generation that was abandoned: pending operations settle with this error. */
  onSuspended(previous: G, cause: ConnectionError): void;
}

/** The connections of a session, one after another, and the loop that reads them. */
export class Generations<Out, In, G extends Generation<Out, In>> implements SessionGenerations<Out, In> {
  /** The connection; while there is none, the next one, for which everything waits. */
  connection: G;
  /** Decides how to continue after a connection has ended. */
  keeper: ConnectionKeeper = () => {};
  check: (() => Promise<void>) | undefined;
  /** Whether the next connection has a new session. */
  startsAnew = false;
  readonly #options: GenerationsOptions<Out, In, G>;
  /** Whether the session is being closed by this side. */
  #isClosing = false;
  #hasEnded = false;
  /** Resolves with the next connection of a session that has none. */
  #next: PromiseWithResolvers<NextConnection<Out, In> | undefined> | undefined;
  #reader: ReadableStreamDefaultReader<In> | undefined;
  /** How the last connection ended, and the underlying error. */
  #ended: CloseInfo | undefined;
  #cause: unknown;

  constructor(transport: Transport<Out, In>, options: GenerationsOptions<Out, In, G>) {
    this.#options = options;
    this.connection = options.begin(transport);
  }

  /** Whether there is a connection, or one is being made. */
  get state(): "open" | "reconnecting" | "closed" {
    return this.#hasEnded ? "closed" : this.connection.isOpen ? "open" : "reconnecting";
  }

  /** Reads one connection after another; resolves with the error of the end. */
  async run(): Promise<ConnectionError & { readonly close: CloseInfo }> {
    let next: NextConnection<Out, In> | undefined = { transport: this.connection.transport };
    while (next) {
      const { connection } = this;
      const { transport }: NextConnection<Out, In> = next;
      if (!connection.isOpen) this.#open(next);
      // What it contains, such as audio, is not kept while the connection lasts.
      next = undefined;
      // A listener has closed the session.
      if (!connection.isOpen) break;
      this.#cause = undefined;
      try {
        // Streams are not iterable in every browser.
        const reader = this.#reader = transport.read ? undefined : transport.events.getReader();
        // Later events of an old connection are ignored. A variable would hold the last event until the next one.
        while (this.#receive(await (reader ? reader.read() : transport.read!()), connection));
      } catch (error) {
        if (connection === this.connection) this.#cause = error;
        void transport.close();
      }
      if (connection === this.connection) {
        this.#ended = await transport.closed;
        // The keeper suspends the session before it reports, so it may already be suspended.
        const isLeft = connection !== this.connection;
        if (!isLeft && !this.#isClosing) this.keeper(this.#toError());
      }
      next = await this.#next?.promise;
    }
    this.#hasEnded = true;
    return this.#toError();
  }

  /** Abandons the connection: pending commands settle, and later events wait for the next connection. */
  suspend(cause: ConnectionError): void {
    if (this.#isClosing || this.state !== "open") return;
    const previous = this.connection;
    this.#ended = cause.close ?? { code: 1006, reason: "", clean: false };
    this.#next = Promise.withResolvers();
    this.connection = this.#options.begin(previous.transport, previous);
    void (this.#reader ?? previous.transport.events).cancel().catch(() => {});
    this.#options.onSuspended(previous, cause);
  }

  /** Continues with another connection. */
  resume(next: NextConnection<Out, In>): void {
    // It is too late for a session that was closed meanwhile.
    if (this.#isClosing) void next.transport.close();
    this.#next?.resolve(next);
  }

  /** Ends a session that was suspended. */
  abandon(cause: unknown): void {
    this.#cause = cause;
    this.#next?.resolve(undefined);
  }

  /** Ends the session. */
  close(code = 1000, reason = ""): void {
    this.#isClosing = true;
    // An open connection reports its own end.
    this.#ended = { code, reason, clean: true };
    void this.connection.transport.close(code, reason);
    this.connection.isOver = true;
    this.#next?.resolve(undefined);
  }

  /** Processes what was read from a connection; returns whether there may be more. */
  #receive(read: IteratorResult<In, undefined> | ReadableStreamReadResult<In>, connection: G): boolean {
    const isRead = !read.done && connection === this.connection;
    if (isRead) this.#options.onReceived(read.value);
    return isRead;
  }

  /** Continues on another connection; a method, as every session keeps the variables of the loop. */
  #open({ again, first = [], onOpen, transport }: NextConnection<Out, In>): void {
    this.#next = undefined;
    // They answer no pending command.
    for (const event of first) this.#options.onReceived(event);
    if (this.#isClosing) void transport.close();
    else onOpen?.(this.connection.open(transport, again));
  }

  #toError(): ConnectionError & { readonly close: CloseInfo } {
    const close = this.#ended!;
    const { url } = this.connection.transport;
    const message = `The session with ${url} ended with code ${close.code}${close.reason && `: ${close.reason}`}`;
    const error = new ConnectionError(message, { kind: "closed", url, close, cause: this.#cause });
    return error as ConnectionError & { readonly close: CloseInfo };
  }
}

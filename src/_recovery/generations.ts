// This module is browser compatible.
import { type CloseInfo, ConnectionError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";
import type { ConnectionKeeper, NextConnection, SessionGenerations } from "./session_generations.ts";

/** What lives as long as one connection. */
export interface Generation<Out, In> {
  /** The connection; until the line is open, the one before. */
  readonly transport: Transport<Out, In>;
  /** Whether events reach the server, and do not wait for the line. */
  readonly isOpen: boolean;
  /** Whether nothing waits for the server, and the server makes nothing. */
  readonly isQuiet: boolean;
  /** Opens the line: sends what has waited. Returns the length of the audio that did not fit, in characters of base64. */
  open(transport: Transport<Out, In>): number;
  /** Notes that the connection is being closed. */
  end(): void;
}

/** What the generations need of the session. */
export interface GenerationsOptions<Out, In, G extends Generation<Out, In>> {
  /** Makes what lives as long as a connection. With a predecessor, everything waits for the line to open. */
  begin(transport: Transport<Out, In>, previous?: G): G;
  /** Processes an event that has arrived. */
  onReceived(event: In): void;
  /** Called with a generation that was given up: what is in flight is to settle with this error. */
  onSuspended(previous: G, cause: ConnectionError): void;
}

/** The connections of a session, one after another, and the loop that reads them. */
export class Generations<Out, In, G extends Generation<Out, In>> implements SessionGenerations<Out, In> {
  /** The connection; while there is none, the next one, for which everything waits. */
  connection: G;
  /** Decides what follows a connection that has ended. */
  keeper: ConnectionKeeper = () => false;
  /** Whether the next connection has a session of its own. */
  startsAnew = false;
  readonly #options: GenerationsOptions<Out, In, G>;
  readonly #url: string;
  /** Whether we end the session. */
  #isClosing = false;
  #hasEnded = false;
  /** What a session waits for that has no connection. */
  #next: PromiseWithResolvers<NextConnection<Out, In> | undefined> | undefined;
  #reader: ReadableStreamDefaultReader<In> | undefined;
  /** How the last connection ended, and the error behind that. */
  #ended: CloseInfo | undefined;
  #cause: unknown;

  constructor(transport: Transport<Out, In>, options: GenerationsOptions<Out, In, G>) {
    this.#options = options;
    this.#url = transport.url;
    this.connection = options.begin(transport);
  }

  /** Whether there is a connection, or will be. */
  get state(): "open" | "reconnecting" | "closed" {
    return this.#hasEnded ? "closed" : this.connection.isOpen ? "open" : "reconnecting";
  }

  /** Reads one connection after another; resolves with the error of the end. */
  async run(): Promise<ConnectionError & { readonly close: CloseInfo }> {
    for (let next: NextConnection<Out, In> | undefined = { transport: this.connection.transport }; next;) {
      if (!this.connection.isOpen) this.#open(next);
      const { connection } = this;
      const { transport }: NextConnection<Out, In> = next;
      this.#cause = undefined;
      try {
        // Not every browser can iterate over a stream.
        const reader = this.#reader = transport.read ? undefined : transport.events.getReader();
        const next = () => reader ? reader.read() : transport.read!();
        for (let read = await next(); !read.done; read = await next()) {
          // Later events of an old connection are ignored.
          if (connection !== this.connection) break;
          this.#options.onReceived(read.value);
        }
      } catch (error) {
        if (connection === this.connection) this.#cause = error;
        void transport.close();
      }
      if (connection === this.connection) {
        this.#ended = await transport.closed;
        // The keeper suspends the session before it reports; it may have done so meanwhile.
        const isLeft = connection !== this.connection;
        if (!isLeft && (this.#isClosing || !this.keeper(this.#toError()))) break;
      }
      next = await this.#next?.promise;
      if (this.#isClosing) {
        void next?.transport.close();
        next = undefined;
      }
    }
    this.#hasEnded = true;
    return this.#toError();
  }

  /** Gives the connection up: pending commands settle, and later events wait for the next connection. */
  suspend(cause: ConnectionError): void {
    if (this.#isClosing || this.state !== "open") return;
    const previous = this.connection;
    this.#ended = cause.close ?? { code: 1006, reason: "", clean: false };
    this.#next = Promise.withResolvers();
    this.connection = this.#options.begin(previous.transport, previous);
    void (this.#reader ?? previous.transport.events).cancel().catch(() => {});
    this.#options.onSuspended(previous, cause);
  }

  /** Goes on with another connection. */
  resume(next: NextConnection<Out, In>): void {
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
    if (!this.connection.isOpen) this.#ended = { code, reason, clean: true };
    void this.connection.transport.close(code, reason);
    this.connection.end();
    this.#next?.resolve(undefined);
  }

  #open({ first = [], onOpen, transport }: NextConnection<Out, In>): void {
    // They answer nothing that waits.
    for (const event of first) this.#options.onReceived(event);
    const lost = this.connection.open(transport);
    onOpen?.(lost);
  }

  #toError(): ConnectionError & { readonly close: CloseInfo } {
    const close = this.#ended!;
    const url = this.#url;
    const how = `with code ${close.code}${close.reason && `: ${close.reason}`}`;
    const message = `The session with ${url} ended ${how}`;
    const error = new ConnectionError(message, { kind: "closed", url, close, cause: this.#cause });
    return error as ConnectionError & { readonly close: CloseInfo };
  }
}

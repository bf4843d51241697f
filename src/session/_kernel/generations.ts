// This module is browser compatible.
import { type CloseInfo, ConnectionError } from "../../errors.ts";
import type { IncomingEvent, Transport } from "../../transport/transport.ts";
import type { ConnectionKeeper, NextConnection } from "../session_generations.ts";
import type { ResponseOrigin } from "../session_part.ts";
import { Connection } from "./connection.ts";
import type { ConnectionHost } from "./connection_host.ts";

/** What the generations need of the session. */
export interface GenerationsHost extends ConnectionHost {
  /** Processes an event that has arrived. */
  receive(event: IncomingEvent): void;
  /** Called when a connection was given up, with where the responses come from that were being made. */
  forgetConnection(lost: readonly ResponseOrigin[]): void;
}

/** The connections of a session, one after another, and the loop that reads them. */
export class Generations {
  /** The connection; while there is none, the next one, for which everything waits. */
  connection: Connection;
  /** Decides what follows a connection that has ended. */
  keeper: ConnectionKeeper = () => false;
  /** Whether the next connection has a session of its own. */
  startsAnew = false;
  readonly #host: GenerationsHost;
  readonly #url: string;
  /** Whether we end the session. */
  #isClosing = false;
  #hasEnded = false;
  /** What a session waits for that has no connection. */
  #next: PromiseWithResolvers<NextConnection | undefined> | undefined;
  #reader: ReadableStreamDefaultReader<IncomingEvent> | undefined;
  /** How the last connection ended, and the error behind that. */
  #ended: CloseInfo | undefined;
  #cause: unknown;

  constructor(transport: Transport, host: GenerationsHost) {
    this.#host = host;
    this.#url = transport.url;
    this.connection = new Connection(transport, host);
  }

  /** Whether there is a connection, or will be. */
  get state(): "open" | "reconnecting" | "closed" {
    return this.#hasEnded ? "closed" : this.connection.isOpen ? "open" : "reconnecting";
  }

  /** Reads one connection after another; resolves with the error of the end. */
  async run(): Promise<ConnectionError & { readonly close: CloseInfo }> {
    for (let next: NextConnection | undefined = { transport: this.connection.transport }; next;) {
      if (!this.connection.isOpen) this.#open(next);
      const { connection } = this;
      const { transport }: NextConnection = next;
      this.#cause = undefined;
      try {
        // Not every browser can iterate over a stream.
        const reader = this.#reader = transport.events.getReader();
        for (let read = await reader.read(); !read.done; read = await reader.read()) {
          // What an old connection has still to say concerns nobody.
          if (connection !== this.connection) break;
          this.#host.receive(read.value);
        }
      } catch (error) {
        if (connection === this.connection) this.#cause = error;
        void transport.close();
      }
      if (connection === this.connection) {
        this.#ended = await transport.closed;
        // Whoever keeps the session suspends it before it says so; it may have done that meanwhile.
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

  /** Gives the connection up: what is in flight settles, and what comes waits for the next one. */
  suspend(cause: ConnectionError): void {
    if (this.#isClosing || this.state !== "open") return;
    const previous = this.connection;
    this.#ended = cause.close ?? { code: 1006, reason: "", clean: false };
    this.#next = Promise.withResolvers();
    this.connection = new Connection(previous.transport, this.#host, previous);
    void this.#reader?.cancel().catch(() => {});
    this.#host.forgetConnection(previous.close(cause));
  }

  /** Goes on with another connection. */
  resume(next: NextConnection): void {
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
    this.connection.commands.end();
    this.#next?.resolve(undefined);
  }

  #open({ first = [], onOpen, transport }: NextConnection): void {
    // They answer nothing that waits.
    for (const event of first) this.#host.receive(event);
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

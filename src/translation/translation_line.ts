// This module is browser compatible.
import { randomId } from "../_internal/ids.ts";
import { toApiError, toWireEvent, type WireEvent } from "../_internal/wire.ts";
import { type CloseInfo, ConnectionError, type RealtimeApiError } from "../errors.ts";
import type {
  IncomingTranslationServerEvent,
  TranslationClientEvent,
  TranslationSession,
  TranslationSessionConfig,
} from "../protocol/mod.ts";
import type { SendOptions } from "../transport/mod.ts";
import { SessionUpdates } from "./session_updates.ts";
import type { TranslationTransport } from "./translation_options.ts";

/** Who wants to know what happens to a {@linkcode TranslationLine}. */
export interface TranslationListener {
  /** Something arrived. `event` is what can be read of it, if anything. */
  receive(event: WireEvent | undefined, raw: IncomingTranslationServerEvent): void;
  /** The server reports an error that refuses none of our commands. */
  fail(error: RealtimeApiError): void;
  /** The session has ended; with an error, it was cut off. */
  end(error: ConnectionError | undefined): void;
}

/** A translation session on its connection: what is sent and answered, from the beginning to the end. */
export class TranslationLine {
  /** Resolves when the session has ended; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** Resolves when the server has begun the session; rejects with a `ConnectionError` when it ends before. */
  readonly begun: Promise<void>;
  /** The last error of the server that refuses none of our commands. */
  complaint: RealtimeApiError | undefined;
  /** The session as the server last stated it. */
  config: TranslationSession | undefined;
  listener: TranslationListener | undefined;
  /** Whether the session is in use. Before that, errors go to the function that opens it. */
  isReady = false;
  readonly #transport: TranslationTransport;
  readonly #updates = new SessionUpdates();
  readonly #begun = Promise.withResolvers<void>();
  readonly #confirmed = Promise.withResolvers<boolean>();
  #isClosing = false;
  #ended: ConnectionError | undefined;

  constructor(transport: TranslationTransport) {
    this.#transport = transport;
    this.begun = this.#begun.promise;
    this.begun.catch(() => {});
    this.closed = this.#run();
  }

  get url(): string {
    return this.#transport.url;
  }

  get bufferedAmount(): number {
    return this.#transport.bufferedAmount;
  }

  /** Resolves with whether the server has said that everything is translated. */
  get confirmed(): Promise<boolean> {
    return this.#confirmed.promise;
  }

  /** @throws {ConnectionError} when the session is ending or has ended. */
  send(event: TranslationClientEvent, options?: SendOptions): void {
    if (this.#isClosing) {
      const message = `Cannot send ${event.type} as the session is being closed`;
      throw new ConnectionError(message, { kind: "closed", url: this.url, close: this.#ended?.close });
    }
    this.#transport.send(event, options);
  }

  /** Changes the settings; resolves with those in effect then. */
  async update(session: TranslationSessionConfig): Promise<TranslationSession> {
    const eventId = randomId("event");
    this.send({ type: "session.update", event_id: eventId, session });
    return await this.#updates.add(eventId);
  }

  /** Asks the server to translate the rest and end the session. */
  finish(): void {
    this.send({ type: "session.close" });
    this.#isClosing = true;
  }

  /** Ends the connection. */
  close(): Promise<CloseInfo> {
    void this.#transport.close();
    return this.closed;
  }

  async #run(): Promise<CloseInfo> {
    let cause: unknown;
    try {
      // Not every browser can iterate over a stream.
      const events = this.#transport.events.getReader();
      for (let read = await events.read(); !read.done; read = await events.read()) this.#receive(read.value);
    } catch (error) {
      cause = error;
      void this.#transport.close();
    }
    const close = await this.#transport.closed;
    const how = `with code ${close.code}${close.reason && `: ${close.reason}`}`;
    const details = { kind: "closed", url: this.url, close, cause } as const;
    this.#ended = new ConnectionError(`The translation session with ${this.url} ended ${how}`, details);
    this.#updates.end(this.#ended);
    this.#begun.reject(this.#ended);
    this.#confirmed.resolve(false);
    this.listener?.end(close.clean && cause === undefined ? undefined : this.#ended);
    return close;
  }

  #receive(raw: IncomingTranslationServerEvent): void {
    const event = toWireEvent(raw);
    switch (event?.type) {
      case "session.created":
        this.config = event.session as TranslationSession;
        this.#begun.resolve();
        break;
      case "session.updated":
        this.config = event.session as TranslationSession;
        this.#updates.resolve(this.config);
        break;
      case "session.closed":
        this.#isClosing = true;
        this.#confirmed.resolve(true);
        break;
    }
    this.listener?.receive(event, raw);
    if (event?.type === "error") this.#refuse(event);
  }

  #refuse(event: WireEvent): void {
    const error = toApiError(event);
    if (this.#updates.refuse(error)) return;
    this.complaint = error;
    if (this.isReady) this.listener?.fail(error);
  }
}

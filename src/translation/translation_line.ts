// This module is browser compatible.
import { type Clock, systemClock } from "../_internal/clock.ts";
import { randomId } from "../_internal/ids.ts";
import { withTimeout } from "../_internal/timeout.ts";
import { toApiError, toWireEvent, type WireEvent } from "../_internal/wire.ts";
import { AcceptedConfig } from "../_recovery/accepted_config.ts";
import { Generations } from "../_recovery/generations.ts";
import { Recovery } from "../_recovery/recovery.ts";
import type { RecoveryEvent } from "../_recovery/recovery_events.ts";
import type { ReconnectOptions, ReopenOptions } from "../_recovery/recovery_options.ts";
import { type CloseInfo, ConnectionError, type RealtimeApiError } from "../errors.ts";
import type {
  IncomingTranslationServerEvent,
  TranslationClientEvent,
  TranslationSession,
  TranslationSessionConfig,
} from "../protocol/mod.ts";
import type { SendOptions } from "../transport/mod.ts";
import { TranslationConnection } from "./translation_connection.ts";
import type { TranslationTransport } from "./translation_options.ts";
import { UntranslatedTail } from "./untranslated_tail.ts";

/** A listener of a {@linkcode TranslationLine}. */
export interface TranslationListener {
  /** A frame arrived. `event` is its content, if it is an event. */
  receive(event: WireEvent | undefined, raw: IncomingTranslationServerEvent): void;
  /** The state of the connection has changed. */
  recover(event: RecoveryEvent): void;
  /** The server reports an error that rejects none of our commands. */
  fail(error: RealtimeApiError): void;
  /** The session has ended; with an error if uncleanly. */
  end(error: ConnectionError | undefined): void;
}

/** How a {@linkcode TranslationLine} survives its connections. */
export type TranslationRecovery =
  & ReconnectOptions
  & ReopenOptions<TranslationClientEvent, IncomingTranslationServerEvent>;

/** A translation session on its connections: sends, receives and acknowledges, from the beginning to the end. */
export class TranslationLine {
  /** Resolves when the session has ended; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** Resolves when the server has begun the session; rejects with a `ConnectionError` when it ends first. */
  readonly begun: Promise<void>;
  /** The last error of the server that rejects none of our commands. */
  complaint: RealtimeApiError | undefined;
  /** The session as the server last stated it. */
  config: TranslationSession | undefined;
  listener: TranslationListener | undefined;
  /** Whether the session is in use. Before that, errors go to the function that opens it. */
  isReady = false;
  readonly #clock: Clock;
  readonly #generations: Generations<TranslationClientEvent, IncomingTranslationServerEvent, TranslationConnection>;
  readonly #accepted = new AcceptedConfig<TranslationSessionConfig>();
  readonly #begun = Promise.withResolvers<void>();
  readonly #confirmed = Promise.withResolvers<boolean>();
  #recovery: Recovery<TranslationClientEvent, IncomingTranslationServerEvent> | undefined;
  #tail: UntranslatedTail | undefined;
  #isClosing = false;
  #ended: ConnectionError | undefined;

  constructor(transport: TranslationTransport, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#generations = new Generations(transport, {
      begin: (transport, previous?: TranslationConnection) =>
        new TranslationConnection(transport, previous === undefined, {
          sent: (event) => {
            if (event.type === "session.input_audio_buffer.append") this.#tail?.send(event.audio);
          },
          // All of them are checked before they wait.
          unsent: () => {},
        }),
      onReceived: (raw) => this.#receive(raw),
      onSuspended: (previous, cause) => previous.close(cause),
    });
    this.begun = this.#begun.promise;
    this.begun.catch(() => {});
    this.closed = this.#run();
  }

  get url(): string {
    return this.#connection.transport.url;
  }

  get state(): "open" | "reconnecting" | "closed" {
    return this.#generations.state;
  }

  /** Resolves when events reach the server; `undefined` when they do. */
  get opened(): Promise<void> | undefined {
    return this.#connection.opened;
  }

  get bufferedAmount(): number {
    return this.#connection.bufferedAmount;
  }

  /** Start of the audio of this connection in all audio of the session, in milliseconds. */
  get startMs(): number {
    return this.#tail?.startMs ?? 0;
  }

  /** Resolves with whether the server has confirmed that everything is translated. */
  get confirmed(): Promise<boolean> {
    return this.#confirmed.promise;
  }

  /** From now on the session survives its connection. */
  recover(options: TranslationRecovery): void {
    const clock = this.#clock;
    const tail = this.#tail = new UntranslatedTail(options.wallNow ?? Date.now);
    this.#generations.startsAnew = true;
    const emit = (event: RecoveryEvent) => this.listener?.recover(event);
    this.#recovery = new Recovery({ clock, makeId: randomId, generations: this.#generations, emit }, {
      expiresAt: () => this.config?.expires_at,
      isQuiet: () => tail.isQuiet(clock.now()),
      probe: (timeoutMs) => withTimeout(() => this.update({}), { what: "reach the server", timeoutMs, clock }),
      onSuspend: () => {},
      prepare: (opening) => opening.configure(this.#accepted.value),
      restore: () => Promise.resolve({ restored: [], replayedTokens: 0, ...tail.take(clock.now()) }),
      audioLoss: (characters) => tail.leaveOut(characters),
    }, options);
  }

  /** @throws {ConnectionError} when the session is ending or has ended. */
  send(event: TranslationClientEvent, options?: SendOptions): void {
    if (this.#isClosing) {
      const message = `Cannot send ${event.type} as the session is being closed`;
      throw new ConnectionError(message, { kind: "closed", url: this.url, close: this.#ended?.close });
    }
    this.#connection.send(event, options);
  }

  /** Changes the settings; resolves with the resulting ones. */
  async update(session: TranslationSessionConfig): Promise<TranslationSession> {
    const eventId = randomId("event");
    this.send({ type: "session.update", event_id: eventId, session });
    return await this.#connection.updates.add(eventId, session);
  }

  /** Asks the server to translate the rest and end the session. Without a connection, there is no server to ask. */
  finish(): void {
    if (this.state !== "open") return void this.close();
    this.send({ type: "session.close" });
    this.#beginToClose();
  }

  /** Ends the session. */
  close(): Promise<CloseInfo> {
    this.#beginToClose();
    this.#generations.close();
    return this.closed;
  }

  get #connection(): TranslationConnection {
    return this.#generations.connection;
  }

  /** From here on the session ends with its connection. */
  #beginToClose(): void {
    this.#isClosing = true;
    this.#recovery?.close();
    this.#generations.keeper = () => {};
  }

  async #run(): Promise<CloseInfo> {
    const ended = await this.#generations.run();
    this.#ended = ended;
    this.#recovery?.close();
    this.#connection.close(ended);
    this.#begun.reject(ended);
    this.#confirmed.resolve(false);
    this.listener?.end(ended.close.clean && ended.cause === undefined ? undefined : ended);
    return ended.close;
  }

  #receive(raw: IncomingTranslationServerEvent): void {
    const event = toWireEvent(raw);
    this.#recovery?.receive(event);
    if (event) this.#tail?.receive(event, this.#clock.now());
    switch (event?.type) {
      case "session.created":
        this.config = event.session as TranslationSession;
        this.#begun.resolve();
        break;
      case "session.updated":
        this.config = event.session as TranslationSession;
        this.#update(this.config);
        break;
      case "session.closed":
        this.#beginToClose();
        this.#confirmed.resolve(true);
        break;
    }
    this.listener?.receive(event, raw);
    if (event?.type === "error") this.#refuse(event);
  }

  #update(session: TranslationSession): void {
    // Events of another connection before it is in use acknowledge no pending change.
    const change = this.#connection.isOpen ? this.#connection.updates.resolve(session) : undefined;
    if (change) this.#accepted.add({ type: "session.update", session: change });
  }

  #refuse(event: WireEvent): void {
    const error = toApiError(event);
    if (this.#connection.isOpen && this.#connection.updates.refuse(error)) return;
    this.complaint = error;
    // The end of the connection follows, with more information.
    if (this.isReady && error.code !== "session_expired") this.listener?.fail(error);
  }
}

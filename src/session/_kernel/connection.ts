// This module is browser compatible.
import { Wakeup } from "../../_internal/wakeup.ts";
import { at, isRecord, stringAt, toApiError, type WireEvent } from "../../_internal/wire.ts";
import { HeldConnection } from "../../_recovery/held_connection.ts";
import { ConnectionError, RealtimeApiError } from "../../errors.ts";
import type { ClientEvent, RealtimeSession, SessionConfig, TranscriptionSession } from "../../protocol/mod.ts";
import type { IncomingEvent, Transport } from "../../transport/transport.ts";
import { ackKey } from "../_commands/ack_table.ts";
import { Commands } from "../_commands/commands.ts";
import { InputMeter } from "../_commands/input_meter.ts";
import { ResponseScheduler } from "../_responses/response_scheduler.ts";
import type { CommandOptions } from "../command_options.ts";
import type { ResponseOrigin } from "../session_part.ts";
import { checkFixedFields, contradicts, type SessionUpdate, toSessionChanges } from "../session_settings.ts";
import type { ConnectionHost } from "./connection_host.ts";
import { reuse } from "./reuse.ts";

/**
 * State with the lifetime of one connection: the transport, commands in flight, the response slot, the configuration.
 */
export class Connection extends HeldConnection<ClientEvent, IncomingEvent> {
  readonly commands: Commands;
  readonly responses: ResponseScheduler;
  /** Uncommitted audio is sent again on the next connection. */
  readonly input: InputMeter;
  config: RealtimeSession | TranscriptionSession | undefined;
  /** Whether the model has spoken: its voice can then no longer be changed. */
  hasSpoken = false;
  readonly #host: ConnectionHost;
  #serverNamesEvents = false;
  readonly #turnEvent = new Wakeup();

  /** Without a predecessor the line is open. Otherwise everything waits for {@linkcode open}. */
  constructor(transport: Transport, host: ConnectionHost, previous?: Connection) {
    super(transport, !previous, host);
    this.#host = host;
    this.config = previous?.config;
    this.input = previous?.input.reopen() ?? new InputMeter();
    this.responses = new ResponseScheduler(host, this, previous?.responses.count);
    this.commands = new Commands(host, this);
  }

  /** The server's turn detection; null when it is off, `undefined` when unknown. */
  get turnDetection(): unknown {
    return at(this.config, "audio", "input", "turn_detection");
  }

  /** Whether the server answers turns of the user by itself; `undefined` when unknown. */
  get answersTurns(): boolean | undefined {
    const detection = this.turnDetection;
    return detection === undefined ? undefined : isRecord(detection) && detection.create_response !== false;
  }

  /** Whether nothing is pending and no response is active. */
  override get isQuiet(): boolean {
    const { commands, responses } = this;
    return commands.pending + responses.pending + commands.heldBytes === 0 && responses.isIdle;
  }

  /** Bytes that have not left yet. */
  override get bufferedAmount(): number {
    return this.commands.heldBytes + super.bufferedAmount;
  }

  override open(transport: Transport, again?: readonly ClientEvent[]): number {
    const droppedAudio = super.open(transport, again);
    this.responses.open();
    return droppedAudio;
  }

  /** Checks an event to be sent later. Throws {InvalidEventError}. */
  check(event: ClientEvent): void {
    this.transport.check?.(event);
  }

  /**
   * Sends an event whose answer is waited for; by default, one that was already checked if the transport supports that.
   * While this side closes the connection, it is not yet known how it ends: everything that waits is notified at the end.
   */
  sendRequest(event: ClientEvent, check = !this.transport.check): void {
    try {
      this.send(event, { check });
    } catch (error) {
      if (!(error instanceof ConnectionError) || error.close) throw error;
    }
  }

  /** Changes the configuration; `onAnswer` is called with the answer before the next event is processed. */
  async update(
    changes: SessionUpdate,
    options?: CommandOptions,
    onAnswer?: () => void,
  ): Promise<RealtimeSession | TranscriptionSession> {
    const { config } = this;
    const session = { type: config?.type ?? "realtime", ...toSessionChanges(changes) } as SessionConfig;
    checkFixedFields(session, config, this.hasSpoken);
    const accepts = (event: WireEvent) => !contradicts(session, event.session);
    const answer = await this.commands.run({ event: { type: "session.update", session }, accepts, onAnswer }, options);
    return answer.session as RealtimeSession | TranscriptionSession;
  }

  /** Resolves when the server next detects the start or end of a turn of the user. */
  nextTurnEvent(): Promise<void> {
    return this.#turnEvent.next;
  }

  /** Records the configuration in an event. */
  configure(event: WireEvent): void {
    const isConfig = event.type === "session.created" || event.type === "session.updated";
    if (!isConfig || !isRecord(event.session)) return;
    // A caller that keeps the event keeps no second copy of it.
    this.config = reuse(this.config, event.session) as RealtimeSession;
    Object.assign(event, { session: this.config });
  }

  /** Processes one server event. */
  receive(event: WireEvent): void {
    if (!this.hasSpoken) this.hasSpoken = isSpeech(event);
    // The most frequent events answer no command.
    if (!event.type.endsWith(".delta")) this.#settle(event);
    this.responses.receive(event);
  }

  #settle(event: WireEvent): void {
    if (event.type === "error") this.#refuse(event);
    if (/^input_audio_buffer\.(speech_|committed)/.test(event.type)) {
      this.#turnEvent.wake();
      // What a server commits by itself is all that it has heard.
      if (event.type.endsWith("committed")) this.input.clear(this.turnDetection !== null);
    }
    this.commands.receive(event);
  }

  /** Settles everything, as the connection has ended; returns the origins of the active responses. */
  close(cause: ConnectionError): readonly ResponseOrigin[] {
    this.drop();
    this.commands.close(cause);
    return this.responses.close(cause);
  }

  /** Cancels a response; resolves when it has ended, or was no longer active. */
  async cancelResponse(responseId: string | undefined): Promise<void> {
    const key = ackKey("response.done", responseId);
    try {
      await this.commands.run({ event: { type: "response.cancel", response_id: responseId }, key });
    } catch (error) {
      const isOver = error instanceof RealtimeApiError && error.code === "response_cancel_not_active";
      if (!isOver) throw error;
    }
  }

  /**
   * Settles the command that an `error` rejects. From a server that never names the event, it must be the only command
   * in flight.
   */
  #refuse(event: WireEvent): void {
    if (!isRecord(event.error)) return;
    const eventId = stringAt(event.error, "event_id");
    if (eventId !== undefined) this.#serverNamesEvents = true;
    const error = toApiError(event);
    // The end of the session rejects nothing: the connection ends next, and everything is notified of that.
    const isOnly = this.commands.pending + this.responses.pending === 1 && error.code !== "session_expired";
    if (eventId === undefined && (this.#serverNamesEvents || !isOnly)) return;
    this.commands.refuse(eventId, error);
    this.responses.refuse(eventId, error);
  }
}

function isSpeech(event: WireEvent): boolean {
  if (/^response\.output_audio|^output_audio_buffer\.started/.test(event.type)) return true;
  const content = at(event.item, "content");
  return Array.isArray(content) && content.some((part) => stringAt(part, "type") === "output_audio");
}

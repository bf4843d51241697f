// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { IdGenerator } from "../_internal/ids.ts";
import { withTimeout } from "../_internal/timeout.ts";
import type { WireEvent } from "../_internal/wire.ts";
import { ConnectionError } from "../errors.ts";
import type { ClientEvent, ClientEventType } from "../protocol/mod.ts";
import type { SendOptions, Transport } from "../transport/transport.ts";
import { AckTable } from "./_ack_table.ts";
import type { CommandOptions } from "./session_options.ts";

/** Rows of the commands whose answer names neither the command nor what it is about. */
const ROWS_IN_ORDER: Partial<Record<ClientEventType, string>> = {
  "session.update": "session.updated",
  "input_audio_buffer.commit": "input_audio_buffer.committed",
  "input_audio_buffer.clear": "input_audio_buffer.cleared",
  "output_audio_buffer.clear": "output_audio_buffer.cleared",
};

/** What commands need of their surroundings. */
export interface CommandsOptions {
  /** Where they go. */
  transport: Pick<Transport, "send">;
  /** How long a command waits for its answer unless told otherwise, in milliseconds. */
  ackTimeoutMs: number;
  /** Source of time. */
  clock: Clock;
  /** Makes event ids. */
  makeId: IdGenerator;
  /** Told of every commit of the input that the server made itself, at the end of a turn. */
  onTurnCommitted(): void;
}

/** A command, and what answers it. */
export interface Command {
  /** What is sent. */
  event: ClientEvent;
  /** Row of commands that wait for the same answer; may be left out where the answer names nothing. */
  row?: string | undefined;
  /** Says no to answers that are meant for somebody else. */
  accepts?: ((event: WireEvent) => boolean) | undefined;
  /** Called with the answer before anything else that the server sent is looked at, even when nobody waits any more. */
  onAnswer?: ((event: WireEvent) => void) | undefined;
  /** Whether the event is checked before it leaves; it is by default. */
  check?: boolean | undefined;
}

/** Sends the session's commands, in order, and waits for their answers. */
export class Commands {
  readonly #options: CommandsOptions;
  readonly #acks: AckTable;

  constructor(options: CommandsOptions) {
    this.#options = options;
    this.#acks = new AckTable(options.onTurnCommitted);
  }

  /**
   * Sends a command; resolves with the event that answers it, rejects with the error that refuses it, with the signal's
   * reason, when the time is out, and when the connection ends.
   */
  async run(command: Command, options: CommandOptions = {}): Promise<WireEvent> {
    const { clock, ackTimeoutMs, makeId, transport } = this.#options;
    const { signal, timeoutMs = ackTimeoutMs } = options;
    const eventId = makeId("event");
    const send = () => {
      try {
        transport.send({ ...command.event, event_id: eventId }, { check: command.check });
      } catch (error) {
        // While the connection is being closed nobody knows yet how it ends: that is told to all who wait.
        if (!(error instanceof ConnectionError) || error.close) throw error;
      }
      return this.#expect(command, eventId);
    };
    try {
      return await withTimeout(send, { what: `send ${command.event.type}`, signal, timeoutMs, clock });
    } finally {
      this.#acks.abandon(eventId);
    }
  }

  /**
   * Sends an event whose answer nobody waits for. It takes its place in the row all the same, or the answer would pass
   * for that of the next command.
   */
  post(event: ClientEvent, options?: SendOptions): void {
    const { transport, makeId } = this.#options;
    if (ROWS_IN_ORDER[event.type] === undefined) return transport.send(event, options);
    const eventId = event.event_id ?? makeId("event");
    transport.send({ ...event, event_id: eventId }, options);
    // A refusal reaches the application as an event.
    this.#expect({ event }, eventId).catch(() => {});
    this.#acks.abandon(eventId);
  }

  /** Takes in one server event. */
  receive(event: WireEvent): void {
    this.#acks.receive(event);
  }

  /** Rejects everything that waits: the connection has ended. */
  close(error: Error): void {
    this.#acks.close(error);
  }

  #expect({ event, row, accepts, onAnswer }: Command, eventId: string): Promise<WireEvent> {
    return this.#acks.expect(eventId, row ?? ROWS_IN_ORDER[event.type] ?? event.type, accepts, onAnswer);
  }
}

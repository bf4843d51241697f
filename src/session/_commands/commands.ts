// This module is browser compatible.
import { joinNames, type OptionNames } from "../../_internal/check_options.ts";
import { LazyMap } from "../../_internal/lazy_collections.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import type { WireEvent } from "../../_internal/wire.ts";
import { ConnectionError, RealtimeApiError } from "../../errors.ts";
import type { ClientEvent, ClientEventType } from "../../protocol/mod.ts";
import type { SendOptions, Transport } from "../../transport/transport.ts";
import type { ConnectionHost } from "../_kernel/connection_host.ts";
import { AckTable, type SentCommand } from "./ack_table.ts";
import {
  type AddItemOptions,
  checkTiming,
  type CommandOptions,
  TIMING_NAMES,
  type TruncateItemOptions,
} from "../command_options.ts";

/**
 * Answers of the commands whose answer names neither the command nor its object. Nothing waits for the answer to
 * `output_audio_buffer.clear`, so it is sent without waiting: it silences the model.
 */
const NAMELESS_ANSWERS: Partial<Record<ClientEventType, string>> = {
  "session.update": "session.updated",
  "input_audio_buffer.commit": "input_audio_buffer.committed",
  "input_audio_buffer.clear": "input_audio_buffer.cleared",
};

/** Limit of the audio that waits behind a commit or clear, in bytes; beyond it, sending audio fails. */
const MAX_HELD_BYTES = 67_108_864;

/** Options of the commands that have more than those of every command; `check` is internal. */
const OPTION_NAMES = /* @__PURE__ */ joinNames((): Readonly<Record<string, Readonly<Record<string, unknown>>>> => ({
  "conversation.item.create": {
    ...TIMING_NAMES,
    check: 1,
    previousItemId: 1,
  } satisfies OptionNames<AddItemOptions & { check: unknown }>,
  "conversation.item.truncate": { ...TIMING_NAMES, contentIndex: 1 } satisfies OptionNames<TruncateItemOptions>,
}));

/** The connection as commands need it. */
export interface CommandLine extends Required<Pick<Transport, "send" | "check">> {
  /** Sends an event whose answer is waited for. */
  sendRequest(event: ClientEvent, check?: boolean): void;
  /** Resolves when commands reach the server; `undefined` when they already do. */
  readonly opened: Promise<void> | undefined;
  /** Whether it is being closed: nothing can be queued any more. */
  readonly isOver: boolean;
  /** Notified of every commit of the input that the server made itself, at the end of a turn. */
  readonly responses: { turnCommitted(): void };
}

/** A command, and its answer. */
export interface Command {
  /** The event to send. */
  event: ClientEvent;
  /** `ackKey` of the answer; may be omitted where the answer names nothing. */
  key?: string | undefined;
  /** Returns false for answers that must belong to another client. */
  accepts?: ((event: WireEvent) => boolean) | undefined;
  /**
   * Called when it gets its place among the commands and the audio to send. If it fails, the result is called with
   * whether it is known to have had no effect here: it was not sent, or rejected, or its connection has ended.
   */
  onStart?: (() => ((isKnown: boolean) => void) | undefined) | undefined;
  /** Called with the answer before the next event is processed, even when the caller no longer waits. */
  onAnswer?: ((event: WireEvent) => void) | undefined;
  /** Whether the event is checked before it is sent; true by default. */
  check?: boolean | undefined;
}

/** An event that waits for its turn to be sent. */
interface Held {
  readonly type: ClientEventType;
  /** Key of its answer, if it has one that names nothing. */
  readonly key: string | undefined;
  readonly bytes: number;
  send(): void;
  reject(error: unknown): void;
}

/**
 * Sends the session's commands and waits for their answers. Commands whose answers could be confused are sent one at a
 * time: the next one is sent after the answer, the error or the timeout of the previous one. Audio stays behind the
 * commit or clear that it follows.
 */
export class Commands {
  readonly #host: ConnectionHost;
  readonly #line: CommandLine;
  readonly #acks: AckTable;
  readonly #lanes = new LazyMap<string, Set<Held>>();
  #heldBytes = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(host: ConnectionHost, line: CommandLine) {
    this.#host = host;
    this.#line = line;
    this.#acks = new AckTable(() => line.responses.turnCommitted(), host.isShared);
  }

  /** Number of unanswered commands. */
  get pending(): number {
    return this.#acks.size;
  }

  /** Bytes of frames that wait behind a commit or clear of the input. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Sends a command; resolves with the event that answers it. Rejects with the error that rejects it, with the signal's
   * reason, on a timeout, and when the connection ends. A command whose caller stops waiting before it was sent is not
   * sent.
   */
  async run(command: Command, options: CommandOptions = {}): Promise<WireEvent> {
    const { accepted, ackTimeoutMs, clock, makeId } = this.#host;
    const { event, onAnswer } = command;
    checkTiming(`send ${event.type}`, options, OPTION_NAMES[event.type]);
    const { signal } = options;
    const opened = options.timeoutMs === undefined ? this.#line.opened : undefined;
    const { timeoutMs = opened ? undefined : ackTimeoutMs } = options;
    const eventId = makeId("event");
    const key = command.key ?? NAMELESS_ANSWERS[event.type]!;
    const answer = Promise.withResolvers<WireEvent>();
    const { item } = event as { readonly item?: unknown };
    const resolve = (answering: WireEvent) => {
      accepted.add(event);
      onAnswer?.(answering);
      answer.resolve(answering);
    };
    let sentAt: number | undefined;
    let revert: ((isKnown: boolean) => void) | undefined;
    const send = () => {
      this.#line.sendRequest({ ...event, event_id: eventId }, command.check !== false);
      sentAt = clock.now();
      this.#acks.add({ eventId, key, item, accepts: command.accepts, resolve, reject: answer.reject });
    };
    const held = { type: event.type, key, bytes: 0, send, reject: answer.reject };
    const timing = { what: `send ${event.type}`, signal, timeoutMs, clock };
    const start = async () => {
      revert = command.onStart?.();
      this.#enqueue(held);
      // While there is no connection, only the caller's own timeout counts.
      if (!opened) return await answer.promise;
      await Promise.race([opened, answer.promise]);
      return await withTimeout(() => answer.promise, { ...timing, timeoutMs: ackTimeoutMs });
    };
    try {
      return await withTimeout(start, timing);
    } catch (error) {
      revert?.(sentAt === undefined || error instanceof RealtimeApiError || error instanceof ConnectionError);
      throw error;
    } finally {
      // The answer to a command that was sent still arrives, and must not be taken for that of the next one.
      if (sentAt !== undefined) this.#abandon(eventId, sentAt + ackTimeoutMs);
      else if (this.#lanes.get(laneOf(event.type))?.delete(held)) this.#flush();
    }
  }

  /**
   * Sends an event without waiting for its answer.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol; nothing is then sent.
   * @throws {ConnectionError} when the connection has ended.
   */
  post(event: ClientEvent, options: SendOptions = {}): void {
    // The line rejects everything that is no event.
    const type = event?.type;
    const line = this.#line;
    const { accepted, ackTimeoutMs, clock, makeId } = this.#host;
    const key = NAMELESS_ANSWERS[type];
    const isHeld = this.#lanes.has(laneOf(type));
    if (!key && !isHeld) return line.send(event, options);
    if (isHeld && options.check !== false) line.check(event);
    const bytes = event.type === "input_audio_buffer.append" ? event.audio.length : 0;
    const send = () => {
      if (!key) return line.send(event, options);
      const eventId = event.event_id ?? makeId("event");
      line.send({ ...event, event_id: eventId }, options);
      this.#acks.add({ eventId, key, resolve: () => accepted.add(event), reject: () => {} });
      this.#abandon(eventId, clock.now() + ackTimeoutMs);
    };
    this.#enqueue({ type, key, bytes, send, reject: (error) => this.#host.unsent(error, event, options) });
  }

  /** Processes one server event. */
  receive(event: WireEvent): void {
    this.#acks.receive(event);
    this.#flush();
  }

  /** Rejects the command that an error refers to, if there is one; before {@linkcode receive} processes the error. */
  refuse(eventId: string | undefined, error: Error): void {
    this.#acks.refuse(eventId, error);
  }

  /** Rejects everything that waits: the connection has ended. */
  close(error: Error): void {
    const lanes = [...this.#lanes.values()];
    this.#lanes.clear();
    this.#cancelTimer?.();
    this.#heldBytes = 0;
    for (const waiting of lanes) for (const { reject } of waiting) reject(error);
    this.#acks.close(error);
  }

  #enqueue(held: Held): void {
    const lane = laneOf(held.type);
    const waiting = this.#lanes.get(lane);
    if (this.#line.isOver || !waiting && !this.#blocker(held)) return held.send();
    if (this.#heldBytes + held.bytes > MAX_HELD_BYTES) throw tooMuchHeld();
    this.#heldBytes += held.bytes;
    this.#lanes.set(lane, (waiting ?? new Set()).add(held));
    this.#flush();
  }

  /** The command whose answer this event has to wait for. */
  #blocker({ key }: Held): SentCommand | undefined {
    return this.#acks.blocker(key, this.#host.clock.now());
  }

  /**
   * Records that a command's caller has stopped waiting: others of its kind wait for its answer only while it may still
   * arrive.
   */
  #abandon(eventId: string, untilMs: number): void {
    this.#acks.abandon(eventId, untilMs);
    this.#flush();
  }

  /** Sends everything that need not wait any longer. */
  #flush(): void {
    const { clock } = this.#host;
    let nextMs = Infinity;
    for (const [lane, waiting] of this.#lanes) {
      for (const held of waiting) {
        const blocker = this.#blocker(held);
        nextMs = Math.min(nextMs, blocker?.abandonedUntil ?? Infinity);
        if (blocker) break;
        waiting.delete(held);
        this.#heldBytes -= held.bytes;
        try {
          held.send();
        } catch (error) {
          held.reject(error);
        }
      }
      // Sending may have flushed recursively, and refilled the lane.
      if (waiting.size === 0 && this.#lanes.get(lane) === waiting) this.#lanes.delete(lane);
    }
    this.#cancelTimer?.();
    this.#cancelTimer = nextMs < Infinity ? clock.schedule(() => this.#flush(), nextMs - clock.now()) : undefined;
  }
}

/** Audio of the user, its commits and clears keep their order; other commands of one type have an order of their own. */
function laneOf(type: ClientEventType): string {
  return /^input_audio_buffer\./.test(type) ? "input" : type;
}

function tooMuchHeld(): DOMException {
  const message = `Cannot send audio as more than ${MAX_HELD_BYTES} bytes wait for a commit or clear to be answered`;
  return new DOMException(message, "QuotaExceededError");
}

// This module is browser compatible.
import { stringAt, toApiError, type WireEvent } from "../_internal/wire.ts";
import { remember } from "../_internal/recent_ids.ts";

/** How many commands whose caller has gone may keep their place. */
const MAX_ABANDONED = 256;

/** How many announced items are remembered until their commit arrives. */
const MAX_ANNOUNCED = 64;

interface Entry {
  readonly eventId: string;
  readonly row: string;
  readonly accepts: (event: WireEvent) => boolean;
  readonly resolve: (event: WireEvent) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Knows which commands wait for which answer, and settles each with *its* answer or *its* error.
 *
 * The server seldom repeats the id of a command in its answer, so commands stand in rows, one for each kind of answer
 * (and item, where the answer names one), and an answer settles the first of its row. A command whose caller gave up
 * keeps its place, since its answer still comes.
 */
export class AckTable {
  readonly #onTurnCommitted: () => void;
  readonly #rows = new Map<string, readonly Entry[]>();
  readonly #byEventId = new Map<string, Entry>();
  readonly #abandoned = new Set<Entry>();
  readonly #announced = new Set<string>();

  /** Makes a table; `onTurnCommitted` is told of every commit that the server made itself, at the end of a turn. */
  constructor(onTurnCommitted: () => void = () => {}) {
    this.#onTurnCommitted = onTurnCommitted;
  }

  /**
   * Adds a command to the end of `row`; the promise settles with its answer or its error. An answer that `accepts` says
   * no to is somebody else's; `onAnswer` is called with its own at once.
   */
  expect(
    eventId: string,
    row: string,
    accepts: (event: WireEvent) => boolean = () => true,
    onAnswer: (event: WireEvent) => void = () => {},
  ): Promise<WireEvent> {
    const { promise, resolve: settle, reject } = Promise.withResolvers<WireEvent>();
    const resolve = (event: WireEvent) => {
      onAnswer(event);
      settle(event);
    };
    const entry = { eventId, row, accepts, resolve, reject };
    this.#rows.set(row, [...this.#rows.get(row) ?? [], entry]);
    this.#byEventId.set(eventId, entry);
    return promise;
  }

  /** Notes that nobody waits for a command any more. Its place is kept: the answer, when it comes, is still its own. */
  abandon(eventId: string): void {
    const entry = this.#byEventId.get(eventId);
    if (!entry) return;
    this.#abandoned.add(entry);
    if (this.#abandoned.size > MAX_ABANDONED) this.#remove(this.#abandoned.values().next().value!);
  }

  /** Settles the command that this event answers or refuses, if any does. */
  receive(event: WireEvent): void {
    if (event.type === "error") return this.#refuse(event);
    this.#noteAnnouncement(event);
    for (const row of this.#rowsOf(event)) this.#answer(this.#rows.get(row) ?? [], event);
  }

  /** Rejects everything that waits. */
  close(error: Error): void {
    for (const entry of [...this.#byEventId.values()]) {
      this.#remove(entry);
      entry.reject(error);
    }
  }

  #answer(entries: readonly Entry[], event: WireEvent): void {
    for (const entry of entries) {
      if (event.type === "response.done") {
        // A response ends when it likes, and only once, for everyone who cancelled it.
        this.#remove(entry);
        entry.resolve(event);
      } else if (entry.accepts(event)) {
        this.#settle(entry);
        return entry.resolve(event);
      } else if (!this.#abandoned.has(entry)) {
        return;
      }
    }
  }

  #refuse(event: WireEvent): void {
    const entry = this.#byEventId.get(stringAt(event, "error", "event_id") ?? "");
    if (!entry) return;
    this.#settle(entry);
    entry.reject(toApiError(event));
  }

  /** Takes a command out that has its answer. Answers come in order: those that were abandoned before have had theirs. */
  #settle(entry: Entry): void {
    for (const earlier of [...this.#byEventId.values()]) {
      if (earlier === entry) break;
      if (this.#abandoned.has(earlier)) this.#remove(earlier);
    }
    this.#remove(entry);
  }

  #remove(entry: Entry): void {
    this.#byEventId.delete(entry.eventId);
    this.#abandoned.delete(entry);
    const entries = (this.#rows.get(entry.row) ?? []).filter((other) => other !== entry);
    if (entries.length > 0) this.#rows.set(entry.row, entries);
    else this.#rows.delete(entry.row);
  }

  /** Items that the VAD speaks of beforehand are committed by the server itself, not by a command. */
  #noteAnnouncement(event: WireEvent): void {
    switch (event.type) {
      case "input_audio_buffer.cleared":
        return this.#announced.clear();
      case "input_audio_buffer.speech_started":
      case "input_audio_buffer.timeout_triggered":
        remember(this.#announced, stringAt(event, "item_id") ?? "", MAX_ANNOUNCED);
    }
  }

  #rowsOf(event: WireEvent): string[] {
    switch (event.type) {
      case "conversation.item.added":
      case "conversation.item.created":
        return [answerRow("conversation.item.added", stringAt(event, "item", "id"))];
      case "conversation.item.retrieved":
        return [answerRow(event.type, stringAt(event, "item", "id"))];
      case "conversation.item.deleted":
      case "conversation.item.truncated":
        return [answerRow(event.type, stringAt(event, "item_id"))];
      case "input_audio_buffer.committed":
        if (!this.#announced.delete(stringAt(event, "item_id") ?? "")) return [event.type];
        this.#onTurnCommitted();
        return [];
      case "response.done":
        return [answerRow(event.type, stringAt(event, "response", "id"))];
      default:
        return [event.type];
    }
  }
}

/** Name of the row of commands that wait for events of this type about this item or response. */
export function answerRow(type: string, id: string | undefined): string {
  return `${type} ${id ?? ""}`;
}

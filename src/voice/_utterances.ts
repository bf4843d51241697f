// This module is browser compatible.
import { LazyMap, LazySet } from "../_internal/lazy_collections.ts";
import { Multicast } from "../_internal/multicast.ts";
import type { Clock } from "../_internal/clock.ts";
import { addBounded } from "../_internal/add_bounded.ts";
import { stringAt, type WireEvent } from "../_internal/wire.ts";
import type { ConversationChange, ConversationEntry, ConversationView } from "../session/mod.ts";
import type { Utterance } from "./utterance.ts";

/** How many messages are remembered that were given out before their transcript. */
const MAX_GIVEN_UP = 64;

/** Options of {@linkcode Utterances}. */
export interface UtterancesOptions {
  /** The conversation. */
  conversation: Pick<ConversationView, "getSnapshot" | "subscribe">;
  /** Source of time. */
  clock: Clock;
  /** How long a message may wait for its transcript, in milliseconds. */
  transcriptTimeoutMs: number;
  /** The words that were heard of an assistant message, when it was interrupted. */
  heard(itemId: string, text: string): string | undefined;
}

/** The utterances of the conversation view, each when it is complete and everything before it was given out. */
export class Utterances {
  readonly #readers = new Multicast<Utterance>();
  readonly #options: UtterancesOptions;
  readonly #unsubscribe: () => void;
  /** The view's entries, kept by its changes: a snapshot for each of them would be a copy. */
  readonly #entries: ConversationEntry[];
  /** Ids of entries that were given out, or are no utterances. */
  readonly #given = new LazySet<string>();
  /** Messages of the user that were given out before their transcript. */
  readonly #givenUp = new LazySet<string>();
  /** When the transcripts of messages that wait are given up. */
  readonly #dueAt = new LazyMap<string, number>();
  /** Turns that have ended, whose transcripts have begun to be waited for. */
  readonly #committed = new LazySet<string>();
  /** All entries before this index were given out. */
  #first = 0;
  #stopTimer = (): void => {};

  constructor(options: UtterancesOptions) {
    this.#options = options;
    this.#entries = [...options.conversation.getSnapshot()];
    for (const { final, id } of this.#entries) if (final) this.#given.add(id);
    this.#unsubscribe = options.conversation.subscribe((change) => this.#change(change));
  }

  /** Makes an independent reader of what follows. */
  read(): AsyncIterableIterator<Utterance> {
    return this.#readers.subscribe();
  }

  /** Takes in a server event, after the conversation has: the end of a turn, from which its transcript is waited for. */
  receive(event: WireEvent): void {
    const isAdded = event.type === "conversation.item.added" || event.type === "conversation.item.created";
    if (!isAdded && event.type !== "input_audio_buffer.committed") return;
    const id = stringAt(event, "item_id") ?? stringAt(event, "item", "id") ?? "";
    if (this.#committed.has(id) || !this.#dueAt.has(id)) return;
    this.#committed.add(id);
    this.#dueAt.set(id, this.#options.clock.now() + this.#options.transcriptTimeoutMs);
    this.#watch();
  }

  /** Gives out the rest, as far as it is known, and ends the readers; with an error, they throw it after that. */
  end(error?: Error): void {
    this.#unsubscribe();
    this.#stopTimer();
    for (const entry of this.#entries.slice(this.#first)) {
      if (!this.#given.has(entry.id)) this.#give(entry, statusOf(entry));
    }
    this.#readers.end([], error);
  }

  #change({ type, entry, index }: ConversationChange): void {
    if (type === "changed") {
      this.#entries[index] = entry;
      // Late words are better than none.
      if (entry.transcription === "final" && this.#givenUp.delete(entry.id)) this.#give(entry, "completed");
    } else {
      this.#move(type, entry, index);
    }
    if (type !== "removed") this.#await(entry);
    this.#publish();
  }

  #move(type: ConversationChange["type"], entry: ConversationEntry, index: number): void {
    const from = type === "added" ? -1 : this.#entries.findLastIndex(({ id }) => id === entry.id);
    if (from >= 0) this.#entries.splice(from, 1);
    if (from >= 0 && from < this.#first) this.#first--;
    if (type === "removed") return this.#forget(entry.id);
    this.#entries.splice(index, 0, entry);
    this.#first = Math.min(this.#first, index);
  }

  /** Notes until when an entry may wait for its words: as long as some arrive before the turn has ended, they are not late. */
  #await({ final, id, role }: ConversationEntry): void {
    if (final || role !== "user" || this.#given.has(id) || this.#committed.has(id)) return;
    this.#dueAt.set(id, this.#options.clock.now() + this.#options.transcriptTimeoutMs);
  }

  #forget(id: string): void {
    this.#given.delete(id);
    this.#dueAt.delete(id);
    this.#committed.delete(id);
  }

  /** Gives out what is complete, and what is not waited for any more, up to the first entry that is. */
  #publish(): void {
    for (; this.#first < this.#entries.length; this.#first++) {
      const entry = this.#entries[this.#first]!;
      if (this.#given.has(entry.id)) continue;
      const isGivenUp = !entry.final && this.#isLost(entry, this.#first);
      if (!entry.final && !isGivenUp) break;
      this.#give(entry, statusOf(entry));
      if (isGivenUp) addBounded(this.#givenUp, entry.id, MAX_GIVEN_UP);
    }
    this.#watch();
  }

  /**
   * Whether the transcript of an entry is not waited for any more: it is overdue, or was overtaken. Speech is transcribed in
   * order, as a rule: when a later turn of the user has its transcript, and its answer has ended too, the one before is lost.
   */
  #isLost({ id, role }: ConversationEntry, index: number): boolean {
    const dueAt = this.#dueAt.get(id);
    if (role !== "user" || dueAt === undefined) return false;
    if (this.#options.clock.now() >= dueAt) return true;
    const next = this.#entries.findIndex((other, at) => at > index && /final|failed/.test(other.transcription));
    return next > 0 && this.#entries.some((other, at) => at > next && other.role === "assistant" && other.final);
  }

  #give(entry: ConversationEntry, status: Utterance["status"]): void {
    const { id: itemId, role, text } = entry;
    this.#forget(itemId);
    this.#given.add(itemId);
    if (role !== "user" && role !== "assistant") return;
    // Missing words are reported for the user only: the model may have called a tool without speaking.
    if (!text && (role === "assistant" || status === "completed")) return;
    const heardText = role === "assistant" ? this.#options.heard(itemId, text) ?? entry.heardText : undefined;
    this.#readers.publish({ itemId, role, text, status, ...heardText !== undefined && { heardText } });
  }

  /** Sets the timer for the entry that everything else waits for. */
  #watch(): void {
    this.#stopTimer();
    this.#stopTimer = () => {};
    const dueAt = this.#dueAt.get(this.#entries[this.#first]?.id ?? "");
    if (dueAt === undefined) return;
    const { clock } = this.#options;
    this.#stopTimer = clock.schedule(() => this.#publish(), Math.max(0, dueAt - clock.now()));
  }
}

/** How complete an entry is. */
function statusOf({ final, interrupted, item, transcription }: ConversationEntry): Utterance["status"] {
  if (transcription === "failed") return "failed";
  const status = stringAt(item, "status");
  const isCut = status === "incomplete" || status === "in_progress" || (interrupted && status !== "completed");
  return !final || isCut ? "incomplete" : "completed";
}

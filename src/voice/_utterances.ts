// This module is browser compatible.
import { LazyMap, LazySet } from "../_internal/lazy_collections.ts";
import { Multicast } from "../_internal/multicast.ts";
import type { Clock } from "../_internal/clock.ts";
import { addBounded } from "../_internal/add_bounded.ts";
import { asString, stringAt, type WireEvent } from "../_internal/wire.ts";
import type { ConversationChange, ConversationEntry, ConversationView } from "../session/mod.ts";
import type { Utterance } from "./utterance.ts";

/** Number of messages remembered that were reported without a final transcript. */
const MAX_GIVEN_UP = 64;

/** Options of {@linkcode Utterances}. */
export interface UtterancesOptions {
  /** The conversation. */
  conversation: Pick<ConversationView, "getSnapshot" | "subscribe">;
  /** Source of time. */
  clock: Clock;
  /** Time that a message may wait for its transcript, in milliseconds. */
  transcriptTimeoutMs: number;
}

/** The utterances of the conversation view, each reported when it is complete and everything before it was reported. */
export class Utterances {
  readonly #readers = new Multicast<Utterance>();
  readonly #options: UtterancesOptions;
  readonly #unsubscribe: () => void;
  /** The view's entries, updated by its changes: a snapshot for each change would be a copy. */
  readonly #entries: ConversationEntry[];
  /** Ids of entries that were reported, or are not utterances. */
  readonly #given = new LazySet<string>();
  /** Messages that were reported without a final transcript. */
  readonly #givenUp = new LazySet<string>();
  /** Deadlines of the missing transcripts. */
  readonly #dueAt = new LazyMap<string, number>();
  /** Turns that have ended, and whose transcripts are now waited for. */
  readonly #committed = new LazySet<string>();
  /** All entries before this index were reported. */
  #first = 0;
  #stopTimer: (() => void) | undefined;

  constructor(options: UtterancesOptions) {
    this.#options = options;
    this.#entries = [...options.conversation.getSnapshot()];
    for (const { final, id } of this.#entries) if (final) this.#given.add(id);
    this.#unsubscribe = options.conversation.subscribe((change) => this.#change(change));
  }

  /** Creates an independent reader of later utterances. */
  read(): AsyncIterableIterator<Utterance> {
    return this.#readers.subscribe();
  }

  /**
   * Processes a server event, after the conversation has: the end of a turn, from which its transcript is waited for.
   */
  receive(event: WireEvent): void {
    const isAdded = event.type === "conversation.item.added" || event.type === "conversation.item.created";
    if (!isAdded && event.type !== "input_audio_buffer.committed") return;
    const id = asString(event.item_id) ?? stringAt(event.item, "id") ?? "";
    if (this.#committed.has(id) || !this.#dueAt.has(id)) return;
    this.#committed.add(id);
    this.#dueAt.set(id, this.#options.clock.now() + this.#options.transcriptTimeoutMs);
  }

  /** Reports the rest, as far as it is known, and ends the readers; with an error, they throw it afterwards. */
  end(error?: Error): void {
    this.#unsubscribe();
    this.#stopTimer?.();
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

  /** Sets the deadline of an entry's words: while some arrive before the turn has ended, they are not late. */
  #await({ final, id, role }: ConversationEntry): void {
    if (final || role !== "user" || this.#given.has(id) || this.#committed.has(id)) return;
    this.#dueAt.set(id, this.#options.clock.now() + this.#options.transcriptTimeoutMs);
  }

  #forget(id: string): void {
    this.#given.delete(id);
    this.#dueAt.delete(id);
    this.#committed.delete(id);
  }

  /** Reports the entries that are complete or no longer waited for, up to the first one that is still waited for. */
  #publish(): void {
    for (; this.#first < this.#entries.length; this.#first++) {
      const entry = this.#entries[this.#first]!;
      if (this.#given.has(entry.id)) continue;
      if (!entry.final && !this.#isLost(entry, this.#first)) break;
      this.#give(entry, statusOf(entry));
      if (entry.transcription !== "final") addBounded(this.#givenUp, entry.id, MAX_GIVEN_UP);
    }
    this.#watch();
  }

  /**
   * Whether the transcript of an entry is no longer waited for: it is overdue, or was overtaken. Speech is usually
   * transcribed in order: when a later turn of the user has its transcript, and its answer has ended too, the earlier
   * one is lost.
   */
  #isLost({ id }: ConversationEntry, index: number): boolean {
    const dueAt = this.#dueAt.get(id);
    if (dueAt === undefined) return false;
    if (this.#options.clock.now() >= dueAt) return true;
    const next = this.#entries.findIndex((other, at) => at > index && /final|failed/.test(other.transcription));
    return next > 0 && this.#entries.some((other, at) => at > next && other.role === "assistant" && other.final);
  }

  #give(entry: ConversationEntry, status: Utterance["status"]): void {
    const { heardText, id: itemId, role, text } = entry;
    this.#forget(itemId);
    this.#given.add(itemId);
    if (role !== "user" && role !== "assistant") return;
    // Missing words are reported for the user only: the model may have called a tool without speaking.
    if (!text && (role === "assistant" || status === "completed")) return;
    this.#readers.publish({ itemId, role, text, status, ...heardText !== undefined && { heardText } });
  }

  /** Sets the timer of the entry that all others wait for. */
  #watch(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const dueAt = this.#dueAt.get(this.#entries[this.#first]?.id ?? "");
    if (dueAt === undefined) return;
    const { clock } = this.#options;
    this.#stopTimer = clock.schedule(() => this.#publish(), Math.max(0, dueAt - clock.now()));
  }
}

/** The completeness of an entry. */
function statusOf({ final, interrupted, item, transcription }: ConversationEntry): Utterance["status"] {
  if (transcription === "failed") return "failed";
  const status = stringAt(item, "status");
  const isCut = status === "incomplete" || status === "in_progress" || (interrupted && status !== "completed");
  return !final || isCut ? "incomplete" : "completed";
}

// This module is browser compatible.
import { LazyMap } from "../_internal/lazy_collections.ts";
import { heardText } from "../_internal/heard_text.ts";
import { evictOldest } from "../_internal/evict_oldest.ts";
import type { SessionHost } from "../session/mod.ts";
import { type PlayoutRecord, toWhole } from "./_media/playout_record.ts";

/** Number of messages that are remembered. */
const MAX_REMEMBERED = 64;

/** The words of the model so far, and the part of them that was heard. */
export class SpokenWords {
  readonly #find: (itemId: string) => PlayoutRecord | undefined;
  readonly #report: SessionHost["reportHeard"];
  readonly #words = new LazyMap<string, string>();

  /** `find` returns the record of a message; `report` is called with each message that was interrupted. */
  constructor(find: (itemId: string) => PlayoutRecord | undefined, report: SessionHost["reportHeard"]) {
    this.#find = find;
    this.#report = report;
  }

  /** The words of a message so far. */
  of(itemId: string): string {
    return this.#words.get(itemId) ?? "";
  }

  /** Adds words to a message. */
  add(itemId: string, delta: string): void {
    this.#words.set(itemId, this.of(itemId) + delta);
    evictOldest(this.#words, MAX_REMEMBERED);
  }

  /** Records that a message is interrupted now; returns its words, and the part of them that was heard. */
  cut(record: PlayoutRecord): { readonly text: string; readonly heardText: string } {
    const text = record.textAtCut = this.of(record.itemId);
    return { text, heardText: this.report(record)(text) };
  }

  /** A function that returns the heard words of a message, if it was interrupted. */
  heardOf(itemId: string): ((text: string) => string) | undefined {
    const record = this.#find(itemId);
    return record && record.state !== "playing" ? this.report(record) : undefined;
  }

  /**
   * Reports an interrupted message, and returns the function that was reported. It estimates the heard words from the
   * share of the audio that was heard, and from the words at the interruption. If there were none, those of its argument
   * count.
   */
  report({ itemId, playedMs, receivedMs, textAtCut }: PlayoutRecord): (text: string) => string {
    const heardOf = (text: string) => heardText(textAtCut || text, toWhole(playedMs), toWhole(receivedMs));
    this.#report(itemId, heardOf);
    return heardOf;
  }
}

// This module is browser compatible.
import { LazyMap } from "../_internal/lazy_collections.ts";
import { heardText } from "../_internal/heard_text.ts";
import { evictOldest } from "../_internal/evict_oldest.ts";
import { type PlayoutRecord, toWhole } from "./_media/playout_record.ts";

/** Number of messages that are remembered. */
const MAX_REMEMBERED = 64;

/** The words of the model so far, and the part of them that was heard. */
export class SpokenWords {
  readonly #words = new LazyMap<string, string>();
  /** Words that had arrived when a message was interrupted, corresponding to its audio until then. */
  readonly #atCut = new LazyMap<string, string>();

  /** The words of a message so far. */
  of(itemId: string): string {
    return this.#words.get(itemId) ?? "";
  }

  /** Adds words to a message. */
  add(itemId: string, delta: string): void {
    this.#words.set(itemId, this.of(itemId) + delta);
    evictOldest(this.#words, MAX_REMEMBERED);
  }

  /** Records that a message is interrupted now. */
  cut(itemId: string): void {
    this.#atCut.set(itemId, this.of(itemId));
    evictOldest(this.#atCut, MAX_REMEMBERED);
  }

  /** The heard words of an interrupted message: an estimate, from the share of the audio that was heard. */
  heard({ itemId, playedMs, receivedMs }: PlayoutRecord, whole: string): string {
    return heardText(this.#atCut.get(itemId) || whole, toWhole(playedMs), toWhole(receivedMs));
  }
}

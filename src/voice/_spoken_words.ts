// This module is browser compatible.
import { LazyMap } from "../_internal/lazy_collections.ts";
import { heardText } from "../_internal/heard_text.ts";
import { evictOldest } from "../_internal/evict_oldest.ts";
import { type PlayoutRecord, toWhole } from "./_media/playout_record.ts";

/** How many messages are remembered. */
const MAX_REMEMBERED = 64;

/** The words that the model says, as far as they have come, and those that were heard of them. */
export class SpokenWords {
  readonly #words = new LazyMap<string, string>();
  /** Words that had come when a message was interrupted: as long as its audio until then. */
  readonly #atCut = new LazyMap<string, string>();

  /** The words that a message has so far. */
  of(itemId: string): string {
    return this.#words.get(itemId) ?? "";
  }

  /** Adds words to a message. */
  add(itemId: string, delta: string): void {
    this.#words.set(itemId, this.of(itemId) + delta);
    evictOldest(this.#words, MAX_REMEMBERED);
  }

  /** Notes that a message is interrupted now. */
  cut(itemId: string): void {
    this.#atCut.set(itemId, this.of(itemId));
    evictOldest(this.#atCut, MAX_REMEMBERED);
  }

  /** The words that were heard of a message that was interrupted: an estimate, from the share of the audio that was. */
  heard({ itemId, playedMs, receivedMs }: PlayoutRecord, whole = ""): string {
    return heardText(this.#atCut.get(itemId) || whole, toWhole(playedMs), toWhole(receivedMs));
  }
}

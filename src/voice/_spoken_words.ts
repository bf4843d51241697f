// This module is browser compatible.
import { LazyMap } from "../_internal/lazy_collections.ts";
import { heardText } from "../_internal/heard_text.ts";
import { evictOldest } from "../_internal/evict_oldest.ts";
import { type PlayoutRecord, toWhole } from "./_media/playout_record.ts";

/** Number of messages that are remembered. */
const MAX_REMEMBERED = 64;

/** The words of the model so far, and the part of them that was heard. */
export class SpokenWords {
  readonly #find: (itemId: string) => PlayoutRecord | undefined;
  readonly #report: (itemId: string, heardText: string) => void;
  readonly #words = new LazyMap<string, string>();
  /** Words that had arrived when a message was interrupted, corresponding to its audio until then. */
  readonly #atCut = new LazyMap<string, string>();

  /** `find` returns the record of a message; `report` is called with the heard words of one that was interrupted. */
  constructor(
    find: (itemId: string) => PlayoutRecord | undefined,
    report: (itemId: string, heardText: string) => void,
  ) {
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
    // Its first words may arrive after its audio was cut.
    this.heardOf(itemId, this.of(itemId));
  }

  /** Records that a message is interrupted now; returns its words, and the part of them that was heard. */
  cut(record: PlayoutRecord): { readonly text: string; readonly heardText: string } {
    const text = this.of(record.itemId);
    this.#atCut.set(record.itemId, text);
    evictOldest(this.#atCut, MAX_REMEMBERED);
    return { text, heardText: this.report(record) };
  }

  /** The heard words of a message, if it was interrupted. */
  heardOf(itemId: string, whole: string): string | undefined {
    const record = this.#find(itemId);
    return record && record.state !== "playing" ? this.report(record, whole) : undefined;
  }

  /**
   * Reports the heard words of an interrupted message, and returns them: an estimate, from the share of the audio that
   * was heard. `whole` contains its words, which count if there were none at the interruption.
   */
  report({ itemId, playedMs, receivedMs }: PlayoutRecord, whole = this.of(itemId)): string {
    const heard = heardText(this.#atCut.get(itemId) || whole, toWhole(playedMs), toWhole(receivedMs));
    this.#report(itemId, heard);
    return heard;
  }
}

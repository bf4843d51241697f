// This module is browser compatible.

/**
 * State of a spoken item: `"playing"` from its first audio on, even after all of it was heard; `"truncated"` after an
 * interruption that cut it at the heard position; `"discarding"` after an interruption before any of it was heard,
 * until the server has finished the item and allows its deletion; `"gone"` once the deletion was requested.
 *
 * @category Voice
 */
export type PlayoutState = "playing" | "truncated" | "discarding" | "gone";

/**
 * The audio of one spoken item. Times are milliseconds of audio, with fractions.
 *
 * @category Voice
 */
export interface PlayoutItem {
  /** Id of the assistant message. */
  readonly itemId: string;
  /** Id of the response that speaks it. */
  readonly responseId: string;
  /** Index of the content part that carries the audio. */
  readonly contentIndex: number;
  /** Audio that has arrived; with playback by the server an estimate from the words, as no audio arrives. */
  readonly receivedMs: number;
  /** Audio that was heard; never more than has arrived. */
  readonly heardMs: number;
  /** Whether all of its audio has arrived. */
  readonly complete: boolean;
  /** State of its playback. */
  readonly state: PlayoutState;
  /** Whether it was cut short: its state is not `"playing"`. Later audio of it is stale. */
  readonly cut: boolean;
}

/**
 * How an interrupted item is cut on the server: `"truncate"` it at the heard position, `"delete"` it if none of it was
 * heard, or `"discard"` it, that is, delete it as soon as the server has finished it, since the server rejects an
 * earlier deletion.
 *
 * @category Voice
 */
export type TruncationAction = "truncate" | "delete" | "discard";

/**
 * One item that was cut short.
 *
 * @category Voice
 */
export interface PlayoutTruncation {
  /** Id of the assistant message. */
  readonly itemId: string;
  /** Id of the response that speaks it. */
  readonly responseId: string;
  /** Index of the content part that carries the audio. */
  readonly contentIndex: number;
  /** Audio that was heard, in whole milliseconds. */
  readonly heardMs: number;
  /** Audio that had arrived, in whole milliseconds. */
  readonly receivedMs: number;
  /** How it is cut on the server. */
  readonly action: TruncationAction;
}

/**
 * The heard duration of each spoken item. The server sends audio faster than it is heard, so only this determines the
 * position of an interruption.
 *
 * @category Voice
 */
export interface PlayoutTracker {
  /** All remembered items, in the order in which their audio began to arrive. */
  readonly items: readonly PlayoutItem[];
  /** Audio that has arrived and is still to be heard, in milliseconds. */
  readonly unheardMs: number;
  /** The record of one item. */
  get(itemId: string): PlayoutItem | undefined;
  /**
   * Records the milliseconds of an item that its player has played so far. The position never goes back, nor beyond the
   * received audio; less than a millisecond short of that counts as all of it. Unknown items are ignored.
   *
   * A report within a second after an interruption is the player's own stop position: it may also move the cut back,
   * and the item is then truncated again. Later reports are ignored. Do not report audio that a player dropped.
   *
   * @throws {RangeError} when `heardMs` is negative or not finite.
   */
  report(itemId: string, heardMs: number): void;
}

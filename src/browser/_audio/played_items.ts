// This module is browser compatible.
import type { PlaybackPosition } from "../playback_position.ts";

/** How many items are remembered; playback is at the newest or a few before. */
const MAX_ITEMS = 64;

/** Keeps which messages are played under which key, and how far they are. Pure. */
export class PlayedItems {
  /** Key → id of the message, and where in it the first piece began. */
  readonly #items = new Map<number, { readonly itemId: string; readonly startMs: number }>();
  #lastKey = 0;
  #lastItemId: string | undefined;
  #position: PlaybackPosition | undefined;

  /** Where playback is. */
  get position(): PlaybackPosition | undefined {
    return this.#position;
  }

  /** The key for a piece of a message; another one when another message is played between its pieces. */
  keyOf(itemId: string, startMs: number): number {
    if (itemId === this.#lastItemId) return this.#lastKey;
    this.#lastItemId = itemId;
    this.#items.set(++this.#lastKey, { itemId, startMs });
    this.#items.delete(this.#lastKey - MAX_ITEMS);
    return this.#lastKey;
  }

  /** Notes how many milliseconds were played under a key. */
  note(key: number, ms: number): PlaybackPosition | undefined {
    const item = this.#items.get(key);
    if (item) this.#position = { itemId: item.itemId, playedMs: item.startMs + ms };
    return item && this.#position;
  }
}

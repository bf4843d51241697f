// This module is browser compatible.
import type { PlaybackPosition } from "../playback_position.ts";

/** Number of items kept; playback is at the newest or a few before it. */
const MAX_ITEMS = 64;

/** Tracks which message is played under which key, and how far it has been played. Pure. */
export class PlayedItems {
  /** Key → id of the message, and the start of its first piece. */
  readonly #items = new Map<number, { readonly itemId: string; readonly startMs: number }>();
  #lastKey = 0;
  #lastItemId: string | undefined;
  #position: PlaybackPosition | undefined;

  /** The current position of playback. */
  get position(): PlaybackPosition | undefined {
    return this.#position;
  }

  /** Returns the key for a piece of a message; a new one when another message was played between its pieces. */
  keyOf(itemId: string, startMs: number): number {
    if (itemId === this.#lastItemId) return this.#lastKey;
    this.#lastItemId = itemId;
    this.#items.set(++this.#lastKey, { itemId, startMs });
    this.#items.delete(this.#lastKey - MAX_ITEMS);
    return this.#lastKey;
  }

  /** Records the milliseconds played under a key. */
  note(key: number, ms: number): PlaybackPosition | undefined {
    const item = this.#items.get(key);
    if (item) this.#position = { itemId: item.itemId, playedMs: item.startMs + ms };
    return item && this.#position;
  }
}

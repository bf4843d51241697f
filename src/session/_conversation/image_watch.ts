// This module is browser compatible.
import { LazySet } from "../../_internal/lazy_collections.ts";
import { numberAt, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { ConversationEntry } from "../conversation.ts";
import { countImages } from "./item_content.ts";
import type { ItemRecord } from "./item_record.ts";

/** The part of the conversation that a response has read after the server omitted its oldest items. */
export interface ContextLoss {
  /** Tokens that the response has read. */
  readonly inputTokens: number;
  /** Minimum number of tokens that it would have read if nothing had been omitted. */
  readonly leastTokens: number;
}

/**
 * Estimates which images the server has omitted from the context, oldest first. The server does not name them, but it
 * counts the image tokens that a response has read. Where it does not count them, the share of all tokens is used
 * instead.
 */
export class ImageWatch {
  /** Items with images, in order of arrival. */
  readonly #records = new LazySet<ItemRecord>();
  /** Number of them that the active response reads. */
  #readable = 0;
  /** Average number of tokens per image, measured while none was omitted. */
  #tokensPerImage: number | undefined;
  #hasLost = false;

  /** Adds an item, if it has images. */
  add(record: ItemRecord): void {
    if (countImages(record.entry.item) > 0) this.#records.add(record);
  }

  /** Removes an item. */
  remove(record: ItemRecord): void {
    if (this.#records.delete(record)) this.#readable = Math.min(this.#readable, this.#records.size);
  }

  /** Processes a server event, but none of an out-of-band response. */
  receive({ type, response }: WireEvent): void {
    if (this.#records.size === 0) return;
    if (type === "response.created") this.#readable = this.#records.size;
    if (type !== "response.done" || this.#hasLost || stringAt(response, "status") !== "completed") return;
    const tokens = imageTokensOf(response);
    const count = imagesIn(this.#read());
    if (tokens > 0 && count > 0) this.#tokensPerImage = tokens / count;
  }

  /**
   * The items whose images are no longer in the context: the response in this event, a `response.done`, has not read
   * them. `entries` are all items in order.
   */
  lost({ response }: WireEvent, { inputTokens, leastTokens }: ContextLoss, entries: readonly ConversationEntry[]) {
    this.#hasLost = true;
    const read = this.#read();
    if (this.#tokensPerImage === undefined) {
      const oldest = entries.slice(0, Math.ceil(entries.length * (1 - inputTokens / leastTokens)));
      return read.filter(({ entry }) => oldest.includes(entry));
    }
    let surplus = imagesIn(read) - Math.round(imageTokensOf(response) / this.#tokensPerImage);
    return read.filter((record) => (surplus -= countImages(record.entry.item)) >= 0);
  }

  #read(): readonly ItemRecord[] {
    return [...this.#records].slice(0, this.#readable);
  }
}

function imagesIn(records: readonly ItemRecord[]): number {
  return records.reduce((sum, { entry }) => sum + countImages(entry.item), 0);
}

function imageTokensOf(response: unknown): number {
  return numberAt(response, "usage", "input_token_details", "image_tokens");
}

// This module is browser compatible.
import { LazySet } from "../../_internal/lazy_collections.ts";
import { addBounded } from "../../_internal/add_bounded.ts";
import { ImageWatch } from "./image_watch.ts";
import { ItemOrder } from "./item_order.ts";
import { type ItemPatch, type ItemRecord, patchRecord } from "./item_record.ts";

/**
 * Number of deleted items remembered, as their response and their transcription may still name them. An older one that
 * is named again reappears.
 */
const MAX_REMOVED = 256;

/** The items of a conversation. */
export class ItemTable extends ItemOrder {
  /** Tracks the images in the context. */
  readonly images: ImageWatch = new ImageWatch();
  /** The items that have not become final since they were added, in order of arrival. */
  readonly open: LazySet<ItemRecord> = new LazySet();
  readonly #removed = new LazySet<string>();
  #unnamed = 0;

  /** Creates an id for an item that the server does not name. */
  makeId(): string {
    return `local_${++this.#unnamed}`;
  }

  /** Whether an item was deleted. */
  isRemoved(id: string): boolean {
    return this.#removed.has(id);
  }

  /** Adds an item behind another one; at the front for `null`, at the end for `undefined`. */
  add(record: ItemRecord, after?: string | null): void {
    this.images.add(record);
    if (!record.entry.final) this.open.add(record);
    this.insert(record, after);
  }

  /** Changes an item. */
  change(record: ItemRecord, patch: ItemPatch): void {
    const before = record.entry;
    if (!patchRecord(record, patch)) return;
    if (record.entry.final) this.open.delete(record);
    this.images.add(record);
    this.replace(before, record);
  }

  /** Removes an item, if it exists, and remembers that it was deleted. */
  delete(id: string): void {
    addBounded(this.#removed, id, MAX_REMOVED);
    const record = this.get(id);
    if (!record) return;
    this.open.delete(record);
    this.images.remove(record);
    this.remove(record);
  }
}

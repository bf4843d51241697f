// This module is browser compatible.
import { remember } from "../../_internal/recent_ids.ts";
import type { ConversationChange, ConversationEntry } from "../conversation.ts";
import { ImageWatch } from "./image_watch.ts";
import { ItemOrder } from "./item_order.ts";
import { type ItemPatch, type ItemRecord, patchRecord } from "./item_record.ts";

/** How many deleted items are remembered: a response still names them at its end, and a transcription may be late. */
const MAX_REMOVED = 256;

/** The items of a conversation, and the list of their changes. */
export class ItemTable {
  /** Which images are in the context. */
  readonly images: ImageWatch = new ImageWatch();
  readonly #order = new ItemOrder();
  /** The items that have not become final since they were added. */
  readonly #open = new Set<ItemRecord>();
  readonly #removed = new Set<string>();
  #changes: ConversationChange[] = [];
  /** The entries in order; copied before a change when somebody holds them. */
  #entries: ConversationEntry[] = [];
  #isHeld = false;
  #unnamed = 0;

  /** The items in order. */
  get records(): readonly ItemRecord[] {
    return this.#order.records;
  }

  /** The items that have not become final since they were added, in order of arrival. */
  get open(): readonly ItemRecord[] {
    return [...this.#open];
  }

  /** The public state: the same array until something changes. */
  get entries(): readonly ConversationEntry[] {
    this.#isHeld = true;
    return this.#entries;
  }

  /** Returns what has changed since the last call. */
  takeChanges(): readonly ConversationChange[] {
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  /** Finds an item. */
  get(id: string): ItemRecord | undefined {
    return this.#order.get(id);
  }

  /** Finds the last item that passes a test. */
  newest(test: (record: ItemRecord) => boolean): ItemRecord | undefined {
    return this.records.findLast(test);
  }

  /** Makes an id for an item that the server does not name. */
  makeId(): string {
    return `local_${++this.#unnamed}`;
  }

  /** Whether an item was deleted. */
  isRemoved(id: string): boolean {
    return this.#removed.has(id);
  }

  /** Adds an item behind another one; at the front for `null`, at the end for `undefined`. */
  add(record: ItemRecord, after: string | null | undefined): void {
    this.images.add(record);
    if (!record.entry.final) this.#open.add(record);
    this.#order.insert(record, after, (added, index) => this.#note("added", added, index), this.#noteMove);
  }

  /** Moves an item behind another one, or to the front. */
  place(record: ItemRecord, after: string | null): void {
    this.#order.place(record, after, this.#noteMove);
  }

  /** Changes an item. */
  change(record: ItemRecord, patch: ItemPatch): void {
    if (!patchRecord(record, patch)) return;
    if (record.entry.final) this.#open.delete(record);
    this.images.add(record);
    this.#note("changed", record, this.#order.indexOf(record));
  }

  /** Takes an item out, if it is there, and remembers that it was deleted. */
  remove(id: string): void {
    remember(this.#removed, id, MAX_REMOVED);
    const record = this.get(id);
    if (!record) return;
    this.#open.delete(record);
    this.images.remove(record);
    this.#note("removed", record, this.#order.remove(record));
  }

  readonly #noteMove = (record: ItemRecord, index: number): void => this.#note("moved", record, index);

  #note(type: ConversationChange["type"], { entry }: ItemRecord, index: number): void {
    if (this.#isHeld) this.#entries = [...this.#entries];
    this.#isHeld = false;
    if (type === "changed") this.#entries[index] = entry;
    if (type === "removed") this.#entries.splice(index, 1);
    if (type === "moved") this.#entries.splice(this.#entries.lastIndexOf(entry), 1);
    if (type === "added" || type === "moved") this.#entries.splice(index, 0, entry);
    this.#changes.push({ type, entry, index });
  }
}

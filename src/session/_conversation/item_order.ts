// This module is browser compatible.
import { keepNewest } from "../../_internal/keep_newest.ts";
import type { ItemRecord } from "./item_record.ts";

/** How many unknown predecessors are remembered; items that name an older one stay at the place of their arrival. */
const MAX_AWAITED = 256;

/** Called after an item has been added or moved, with its position. */
export type OnPlaced = (record: ItemRecord, index: number) => void;

/**
 * The items of a conversation in order.
 *
 * An item goes directly behind the predecessor that the server states. While the predecessor is unknown, the item stays
 * where it arrived, together with the items that follow it in an unbroken chain; when the predecessor arrives, they are
 * joined.
 */
export class ItemOrder {
  readonly #records: ItemRecord[] = [];
  readonly #byId = new Map<string, ItemRecord>();
  /** Items by the predecessor that they wait for. */
  readonly #awaited = new Map<string, Set<ItemRecord>>();

  /** The items in order. */
  get records(): readonly ItemRecord[] {
    return this.#records;
  }

  /** Finds an item. */
  get(id: string): ItemRecord | undefined {
    return this.#byId.get(id);
  }

  /** Position of an item. Most events are about the latest items. */
  indexOf(record: ItemRecord): number {
    return this.#records.lastIndexOf(record);
  }

  /**
   * Adds an item: at the front for `null`, directly behind a known predecessor, else directly before an item that waits
   * for it, else at the end.
   */
  insert(record: ItemRecord, after: string | null | undefined, onAdded: OnPlaced, onMoved: OnPlaced): void {
    const { id } = record.entry;
    record.after = after;
    const target = this.#byId.get(after ?? "");
    const followers = this.#followersOf(id);
    const place = after === null ? 0 : target ? this.indexOf(target) + 1 : followers[0] && this.indexOf(followers[0]);
    const index = place ?? this.#records.length;
    this.#records.splice(index, 0, record);
    this.#byId.set(id, record);
    if (typeof after === "string" && !target) this.#await(record, after);
    onAdded(record, index);
    for (const follower of followers) this.#moveChain(follower, record, onMoved);
  }

  /** Moves an item behind the predecessor that the server states; `null` is the front. A repetition changes nothing. */
  place(record: ItemRecord, after: string | null, onMoved: OnPlaced): void {
    if (record.after === after || after === record.entry.id) return;
    const wasPlaced = record.after === null || this.#byId.has(record.after ?? "");
    record.after = after;
    const target = this.#byId.get(after ?? "");
    if (after !== null && !target) this.#await(record, after);
    else if (wasPlaced) this.#move([record], target, onMoved);
    else this.#moveChain(record, target, onMoved);
  }

  /** Takes an item out; returns its former position. */
  remove(record: ItemRecord): number {
    const index = this.indexOf(record);
    this.#records.splice(index, 1);
    this.#byId.delete(record.entry.id);
    return index;
  }

  #await(record: ItemRecord, id: string): void {
    const waiting = this.#awaited.get(id) ?? new Set();
    this.#awaited.set(id, waiting.add(record));
    keepNewest(this.#awaited, MAX_AWAITED);
  }

  /** Takes out the items that wait for this one. */
  #followersOf(id: string): readonly ItemRecord[] {
    const waiting = [...this.#awaited.get(id) ?? []];
    this.#awaited.delete(id);
    return waiting.filter((record) => record.after === id && this.#byId.get(record.entry.id) === record);
  }

  /** Moves an item, and the unbroken run of items behind it that are there because of it. */
  #moveChain(first: ItemRecord, target: ItemRecord | undefined, onMoved: OnPlaced): void {
    const from = this.indexOf(first);
    const ids = new Set([first.entry.id]);
    let end = from + 1;
    for (; ids.has(this.#records[end]?.after ?? ""); end++) ids.add(this.#records[end]!.entry.id);
    const chain = this.#records.slice(from, end);
    // A chain cannot follow one of its own items.
    this.#move(target && ids.has(target.entry.id) ? [first] : chain, target, onMoved);
  }

  #move(records: readonly ItemRecord[], target: ItemRecord | undefined, onMoved: OnPlaced): void {
    if (this.#records[this.indexOf(records[0]!) - 1] === target) return;
    for (const record of records) {
      this.#records.splice(this.indexOf(record), 1);
      const index = target ? this.indexOf(target) + 1 : 0;
      this.#records.splice(index, 0, record);
      onMoved(record, index);
      target = record;
    }
  }
}

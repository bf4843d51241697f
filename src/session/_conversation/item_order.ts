// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import type { ConversationChange, ConversationEntry } from "../conversation.ts";
import type { ItemRecord } from "./item_record.ts";

/** Number of unknown predecessors remembered; items that name an older one stay where they arrived. */
const MAX_AWAITED = 256;

/**
 * The items of a conversation in order, and the list of their changes.
 *
 * An item goes directly behind the predecessor that the server names. While the predecessor is unknown, the item stays
 * where it arrived, together with the items that follow it in an unbroken chain; when the predecessor arrives, they are
 * joined.
 */
export class ItemOrder {
  readonly #byId = new LazyMap<string, ItemRecord>();
  /** Items by the predecessor that they wait for. */
  readonly #awaited = new LazyMap<string, Set<ItemRecord>>();
  /** Items that the server no longer has: its items behind their predecessor are placed behind them. */
  #forgotten: WeakSet<ItemRecord> | undefined;
  #changes: ConversationChange[] = [];
  /** Copied before a change when a caller holds it. */
  #entries: ConversationEntry[] = [];
  #isHeld = false;

  /** The public state: the same array until something changes. */
  get entries(): readonly ConversationEntry[] {
    this.#isHeld = true;
    return this.#entries;
  }

  /** Number of changes that {@linkcode takeChange} has not returned yet. */
  get pending(): number {
    return this.#changes.length;
  }

  /** Returns the oldest change that was not returned before. */
  takeChange(): ConversationChange | undefined {
    return this.#changes.shift();
  }

  /** Finds an item. */
  get(id: unknown): ItemRecord | undefined {
    return this.#byId.get(id as string);
  }

  /** Whether another item names this unknown one as its predecessor. */
  isAwaited(id: string): boolean {
    return this.#awaited.has(id);
  }

  /** Finds the last item that passes a test. */
  newest(test: (record: ItemRecord) => boolean): ItemRecord | undefined {
    return this.get(this.#entries.findLast(({ id }) => test(this.get(id)!))?.id);
  }

  /**
   * Adds an item: at the front for `null`, directly behind a known predecessor, else directly before an item that waits
   * for it, else at the end.
   */
  insert(record: ItemRecord, after: string | null | undefined): void {
    const { id } = record.entry;
    record.after = after;
    const target = this.get(after);
    const waiting = [...this.#awaited.get(id) ?? []];
    const followers = waiting.filter((other) => other.after === id && this.get(other.entry.id) === other);
    const isPlaced = after === null || target !== undefined;
    const next = isPlaced ? this.#placeBehind(target) : followers[0] && this.#indexOf(followers[0]);
    this.#byId.set(id, record);
    this.#awaited.delete(id);
    if (after && !target) this.#await(record, after);
    this.#put("added", record, next ?? this.#entries.length);
    for (const follower of followers) this.#moveChain(follower, record);
  }

  /** Moves an item behind the predecessor that the server names; `null` is the front. A repetition changes nothing. */
  place(record: ItemRecord, after: string | null): void {
    if (record.after === after || after === record.entry.id) return;
    this.#forgotten?.delete(record);
    const wasPlaced = record.after === null || this.get(record.after);
    record.after = after;
    const target = this.get(after);
    if (after !== null && !target) this.#await(record, after);
    else if (wasPlaced) this.#move([record], target);
    else this.#moveChain(record, target);
  }

  /** Records that the server no longer has an item. */
  forget(id: string): void {
    const record = this.get(id);
    // Few sessions need it, and it takes two kilobytes.
    if (record) (this.#forgotten ??= new WeakSet()).add(record);
  }

  /** Records that the entry of an item has been replaced. */
  replace(before: ConversationEntry, record: ItemRecord): void {
    const index = this.#entries.lastIndexOf(before);
    this.#own()[index] = record.entry;
    this.#changes.push({ type: "changed", entry: record.entry, index });
  }

  /** Removes an item. */
  remove(record: ItemRecord): void {
    const { entry } = record;
    const index = this.#indexOf(record);
    this.#own().splice(index, 1);
    this.#byId.delete(entry.id);
    this.#changes.push({ type: "removed", entry, index });
  }

  /** Position of an item. Most events are about the latest items. */
  #indexOf({ entry }: ItemRecord): number {
    return this.#entries.lastIndexOf(entry);
  }

  /** The place of an item that the server puts behind another one, or at the front. */
  #placeBehind(target: ItemRecord | undefined): number {
    let index = target ? this.#indexOf(target) + 1 : 0;
    while (this.#forgotten?.has(this.get(this.#entries[index]?.id)!)) index++;
    return index;
  }

  #await(record: ItemRecord, id: string): void {
    const waiting = this.#awaited.get(id) ?? new Set();
    this.#awaited.set(id, waiting.add(record));
    evictOldest(this.#awaited, MAX_AWAITED);
  }

  /** Moves an item, and the unbroken run of items that follow it. */
  #moveChain(first: ItemRecord, target: ItemRecord | undefined): void {
    const chain = new Set([first]);
    for (let index = this.#indexOf(first) + 1;; index++) {
      const next = this.get(this.#entries[index]?.id);
      if (!next || !chain.has(this.get(next.after)!)) break;
      chain.add(next);
    }
    // A chain cannot follow one of its own items.
    this.#move(target && chain.has(target) ? [first] : chain, target);
  }

  #move(records: Iterable<ItemRecord>, target: ItemRecord | undefined): void {
    for (const record of records) {
      const from = this.#indexOf(record);
      if (from !== this.#placeBehind(target)) {
        this.#own().splice(from, 1);
        this.#put("moved", record, this.#placeBehind(target));
      }
      target = record;
    }
  }

  #put(type: ConversationChange["type"], { entry }: ItemRecord, index: number): void {
    this.#own().splice(index, 0, entry);
    this.#changes.push({ type, entry, index });
  }

  #own(): ConversationEntry[] {
    if (this.#isHeld) this.#entries = [...this.#entries];
    this.#isHeld = false;
    return this.#entries;
  }
}

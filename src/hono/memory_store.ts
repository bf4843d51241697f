import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { aFunction } from "../_internal/option_kinds.ts";
import { applyOperation, type StoredRecord } from "./_stores/records.ts";
import { kindOf, storeOf } from "./_stores/store_of.ts";
import type { RealtimeStore, StoreHold } from "./realtime_store.ts";

/** Least number of operations between deletions of expired entries. */
const SWEEP_EVERY = 1024;

/**
 * Options of {@linkcode memoryStore}.
 *
 * @category Edge app
 */
export interface MemoryStoreOptions {
  /**
   * Unix time in milliseconds.
   *
   * @default {Date.now}
   */
  now?: (() => number) | undefined;
}

/**
 * Creates a store in the memory of this process: enough for one server. Several servers or isolates then count
 * separately.
 *
 * @category Edge app
 *
 * @example A single place
 * ```ts
 * import { memoryStore } from "@oai-rt/edge/hono";
 * import { assertEquals } from "@std/assert";
 *
 * const store = memoryStore();
 * await store.hold("relays", "alice", { max: 1, ttlMs: 60_000 });
 * assertEquals((await store.hold("relays", "bob", { max: 1, ttlMs: 60_000 })).ok, false);
 * ```
 *
 * @throws {TypeError} when an option is unknown.
 */
export function memoryStore(options: MemoryStoreOptions = {}): RealtimeStore {
  checkOptions("create the store", options, { now: aFunction } satisfies OptionNames<MemoryStoreOptions>);
  const { now = Date.now } = options;
  const records = new Map<string, StoredRecord>();
  const places = new Map<string, Places>();
  let operationsLeft = SWEEP_EVERY;
  const sweep = () => {
    const time = now();
    let left = 0;
    for (const [key, { expiresAt }] of records) if (expiresAt <= time) records.delete(key);
    for (const [key, taken] of places) {
      const count = taken.sweep(time);
      left += count;
      if (count === 0) places.delete(key);
    }
    // The next sweep comes after as many operations as entries are left, so that each operation pays for one entry.
    operationsLeft = Math.max(SWEEP_EVERY, records.size + left);
  };
  return storeOf((operation) => {
    if (--operationsLeft <= 0) sweep();
    if (operation.op === "hold") {
      const taken = places.get(operation.key) ?? new Places();
      places.set(operation.key, taken);
      return taken.take(operation.holder, operation.max ?? Infinity, now(), operation.ttlMs);
    }
    if (operation.op === "release") return places.get(operation.key)?.release(operation.holder);
    // Counters and texts of one key are separate, as in the other stores.
    const key = `${kindOf(operation.op)} ${operation.key}`;
    const { record, result } = applyOperation(records.get(key), operation, now());
    if (record) records.set(key, record);
    return result;
  });
}

/** Taken places. The cost of taking one does not depend on their number, unless all are taken. */
class Places {
  /** Expiry of each holder's place. */
  readonly #until = new Map<string, number>();

  take(holder: string, max: number, now: number, ttlMs: number): StoreHold {
    const isHeld = (this.#until.get(holder) ?? 0) > now;
    if (!isHeld && this.#until.size >= max && this.sweep(now) >= max) {
      const first = this.#until.values().reduce((first, until) => Math.min(first, until), now + ttlMs);
      return { ok: false, retryMs: first - now };
    }
    this.#until.set(holder, now + ttlMs);
    return { ok: true, retryMs: 0 };
  }

  release(holder: string): void {
    this.#until.delete(holder);
  }

  /** Frees expired places; returns the number of taken ones. */
  sweep(now: number): number {
    this.#until.forEach((until, holder) => {
      if (until <= now) this.#until.delete(holder);
    });
    return this.#until.size;
  }
}

import { applyOperation, type StoredRecord } from "./_stores/records.ts";
import { kindOf, storeOf } from "./_stores/store_of.ts";
import type { RealtimeStore } from "./realtime_store.ts";

/** After how many operations what has expired is deleted. */
const SWEEP_EVERY = 1024;

/** Options of {@linkcode memoryStore}. */
export interface MemoryStoreOptions {
  /**
   * Unix time in milliseconds.
   *
   * @default {Date.now}
   */
  now?: (() => number) | undefined;
}

/**
 * Makes a store in the memory of this process: enough for one server. Several servers or isolates each count for
 * themselves with it.
 *
 * @example A place for one
 * ```ts
 * import { memoryStore } from "@oai-rt/edge/hono";
 * import { assertEquals } from "@std/assert";
 *
 * const store = memoryStore();
 * await store.hold("relays", "alice", { max: 1, ttlMs: 60_000 });
 * assertEquals((await store.hold("relays", "bob", { max: 1, ttlMs: 60_000 })).ok, false);
 * ```
 */
export function memoryStore({ now = Date.now }: MemoryStoreOptions = {}): RealtimeStore {
  const records = new Map<string, StoredRecord>();
  let operations = 0;
  const sweep = () => {
    const time = now();
    for (const [key, { expiresAt }] of records) if (expiresAt <= time) records.delete(key);
  };
  return storeOf((operation) => {
    if (++operations % SWEEP_EVERY === 0) sweep();
    const key = `${kindOf(operation.op)} ${operation.key}`;
    const { record, result } = applyOperation(records.get(key), operation, now());
    if (record) records.set(key, record);
    else if (record === null) records.delete(key);
    return result;
  });
}

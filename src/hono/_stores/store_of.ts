import { hasMethods } from "../_app/rule.ts";
import type { RealtimeStore, StoreCount, StoreHold } from "../realtime_store.ts";
import type { StoreOperation } from "./records.ts";

/**
 * Checks the object of the host in which the values are kept; `words` describes it.
 *
 * @throws {TypeError} when it does not have these methods: it is missing, or a promise.
 */
export function assertHost(host: unknown, methods: readonly string[], words: string): void {
  if (!hasMethods(...methods)(host)) throw new TypeError(`Cannot create the store as it needs ${words}`);
}

/** Creates a store from a function that executes one atomic operation. */
export function storeOf(run: (operation: StoreOperation) => unknown): RealtimeStore {
  return {
    add: (key, amount, options) => run({ op: "add", key, amount, ...options }) as StoreCount | Promise<StoreCount>,
    hold: (key, holder, options) => run({ op: "hold", key, holder, ...options }) as StoreHold | Promise<StoreHold>,
    release: (key, holder) => done(run({ op: "release", key, holder })),
    get: (key) => run({ op: "get", key }) as string | null | Promise<string | null>,
    put: (key, value, { ttlMs }) => done(run({ op: "put", key, value, ttlMs })),
  };
}

function done(result: unknown): void | Promise<void> {
  return result instanceof Promise ? result.then(() => undefined) : undefined;
}

/** The kind of value of an operation. Counters, places and texts of one key are separate. */
export function kindOf(op: StoreOperation["op"]): string {
  return op === "add" ? "count" : op === "get" || op === "put" ? "text" : "places";
}

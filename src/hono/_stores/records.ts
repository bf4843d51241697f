import type { StoreCount, StoreHold } from "../realtime_store.ts";

/** One operation on one key, in the form sent by adapters: JSON converts a `max` of Infinity to null. */
export type StoreOperation =
  | {
    readonly op: "add";
    readonly key: string;
    readonly amount: number;
    readonly max?: number | null | undefined;
    readonly ttlMs: number;
  }
  | {
    readonly op: "hold";
    readonly key: string;
    readonly holder: string;
    readonly max: number | null;
    readonly ttlMs: number;
  }
  | { readonly op: "release"; readonly key: string; readonly holder: string }
  | { readonly op: "get"; readonly key: string }
  | { readonly op: "put"; readonly key: string; readonly value: string; readonly ttlMs: number };

/** A stored record. Times are Unix times in milliseconds. */
export interface StoredRecord {
  /** Expiry of the record. */
  readonly expiresAt: number;
  /** Value of a counter. */
  readonly count?: number | undefined;
  /** Holders of taken places, with their expiry. */
  readonly holders?: Readonly<Record<string, number>> | undefined;
  /** A text. */
  readonly text?: string | undefined;
}

/** The result of an operation on a record. */
export interface StoreOutcome {
  /** The result of the operation. */
  readonly result: StoreCount | StoreHold | string | null;
  /** The new record; `null` to delete it, `undefined` when it is unchanged. */
  readonly record?: StoredRecord | null | undefined;
}

/** Applies an operation to a record. Pure: adapters with an atomic read and write use it. */
export function applyOperation(stored: StoredRecord | undefined, operation: StoreOperation, now: number): StoreOutcome {
  const live = stored && stored.expiresAt > now ? stored : undefined;
  switch (operation.op) {
    case "add": {
      const { amount, ttlMs } = operation;
      const max = operation.max ?? Infinity;
      const { count = 0, expiresAt = now + ttlMs } = live ?? {};
      const resetMs = expiresAt - now;
      if (count + amount > max) return { result: { ok: false, value: count, resetMs } };
      // A subtraction may come after its counter has expired: it must not leave the next one below 0.
      const value = amount < 0 ? Math.max(0, count + amount) : count + amount;
      const result = { ok: true, value, resetMs };
      return value === count ? { result } : { result, record: { count: value, expiresAt } };
    }
    case "hold": {
      const { holder, ttlMs } = operation;
      const max = operation.max ?? Infinity;
      const holders = Object.entries(live?.holders ?? {}).filter(([id, until]) => until > now && id !== holder);
      const isHeld = (live?.holders?.[holder] ?? 0) > now;
      if (!isHeld && holders.length >= max) {
        return { result: { ok: false, retryMs: Math.min(...holders.map(([, until]) => until), now + ttlMs) - now } };
      }
      return { result: { ok: true, retryMs: 0 }, record: toRecord([...holders, [holder, now + ttlMs]]) };
    }
    case "release": {
      const holders = Object.entries(live?.holders ?? {}).filter(([id]) => id !== operation.holder);
      return { result: null, record: holders.length > 0 ? toRecord(holders) : null };
    }
    case "get":
      return { result: live?.text ?? null };
    case "put":
      return { result: null, record: { text: operation.value, expiresAt: now + operation.ttlMs } };
  }
}

function toRecord(holders: readonly (readonly [string, number])[]): StoredRecord {
  return { holders: Object.fromEntries(holders), expiresAt: Math.max(...holders.map(([, until]) => until)) };
}

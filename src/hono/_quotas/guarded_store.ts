import type { Clock } from "../../_internal/clock.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { isRecord } from "../../_internal/wire.ts";
import type { RealtimeStore, StoreCount, StoreHold } from "../realtime_store.ts";

/** Options of {@linkcode guardedStore}. */
export interface GuardedStoreOptions {
  /** Timeout of an operation, in milliseconds. */
  readonly timeoutMs: number;
  /** Source of time. */
  readonly clock: Clock;
}

/** A store failed, timed out, or returned an invalid result. */
export class StoreError extends Error {
  /** Resolves when the store has carried the operation out nevertheless, after its timeout; it may never settle. */
  readonly late: Promise<unknown> | undefined;

  constructor(operation: string, cause: unknown, late?: Promise<unknown>) {
    super(`Cannot count as the store failed: ${operation}`, { cause });
    this.name = "StoreError";
    this.late = late;
  }
}

/**
 * Guards against a store of the host that throws, hangs or returns invalid results: each of these is a {@linkcode
 * StoreError}. Synchronous results are passed on synchronously.
 */
export function guardedStore(store: RealtimeStore, { clock, timeoutMs }: GuardedStoreOptions): RealtimeStore {
  const guard = <Result>(
    name: string,
    run: () => unknown,
    is: (value: unknown) => boolean,
  ): Result | Promise<Result> => {
    const assert = (value: unknown): Result => {
      if (is(value)) return value as Result;
      throw new StoreError(name, new TypeError(`It answered ${JSON.stringify(value)?.slice(0, 100)}`));
    };
    const fail = (error: unknown, late?: Promise<unknown>): never => {
      throw error instanceof StoreError ? error : new StoreError(name, error, late);
    };
    try {
      const value = run();
      if (!isThenable(value)) return assert(value);
      const answer = Promise.resolve(value);
      return withTimeout(() => answer, { what: `${name} in the store`, timeoutMs, clock })
        .then(assert, (error) => fail(error, answer));
    } catch (error) {
      return fail(error);
    }
  };
  return {
    add: (key, amount, options) => guard<StoreCount>("add", () => store.add(key, amount, options), isCount),
    hold: (key, holder, options) => guard<StoreHold>("hold", () => store.hold(key, holder, options), isHold),
    release: (key, holder) => guard<void>("release", () => store.release(key, holder), () => true),
    get: (key) => guard<string | null>("get", () => store.get(key), (value) => value === null || isText(value)),
    put: (key, value, options) => guard<void>("put", () => store.put(key, value, options), () => true),
  };
}

/** Ignores a failing store: repetitions are then not detected, but the call succeeds. */
export async function orReport<Result>(
  report: (error: unknown) => void,
  ask: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await ask();
  } catch (error) {
    report(error);
    return undefined;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isRecord(value) && typeof value.then === "function";
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}

function isCount(value: unknown): boolean {
  return isRecord(value) && typeof value.ok === "boolean" && isAmount(value.value) && isAmount(value.resetMs);
}

function isHold(value: unknown): boolean {
  return isRecord(value) && typeof value.ok === "boolean" && isAmount(value.retryMs);
}

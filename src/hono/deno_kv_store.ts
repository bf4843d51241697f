import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { aFunction, aString } from "../_internal/option_kinds.ts";
import { applyOperation, type StoredRecord, type StoreOperation } from "./_stores/records.ts";
import { assertHost, kindOf, storeOf } from "./_stores/store_of.ts";
import type { RealtimeStore } from "./realtime_store.ts";

/** Number of retries of a conflicting change. */
const MAX_ATTEMPTS = 200;

/** Longest pause before another attempt, in milliseconds. */
const MAX_PAUSE_MS = 20;

/**
 * The members of a Deno KV transaction that are used.
 *
 * @category Edge app
 */
export interface DenoKvAtomicLike {
  /** Makes the transaction fail when the value has changed. */
  check(check: { readonly key: readonly string[]; readonly versionstamp: string | null }): this;
  /** Sets a value. */
  set(key: readonly string[], value: unknown, options: { expireIn: number }): this;
  /** Deletes a value. */
  delete(key: readonly string[]): this;
  /** Commits the transaction. */
  commit(): Promise<{ readonly ok: boolean }>;
}

/**
 * The members of a `Deno.Kv` that are used.
 *
 * @category Edge app
 */
export interface DenoKvLike {
  /** Reads a value. */
  get(key: readonly string[]): Promise<{ readonly value: unknown; readonly versionstamp: string | null }>;
  /** Begins a transaction. */
  atomic(): DenoKvAtomicLike;
}

/**
 * Options of {@linkcode denoKvStore}.
 *
 * @category Edge app
 */
export interface DenoKvStoreOptions {
  /**
   * First part of every key.
   *
   * @default {"oai-rt-edge"}
   */
  prefix?: string | undefined;
  /**
   * Unix time in milliseconds.
   *
   * @default {Date.now}
   */
  now?: (() => number) | undefined;
}

/**
 * Creates a store in Deno KV: `denoKvStore(await Deno.openKv())`. Values also expire in the database.
 *
 * @category Edge app
 *
 * @throws {TypeError} when an option is unknown, or `kv` is no database, but for example a promise of one.
 */
export function denoKvStore(kv: DenoKvLike, options: DenoKvStoreOptions = {}): RealtimeStore {
  checkOptions(
    "create the store",
    options,
    { now: aFunction, prefix: aString } satisfies OptionNames<DenoKvStoreOptions>,
  );
  assertHost(kv, ["get", "atomic"], "a database: await Deno.openKv()");
  const { now = Date.now, prefix = "oai-rt-edge" } = options;
  return storeOf(async (operation: StoreOperation) => {
    const key = [prefix, kindOf(operation.op), operation.key];
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const { value, versionstamp } = await kv.get(key);
      const time = now();
      const { record, result } = applyOperation((value ?? undefined) as StoredRecord | undefined, operation, time);
      if (record === undefined) return result;
      const change = kv.atomic().check({ key, versionstamp });
      if (record) change.set(key, record, { expireIn: Math.max(1, Math.ceil(record.expiresAt - time)) });
      else change.delete(key);
      if ((await change.commit()).ok) return result;
      const pauseMs = Math.random() * Math.min(attempt, MAX_PAUSE_MS);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    throw new Error(`Cannot change ${operation.key} in Deno KV as others changed it ${MAX_ATTEMPTS} times meanwhile`);
  });
}

import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { applyOperation, type StoredRecord, type StoreOperation } from "./_stores/records.ts";
import { kindOf, storeOf } from "./_stores/store_of.ts";
import type { RealtimeStore } from "./realtime_store.ts";

/** How often a change is tried again that others came before. */
const MAX_ATTEMPTS = 200;

/** Longest pause before another attempt, in milliseconds. */
const MAX_PAUSE_MS = 20;

/**
 * What is used of a transaction of Deno KV.
 *
 * @category Edge app
 */
export interface DenoKvAtomicLike {
  /** Lets the transaction fail when the value has changed. */
  check(check: { readonly key: readonly string[]; readonly versionstamp: string | null }): this;
  /** Sets a value. */
  set(key: readonly string[], value: unknown, options: { expireIn: number }): this;
  /** Deletes a value. */
  delete(key: readonly string[]): this;
  /** Carries the transaction out. */
  commit(): Promise<{ readonly ok: boolean }>;
}

/**
 * What is used of a `Deno.Kv`.
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
 * Makes a store in Deno KV: `denoKvStore(await Deno.openKv())`. Values expire in the database, too.
 *
 * @category Edge app
 *
 * @throws {TypeError} when an option is unknown.
 */
export function denoKvStore(kv: DenoKvLike, options: DenoKvStoreOptions = {}): RealtimeStore {
  checkOptions("create the store", options, { now: 1, prefix: 1 } satisfies OptionNames<DenoKvStoreOptions>);
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

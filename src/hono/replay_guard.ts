import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { aFunction, aNumber, aString } from "../_internal/option_kinds.ts";
import { randomId } from "../_internal/ids.ts";
import type { RealtimeStore } from "./realtime_store.ts";

/**
 * State of a webhook: `"new"` (or `true`), and claimed by this call; `"pending"`, as another server is handling it; or
 * `"handled"` (or `false`).
 *
 * @category Edge app
 */
export type WebhookClaim = boolean | "new" | "pending" | "handled";

/**
 * Remembers webhooks. A guard for several servers keeps them in a database with an atomic insert.
 *
 * @category Edge app
 */
export interface ReplayGuard {
  /** Claims a webhook, for at least ten minutes. Must check and claim in one step. */
  claim(webhookId: string): WebhookClaim | Promise<WebhookClaim>;
  /** Releases a webhook whose handling failed: OpenAI sends it again. */
  release(webhookId: string): void | Promise<void>;
  /** Records that a claimed webhook was handled. A guard that never returns `"pending"` does not need it. */
  settle?(webhookId: string): void | Promise<void>;
}

/** Default time that a webhook is remembered, in milliseconds: twice the tolerance of its timestamp. */
const DEFAULT_REPLAY_WINDOW_MS = 600_000;

/** Default number of webhooks remembered. */
const DEFAULT_MAX_REMEMBERED = 10_000;

/**
 * Options of {@linkcode createReplayGuard}.
 *
 * @category Edge app
 */
export interface ReplayGuardOptions {
  /**
   * Time that a webhook is remembered, in milliseconds, at least 0.
   *
   * @default {600000}
   */
  windowMs?: number | undefined;
  /**
   * Number of webhooks remembered, at least 1; with one more, the oldest is forgotten.
   *
   * @default {10000}
   */
  maxRemembered?: number | undefined;
  /**
   * Unix time in milliseconds.
   *
   * @default {Date.now}
   */
  now?: (() => number) | undefined;
}

/**
 * Creates a guard that remembers in memory: enough for one process, and for most repetitions on many isolates.
 *
 * @category Edge app
 *
 * @throws {TypeError} when an option is unknown.
 */
export function createReplayGuard(options: ReplayGuardOptions = {}): ReplayGuard {
  const known: OptionNames<ReplayGuardOptions> = { maxRemembered: aNumber, now: aFunction, windowMs: aNumber };
  checkOptions("create the replay guard", options, known);
  const { maxRemembered = DEFAULT_MAX_REMEMBERED, now = Date.now, windowMs = DEFAULT_REPLAY_WINDOW_MS } = options;
  const claimedAt = new Map<string, number>();
  return {
    claim(webhookId) {
      const time = now();
      for (const [id, claimed] of claimedAt) {
        if (time - claimed < windowMs) break;
        claimedAt.delete(id);
      }
      if (claimedAt.has(webhookId)) return false;
      for (const id of claimedAt.keys()) {
        if (claimedAt.size < maxRemembered) break;
        claimedAt.delete(id);
      }
      claimedAt.set(webhookId, time);
      return true;
    },
    release: (webhookId) => void claimedAt.delete(webhookId),
  };
}

/** Time that a server has to handle a webhook before another one may, in milliseconds. */
export const PENDING_MS = 60_000;

/**
 * Options of {@linkcode storeReplayGuard}.
 *
 * @category Edge app
 */
export interface StoreReplayGuardOptions {
  /**
   * Time that a webhook is remembered, in milliseconds, at least 0.
   *
   * @default {600000}
   */
  windowMs?: number | undefined;
  /**
   * Name of this server in the store.
   *
   * @default {a random name}
   */
  holder?: string | undefined;
}

/**
 * Creates a guard that remembers in a store, for all servers that share it. A webhook that another server is handling
 * is `"pending"` until that is done, for a minute at most.
 *
 * @category Edge app
 *
 * @throws {TypeError} when an option is unknown.
 */
export function storeReplayGuard(store: RealtimeStore, options: StoreReplayGuardOptions = {}): ReplayGuard {
  const known: OptionNames<StoreReplayGuardOptions> = { holder: aString, windowMs: aNumber };
  checkOptions("create the replay guard", options, known);
  const { holder = randomId("guard"), windowMs = DEFAULT_REPLAY_WINDOW_MS } = options;
  const keyOf = (webhookId: string) => `webhook ${webhookId}`;
  return {
    async claim(webhookId) {
      const key = keyOf(webhookId);
      const { ok } = await store.hold(key, holder, { max: 1, ttlMs: PENDING_MS });
      // Read after the claim: it could otherwise be handled in between.
      if (await store.get(key) === null) return ok ? "new" : "pending";
      if (ok) await store.release(key, holder);
      return "handled";
    },
    release: (webhookId) => store.release(keyOf(webhookId), holder),
    async settle(webhookId) {
      await store.put(keyOf(webhookId), "handled", { ttlMs: windowMs });
      await store.release(keyOf(webhookId), holder);
    },
  };
}

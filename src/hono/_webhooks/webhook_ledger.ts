import { randomId } from "../../_internal/ids.ts";
import { pause, withTimeout } from "../../_internal/timeout.ts";
import type { Settings } from "../_app/settings.ts";
import { ProblemError, retryAfter } from "../_http/problem_error.ts";
import { SharedWork } from "../_http/shared_work.ts";
import { StoreError } from "../_quotas/guarded_store.ts";
import type { RealtimeStore } from "../realtime_store.ts";
import { PENDING_MS, type ReplayGuard, storeReplayGuard, type WebhookClaim } from "../replay_guard.ts";

/** Interval at which the store is polled for the other server's decision, in milliseconds. */
const POLL_MS = 250;

/** Time that a guard has to answer, in milliseconds. */
const CLAIM_MS = 5_000;

/** Valid answers of a guard. */
const CLAIMS: ReadonlySet<unknown> = new Set<WebhookClaim>([true, false, "new", "pending", "handled"]);

/** A webhook to handle. */
export interface WebhookWork {
  /** Its id. */
  readonly id: string;
  /** The store for its request. */
  readonly store: RealtimeStore;
  /** Stops waiting for another server when aborted. */
  readonly signal: AbortSignal;
  /** Reports failures after it was handled. */
  readonly report: (error: unknown) => void;
  /** Handles it. Rejects when that failed: it is then handled when it is sent again. */
  readonly handle: () => Promise<void>;
}

/**
 * Handles each webhook once. A repetition during the decision waits for that decision, on this server and on others.
 */
export class WebhookLedger {
  readonly #settings: Pick<Settings, "clock" | "onStoreError" | "replayGuard">;
  readonly #running: SharedWork<void>;
  /** Name of this process in the store. Generated on demand, as Workers have no random values at startup. */
  #holder: string | undefined;

  constructor(settings: Pick<Settings, "clock" | "onStoreError" | "replayGuard">) {
    this.#settings = settings;
    this.#running = new SharedWork({ clock: settings.clock, longestMs: PENDING_MS, sharesFailures: true });
  }

  /** Resolves when the webhook is handled, now or before. */
  handle(work: WebhookWork): Promise<void> {
    return this.#running.do(work.id, work.signal, () => this.#handle(work));
  }

  async #handle({ handle, id, report, signal, store }: WebhookWork): Promise<void> {
    const guard = this.#settings.replayGuard ?? storeReplayGuard(store, { holder: this.#holder ??= randomId("guard") });
    if (!await this.#claim(id, guard, { signal, report })) return;
    try {
      await handle();
    } catch (error) {
      try {
        await guard.release(id);
      } catch (failure) {
        // The original failure is more important.
        report(failure);
      }
      throw error;
    }
    try {
      await guard.settle?.(id);
    } catch (error) {
      // It is handled, and must not be handled again.
      report(error);
    }
  }

  /** Whether this process should handle it. */
  async #claim(
    id: string,
    guard: ReplayGuard,
    { report, signal }: Pick<WebhookWork, "report" | "signal">,
  ): Promise<boolean> {
    const { clock, replayGuard } = this.#settings;
    const timing = { what: "claim a webhook", signal, timeoutMs: CLAIM_MS, clock };
    // Stores are already guarded.
    const ask = async () =>
      replayGuard ? await withTimeout(async () => await guard.claim(id), timing) : guard.claim(id);
    try {
      for (;;) {
        const claim = await ask();
        // An invalid answer must not count as handled: the call would be lost.
        if (!CLAIMS.has(claim)) {
          throw new TypeError(`Cannot handle a webhook as its claim is invalid: current value is ${claim}`);
        }
        if (claim !== "pending") return claim === true || claim === "new";
        await pause(POLL_MS, clock, signal);
      }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (this.#settings.onStoreError === "allow") {
        report(error);
        return true;
      }
      throw new ProblemError("store_unavailable", "It is not known whether this webhook was handled", {
        headers: retryAfter(1000),
        cause: error,
      });
    }
  }
}

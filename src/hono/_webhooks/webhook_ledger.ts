import { randomId } from "../../_internal/ids.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { pause } from "../_app/pause.ts";
import type { Settings } from "../_app/settings.ts";
import { ProblemError, retryAfter } from "../_http/problem_error.ts";
import { StoreError } from "../_quotas/guarded_store.ts";
import type { RealtimeStore } from "../realtime_store.ts";
import { type ReplayGuard, storeReplayGuard, type WebhookClaim } from "../replay_guard.ts";

/** Interval at which the store is polled for the other server's decision, in milliseconds. */
const POLL_MS = 250;

/** How long a guard may take to say what is known of a webhook, in milliseconds. */
const CLAIM_MS = 5_000;

/** What a guard may say. */
const CLAIMS: ReadonlySet<unknown> = new Set<WebhookClaim>([true, false, "new", "pending", "handled"]);

/** A webhook to handle. */
export interface WebhookWork {
  /** Its id. */
  readonly id: string;
  /** The store for its request. */
  readonly store: RealtimeStore;
  /** Ends the waiting for another server when aborted. */
  readonly signal: AbortSignal;
  /** Is told what fails when it is done. */
  readonly report: (error: unknown) => void;
  /** Handles it. Rejects when it could not be: it is handled when it comes again. */
  readonly handle: () => Promise<void>;
}

/**
 * Handles each webhook once. One that comes again while it is still decided about waits for that decision, on this server
 * and on others.
 */
export class WebhookLedger {
  readonly #settings: Pick<Settings, "clock" | "onStoreError" | "replayGuard">;
  readonly #running = new Map<string, Promise<void>>();
  /** Names this process in the store. Made when it is needed: Workers have no random values before. */
  #holder: string | undefined;

  constructor(settings: Pick<Settings, "clock" | "onStoreError" | "replayGuard">) {
    this.#settings = settings;
  }

  /** Resolves when the webhook is handled, be it now or before. */
  handle(work: WebhookWork): Promise<void> {
    const running = this.#running.get(work.id) ?? this.#handle(work).finally(() => this.#running.delete(work.id));
    this.#running.set(work.id, running);
    return running;
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
        // Why it could not be handled matters more.
        report(failure);
      }
      throw error;
    }
    try {
      await guard.settle?.(id);
    } catch (error) {
      // It is handled, and must not be once more.
      report(error);
    }
  }

  /** Whether this process is the one to handle it. */
  async #claim(
    id: string,
    guard: ReplayGuard,
    { report, signal }: Pick<WebhookWork, "report" | "signal">,
  ): Promise<boolean> {
    const { clock, replayGuard } = this.#settings;
    const timing = { what: "claim a webhook", signal, timeoutMs: CLAIM_MS, clock };
    // A store is guarded already.
    const ask = async () =>
      replayGuard ? await withTimeout(async () => await guard.claim(id), timing) : guard.claim(id);
    try {
      for (;;) {
        const claim = await ask();
        // What is neither must not be taken for handled: the call would be lost.
        if (!CLAIMS.has(claim)) {
          throw new TypeError(`Cannot handle a webhook as its claim is none: current value is ${claim}`);
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

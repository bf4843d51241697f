// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { pauseUnlessAborted } from "../_internal/timeout.ts";
import { attempt, type AttemptOptions } from "./attempt.ts";
import type { RestCall } from "./rest_call.ts";

/** Longest pause before the first repetition, in milliseconds; it doubles with each one. */
const FIRST_PAUSE_MS = 500;

/** Longest pause before any repetition, unless the server requests a longer one, in milliseconds. */
const MAX_PAUSE_MS = 8_000;

/** Options of {@linkcode retry}. */
interface RetryOptions extends AttemptOptions {
  /** Maximum number of repetitions. */
  readonly maxRetries: number;
  /** Deadline, as a time of the clock. No retry delay is started that would exceed it. */
  readonly deadlineMs: number;
  /** Source of time. */
  readonly clock: Clock;
}

/** Makes a call, and repeats it while that may help and does no harm; then throws the last error. */
export async function retry<T>(call: RestCall<T>, options: RetryOptions): Promise<T> {
  const { clock, deadlineMs, maxRetries, signal } = options;
  for (let retries = 0;; retries++) {
    const outcome = await attempt(call, options);
    if (!outcome.error) return outcome.value;
    const { error, isRefusal } = outcome;
    const pauseMs = error.retryAfterMs ?? backoffMs(retries);
    const isHarmless = !call.isMadeOnce && (call.isRepeatable || isRefusal);
    if (!isHarmless || retries >= maxRetries || clock.now() + pauseMs >= deadlineMs) throw error;
    await pauseUnlessAborted(pauseMs, clock, signal);
  }
}

/**
 * Half of the pause plus a random part of the other half, so that clients that failed together do not return together.
 */
function backoffMs(retries: number): number {
  return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** retries) * (0.5 + Math.random() / 2);
}

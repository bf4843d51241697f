// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { attempt, type AttemptOptions } from "./_attempt.ts";
import type { RestCall } from "./_rest_call.ts";

/** Longest pause before the first repetition, in milliseconds; it doubles with each one. */
const FIRST_PAUSE_MS = 500;

/** Longest pause before any repetition, unless the server asks for a longer one, in milliseconds. */
const MAX_PAUSE_MS = 8_000;

/** Options of {@linkcode retry}. */
interface RetryOptions extends AttemptOptions {
  /** Most repetitions. */
  readonly maxRetries: number;
  /** Time of the clock at which everything has to be over: a pause that would last until then is not begun. */
  readonly deadlineMs: number;
  /** Source of time. */
  readonly clock: Clock;
}

/** Makes a call, and makes it again while that is worth trying and does no harm; then throws the last error. */
export async function retry<T>(call: RestCall<T>, options: RetryOptions): Promise<T> {
  const { clock, deadlineMs, maxRetries, signal } = options;
  for (let retries = 0;; retries++) {
    const outcome = await attempt(call, options);
    if (outcome.ok) return outcome.value;
    const pauseMs = retryAfterMs(outcome.headers) ?? backoffMs(retries);
    const isHarmless = call.isRepeatable || outcome.isRefusal;
    if (!isHarmless || retries >= maxRetries || clock.now() + pauseMs >= deadlineMs) throw outcome.error;
    await pause(pauseMs, clock, signal);
  }
}

/** The pause that a server asks for, in seconds or as a date, which may be over; `undefined` when it asks for none. */
function retryAfterMs(headers: Headers | undefined): number | undefined {
  const value = headers?.get("retry-after")?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  if (!value.endsWith("GMT")) return undefined;
  // The date of the answer, as our own may be wrong.
  const now = Date.parse(headers?.get("date") ?? "") || Date.now();
  const pauseMs = Date.parse(value) - now;
  return Number.isNaN(pauseMs) ? undefined : pauseMs;
}

/** Half of the pause and a random part of the other half, so that clients that failed together come back one by one. */
function backoffMs(retries: number): number {
  return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** retries) * (0.5 + Math.random() / 2);
}

function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.schedule(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}

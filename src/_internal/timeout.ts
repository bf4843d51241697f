// This module is browser compatible.
import type { Clock } from "./clock.ts";

/** Options of {@linkcode withTimeout}. */
export interface TimeoutOptions {
  /** What is being done, to complete the sentence "Cannot …" in the message of the time-out. */
  what: string;
  /** Ends the waiting when aborted. */
  signal?: AbortSignal | undefined;
  /** How long it may take, in milliseconds, at least 0; `undefined` for as long as it likes. */
  timeoutMs: number | undefined;
  /** Source of time. */
  clock: Clock;
}

/**
 * Runs `task` with a signal that is aborted when the caller's is, or when the time is out. Rejects with the signal's
 * reason at that moment, even if the task does not notice; what it gives later is let go.
 *
 * @throws {RangeError} when `timeoutMs` is negative or not a number; the task is not run then.
 */
export async function withTimeout<T>(
  task: (signal: AbortSignal) => Promise<T>,
  { what, signal, timeoutMs, clock }: TimeoutOptions,
): Promise<T> {
  if (timeoutMs !== undefined && !(timeoutMs >= 0)) {
    throw new RangeError(`Cannot ${what} as timeoutMs must be >= 0: current value is ${timeoutMs}`);
  }
  signal?.throwIfAborted();
  const controller = new AbortController();
  const done = Promise.withResolvers<T>();
  const end = (reason: unknown) => {
    controller.abort(reason);
    done.reject(controller.signal.reason);
  };
  const abort = () => end(signal?.reason);
  const cancelTimer = timeoutMs === undefined
    ? undefined
    : clock.schedule(() => end(timeoutError(what, timeoutMs)), timeoutMs);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    Promise.resolve(task(controller.signal)).then(done.resolve, done.reject);
    return await done.promise;
  } finally {
    cancelTimer?.();
    signal?.removeEventListener("abort", abort);
  }
}

/** The platform's error for something that took too long. */
export function timeoutError(what: string, timeoutMs: number): DOMException {
  return new DOMException(`Cannot ${what} as it took longer than ${timeoutMs} ms`, "TimeoutError");
}

// This module is browser compatible.
import type { Clock } from "./clock.ts";

/**
 * Default timeout for opening a connection, in milliseconds.
 *
 * @category Transports
 */
export const DEFAULT_CONNECT_TIMEOUT_MS = 15_000;

/** Options of {@linkcode withTimeout} without a timeout. */
export interface AbortOptions<T = unknown> {
  /** Stops waiting when aborted. */
  signal?: AbortSignal | undefined;
  /** Releases a result that comes too late, such as a connection. */
  discard?: (result: T) => void;
}

/** Options of {@linkcode withTimeout}. */
export interface TimeoutOptions<T = unknown> extends AbortOptions<T> {
  /** The action, which completes the sentence "Cannot …" in the message of the timeout. */
  what: string;
  /** Timeout in milliseconds, at least 0; `undefined` for no timeout. */
  timeoutMs: number | undefined;
  /** Source of time. */
  clock: Clock;
}

/**
 * Runs `task` with a signal that is aborted when the caller's signal is, or at the timeout. Rejects with the signal's
 * reason at that moment, even if the task ignores the signal; its later result goes to `discard`.
 */
export function withTimeout<T>(
  task: (signal: AbortSignal) => Promise<T>,
  options: TimeoutOptions<T> | AbortOptions<T>,
): Promise<T>;
export async function withTimeout<T>(
  task: (signal: AbortSignal) => Promise<T>,
  { what, signal, timeoutMs, clock, discard }: Partial<TimeoutOptions<T>>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const done = Promise.withResolvers<T>();
  const end = (reason: unknown) => {
    controller.abort(reason);
    done.reject(controller.signal.reason);
  };
  const cancelTimer = timeoutMs === undefined
    ? undefined
    : clock!.schedule(() => end(timeoutError(what!, timeoutMs)), timeoutMs);
  const stopListening = onAbort(signal, () => end(signal?.reason));
  try {
    Promise.resolve(task(controller.signal)).then(
      (result) => controller.signal.aborted ? discard?.(result) : done.resolve(result),
      done.reject,
    );
    return await done.promise;
  } finally {
    cancelTimer?.();
    stopListening();
  }
}

/** Creates the platform's error for a timeout. */
export function timeoutError(what: string, timeoutMs: number): DOMException {
  return new DOMException(`Cannot ${what} as it took longer than ${timeoutMs} ms`, "TimeoutError");
}

/** Calls `listener` when `signal` is aborted, unless the returned function was called before. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  signal?.addEventListener("abort", listener);
  return () => signal?.removeEventListener("abort", listener);
}

/** Resolves after a delay in milliseconds; rejects with the signal's reason when that is aborted first. */
export async function pause(delayMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await pauseUnlessAborted(delayMs, clock, signal);
  signal.throwIfAborted();
}

/** Resolves after a delay in milliseconds, or earlier when `signal` is aborted: the caller looks at what has changed. */
export function pauseUnlessAborted(delayMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.schedule(resolve, delayMs);
  const stopListening = onAbort(signal, resolve);
  return promise.finally(() => {
    cancel();
    stopListening();
  });
}

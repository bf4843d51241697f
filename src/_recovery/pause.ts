// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { onAbort } from "../_internal/timeout.ts";

/** Resolves after `delayMs` milliseconds, or earlier when `signal` is aborted. */
export function pause(delayMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  const cancelTimer = clock.schedule(end, delayMs);
  const stopListening = onAbort(signal, end);
  return promise.finally(() => {
    cancelTimer();
    stopListening();
  });
}

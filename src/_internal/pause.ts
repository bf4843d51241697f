// This module is browser compatible.
import type { Clock } from "./clock.ts";
import { onAbort } from "./timeout.ts";

/** Resolves after a delay in milliseconds; rejects with the signal's reason when that is aborted first. */
export async function pause(delayMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject, resolve } = Promise.withResolvers<void>();
  const cancel = clock.schedule(resolve, delayMs);
  const stopListening = onAbort(signal, () => reject(signal.reason));
  try {
    await promise;
  } finally {
    cancel();
    stopListening();
  }
}

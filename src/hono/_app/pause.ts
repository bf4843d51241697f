import type { Clock } from "../../_internal/clock.ts";

/** Resolves after a delay in milliseconds; rejects with the signal's reason when that is aborted first. */
export async function pause(delayMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject, resolve } = Promise.withResolvers<void>();
  const cancel = clock.schedule(resolve, delayMs);
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await promise;
  } finally {
    cancel();
    signal.removeEventListener("abort", abort);
  }
}

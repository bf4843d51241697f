// This module is browser compatible.

/** Calls `listener` once `signal` is aborted, until the function that is returned is called. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  signal?.addEventListener("abort", listener, { once: true });
  return () => signal?.removeEventListener("abort", listener);
}

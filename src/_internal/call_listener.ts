// This module is browser compatible.

/**
 * Calls a function of the application, and reports its exception or its rejection: an unhandled rejection would end the
 * process.
 */
export function callListener(listener: () => unknown, report: (error: unknown) => void): void {
  try {
    const result = listener();
    if (isThenable(result)) Promise.resolve(result).catch(report);
  } catch (error) {
    report(error);
  }
}

/** Whether a value is a promise, of any library or realm. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === "function";
}

// This module is browser compatible.

/** Whether this is a page or one of its workers: where keys are in the hands of whoever opens it. */
export function isPageScope(): boolean {
  return "window" in globalThis || "WorkerGlobalScope" in globalThis;
}

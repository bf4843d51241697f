// This module is browser compatible.

/** Whether this is a page or one of its workers, where everyone who opens the page can read the keys. */
export function isPageScope(): boolean {
  return "window" in globalThis || "WorkerGlobalScope" in globalThis;
}

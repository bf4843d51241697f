// This module is browser compatible.

/**
 * Calls back when the page goes away; the returned function ends that. Does nothing outside of a page. Not by
 * `beforeunload`, which the user may still answer; and a page that is only hidden may come back.
 */
export function onPageHide(callback: () => void): () => void {
  globalThis.addEventListener?.("pagehide", callback);
  return () => globalThis.removeEventListener?.("pagehide", callback);
}

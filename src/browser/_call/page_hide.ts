// This module is browser compatible.

/**
 * Calls back when the page is unloaded; the returned function removes the listener. Does nothing outside a page.
 * `beforeunload` is not used, as the user may cancel it; and a page that is only hidden may return.
 */
export function onPageHide(callback: () => void): () => void {
  globalThis.addEventListener?.("pagehide", callback);
  return () => globalThis.removeEventListener?.("pagehide", callback);
}

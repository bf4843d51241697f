// This module is browser compatible.

/** Its field `persisted` says whether the browser keeps the page, which may then return as it was. */
type PageHideEvent = Event & { readonly persisted?: boolean };

/**
 * Calls back when the user leaves the page; the returned function removes the listener. Does nothing outside a page.
 * `beforeunload` is not used, as the user may cancel it; and a page that is only hidden may return.
 */
export function onPageHide(callback: (event: PageHideEvent) => void): () => void {
  globalThis.addEventListener?.("pagehide", callback);
  return () => globalThis.removeEventListener?.("pagehide", callback);
}

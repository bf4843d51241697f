// This module is browser compatible.

/** The event of a browser; only its library of types has `PageTransitionEvent`. */
interface PageHideEvent {
  readonly type: string;
  /** Whether the browser keeps the page, which may then return as it was. */
  readonly persisted?: boolean;
}

/**
 * Calls back when the user leaves the page; the returned function removes the listener. Does nothing outside a page.
 * `beforeunload` is not used, as the user may cancel it; and a page that is only hidden may return.
 */
export function onPageHide(callback: (event: PageHideEvent) => void): () => void {
  globalThis.addEventListener?.("pagehide", callback);
  return () => globalThis.removeEventListener?.("pagehide", callback);
}

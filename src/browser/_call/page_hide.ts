// This module is browser compatible.

/** Calls back when the page goes away; the returned function ends that. Does nothing outside of a page. */
export function onPageHide(callback: () => void): () => void {
  globalThis.addEventListener?.("pagehide", callback);
  return () => globalThis.removeEventListener?.("pagehide", callback);
}

/**
 * Checks times of a call, in milliseconds.
 *
 * @throws {RangeError} when one is negative or not a number; it names the option.
 */
export function checkTimes(times: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(times)) {
    if (!(value >= 0)) throw new RangeError(`Cannot call as ${name} must be >= 0: current value is ${value}`);
  }
}

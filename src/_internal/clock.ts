// This module is browser compatible.

/** Source of time and of delayed calls. Everything here that waits takes one, so that tests can run without waiting. */
export interface Clock {
  /** Milliseconds since a fixed point; never goes backwards. */
  now(): number;
  /**
   * Calls `callback` once, `delayMs` milliseconds from now.
   *
   * @returns a function that cancels the call; calling it late or twice does nothing.
   */
  schedule(callback: () => void, delayMs: number): () => void;
}

/** The machine's own monotonic clock and timers. */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

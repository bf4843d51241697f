// This module is browser compatible.

/**
 * Source of time and of delayed calls. Everything here that waits takes one, so that tests can run without waiting.
 *
 * @category Environment
 */
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

/** Longest delay that the platform's timers take, in milliseconds, some 24.8 days: they call at once beyond it. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * The machine's own monotonic clock and timers. Delays over 24.8 days are cut to that.
 *
 * @category Environment
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  schedule(callback, delayMs) {
    const timer = setTimeout(callback, Math.min(delayMs, MAX_DELAY_MS));
    return () => clearTimeout(timer);
  },
};

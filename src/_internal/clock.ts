// This module is browser compatible.

/**
 * Source of time and of delayed calls. All code that waits takes a clock, so that tests do not have to wait.
 *
 * @category Environment
 */
export interface Clock {
  /** Milliseconds since a fixed point; never goes backwards. */
  now(): number;
  /**
   * Calls `callback` once, `delayMs` milliseconds from now.
   *
   * @returns a function that cancels the call. Calling it late or twice has no effect.
   */
  schedule(callback: () => void, delayMs: number): () => void;
}

/** Longest delay of the platform's timers, in milliseconds, about 24.8 days: a longer one fires at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * The machine's own monotonic clock and timers. Longer delays are shortened to 24.8 days.
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

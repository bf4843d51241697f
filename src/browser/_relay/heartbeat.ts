// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";

/** Number of intervals without a frame after which the other side counts as gone. */
const MISSED_BEATS = 3;

/**
 * Detects a connection that is dead although neither side has closed it: a radio that is switched off closes nothing.
 * Intervals are counted, not time, as a page that was frozen has missed none.
 */
export class Heartbeat {
  readonly #clock: Clock;
  #missed = 0;
  #cancel = (): void => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Watches a connection over which something arrives in each interval; 0 if that was not promised. */
  start(intervalMs: number, onDead: () => void): void {
    this.stop();
    this.heard();
    if (intervalMs > 0) this.#watch(intervalMs, onDead);
  }

  /** Records that something has arrived. */
  heard(): void {
    this.#missed = 0;
  }

  /** Stops watching; idempotent. */
  stop(): void {
    this.#cancel();
  }

  #watch(intervalMs: number, onDead: () => void): void {
    this.#cancel = this.#clock.schedule(() => {
      if (++this.#missed >= MISSED_BEATS) return onDead();
      this.#watch(intervalMs, onDead);
    }, intervalMs);
  }
}

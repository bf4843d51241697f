// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";

/** Delayed calls that can be cancelled together. */
export class Timers {
  readonly #clock: Clock;
  readonly #pending = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back after a delay. */
  after(ms: number, callback: () => void): void {
    const cancel = this.#clock.schedule(() => {
      this.#pending.delete(cancel);
      callback();
    }, ms);
    this.#pending.add(cancel);
  }

  /** Cancels all calls. */
  stop(): void {
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }
}

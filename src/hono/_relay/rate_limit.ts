import type { Clock } from "../../_internal/clock.ts";

/** A rate, and the burst after a pause. */
export interface Rate {
  /** Amount per second. */
  readonly perSecond: number;
  /** Amount of a burst. */
  readonly burst: number;
}

/** A token bucket. */
export class RateLimit {
  readonly #rate: Rate;
  readonly #clock: Clock;
  #level: number;
  #filledAt: number;

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
    this.#level = rate.burst;
    this.#filledAt = clock.now();
  }

  /** Takes an amount; returns whether it was available. */
  take(amount: number): boolean {
    const { burst, perSecond } = this.#rate;
    const now = this.#clock.now();
    this.#level = Math.min(burst, this.#level + ((now - this.#filledAt) / 1000) * perSecond) - amount;
    this.#filledAt = now;
    return this.#level >= 0;
  }
}

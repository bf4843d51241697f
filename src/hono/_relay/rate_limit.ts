import type { Clock } from "../../_internal/clock.ts";

/** How much may pass a second, and how much at once after a pause. */
export interface Rate {
  /** What may pass a second. */
  readonly perSecond: number;
  /** What may pass at once. */
  readonly burst: number;
}

/** A bucket that fills at a steady rate, and that what passes is taken from. */
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

  /** Takes an amount; tells whether there was as much. */
  take(amount: number): boolean {
    const { burst, perSecond } = this.#rate;
    const now = this.#clock.now();
    this.#level = Math.min(burst, this.#level + ((now - this.#filledAt) / 1000) * perSecond) - amount;
    this.#filledAt = now;
    return this.#level >= 0;
  }
}

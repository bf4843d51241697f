// This module is browser compatible.
import { type Clock, systemClock } from "../../_internal/clock.ts";

/** Milliseconds of real time for which a clock may stand still while something waits for it. */
const STALLED_MS = 2000;

/**
 * Says on the console that the simulator waits for a clock that does not move, as a virtual one does that nobody
 * advances: a test that only awaits an answer would hang without a hint.
 */
export class StalledClock {
  readonly #clock: Clock;
  readonly #realClock: Clock;
  #cancel: (() => void) | undefined;
  #hasWarned = false;

  /** @param realClock the one that moves by itself. */
  constructor(clock: Clock, realClock: Clock = systemClock) {
    this.#clock = clock;
    this.#realClock = realClock;
  }

  /** Something waits for the clock. */
  watch(): void {
    if (this.#clock === systemClock || this.#hasWarned || this.#cancel) return;
    const sinceMs = this.#clock.now();
    this.#cancel = this.#realClock.schedule(() => {
      this.#cancel = undefined;
      if (this.#clock.now() === sinceMs) this.#warn();
    }, STALLED_MS);
  }

  /** Nothing waits any more. */
  rest(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #warn(): void {
    this.#hasWarned = true;
    console.warn(
      `The simulator holds back what it has received, as its latency wants: its clock has stood still for ` +
        `${STALLED_MS / 1000} s. Advance the clock, as in clock.advance(200), or use latency: "none"`,
    );
  }
}

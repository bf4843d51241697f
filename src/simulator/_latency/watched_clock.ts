// This module is browser compatible.
import { type Clock, systemClock } from "../../_internal/clock.ts";

/** Milliseconds of real time for which a clock may stand still while something waits for it. */
const STALLED_MS = 2000;

/**
 * A clock that warns on the console, once, when something waits for it but it does not move, as a virtual clock does
 * until it is advanced: a test that only awaits an answer would hang without a hint.
 */
export class WatchedClock implements Clock {
  readonly #clock: Clock;
  readonly #realClock: Clock;
  #waiting = 0;
  #cancelWatch: (() => void) | undefined;
  #hasWarned = false;

  /** @param realClock the clock that moves by itself. */
  constructor(clock: Clock, realClock: Clock = systemClock) {
    this.#clock = clock;
    this.#realClock = realClock;
  }

  now(): number {
    return this.#clock.now();
  }

  schedule(callback: () => void, delayMs: number): () => void {
    if (this.#clock === systemClock) return this.#clock.schedule(callback, delayMs);
    let isOver = false;
    const settle = () => {
      if (isOver) return;
      isOver = true;
      if (--this.#waiting === 0) this.#cancelWatch?.();
    };
    this.#waiting++;
    if (this.#waiting === 1) this.#watch();
    const cancel = this.#clock.schedule(() => {
      settle();
      callback();
    }, delayMs);
    return () => {
      cancel();
      settle();
    };
  }

  #watch(): void {
    if (this.#hasWarned) return;
    const sinceMs = this.#clock.now();
    this.#cancelWatch = this.#realClock.schedule(() => {
      if (this.#clock.now() === sinceMs) this.#warn();
      else this.#watch();
    }, STALLED_MS);
  }

  #warn(): void {
    this.#hasWarned = true;
    console.warn(
      "The simulator has an answer to send at a later time, but its clock has stood still for " +
        `${STALLED_MS / 1000} s. Advance the clock while the client waits: ` +
        "const opening = connect({ … }); await clock.advance(200); await opening",
    );
  }
}

// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";

interface Waiting {
  readonly owner: object;
  readonly dueMs: number;
  readonly deliver: () => void;
}

/**
 * Delivers everything in order, each after a fixed delay in milliseconds. As the delay is the same for all, one line and
 * one timer serve any number of owners.
 */
export class DelayLine {
  readonly #clock: Clock;
  readonly #delayMs: number;
  #waiting: Waiting[] = [];
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, delayMs: number) {
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  /** Calls `deliver` after the delay, immediately when there is none, unless {@linkcode forget} comes first. */
  push(owner: object, deliver: () => void): void {
    if (this.#delayMs === 0) return deliver();
    this.#waiting.push({ owner, dueMs: this.#clock.now() + this.#delayMs, deliver });
    this.#schedule();
  }

  /** Discards the waiting deliveries of an owner. */
  forget(owner: object): void {
    this.#waiting = this.#waiting.filter((each) => each.owner !== owner);
    if (this.#waiting.length > 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #schedule(): void {
    const [next] = this.#waiting;
    if (!next || this.#cancelTimer) return;
    this.#cancelTimer = this.#clock.schedule(() => this.#release(), Math.max(0, next.dueMs - this.#clock.now()));
  }

  #release(): void {
    this.#cancelTimer = undefined;
    const now = this.#clock.now();
    try {
      while (this.#waiting[0] && this.#waiting[0].dueMs <= now) this.#waiting.shift()!.deliver();
    } finally {
      // An error of one owner does not stop the deliveries of the others.
      this.#schedule();
    }
  }
}

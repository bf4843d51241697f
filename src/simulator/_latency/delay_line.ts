// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";

interface Waiting {
  readonly dueMs: number;
  readonly deliver: () => void;
}

/** Delivers everything in order, each after a fixed delay in milliseconds. */
export class DelayLine {
  readonly #clock: Clock;
  readonly #delayMs: number;
  #waiting: Waiting[] = [];
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, delayMs: number) {
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  /** Calls `deliver` after the delay, immediately when there is none. */
  push(deliver: () => void): void {
    if (this.#delayMs === 0) return deliver();
    this.#waiting.push({ dueMs: this.#clock.now() + this.#delayMs, deliver });
    if (!this.#cancelTimer) this.#schedule();
  }

  /** Discards all waiting deliveries. */
  clear(): void {
    this.#waiting = [];
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #schedule(): void {
    const [next] = this.#waiting;
    if (!next) return;
    this.#cancelTimer = this.#clock.schedule(() => this.#release(), Math.max(0, next.dueMs - this.#clock.now()));
  }

  #release(): void {
    this.#cancelTimer = undefined;
    const now = this.#clock.now();
    const count = this.#waiting.findIndex(({ dueMs }) => dueMs > now);
    const due = this.#waiting.splice(0, count < 0 ? this.#waiting.length : count);
    for (const { deliver } of due) deliver();
    if (!this.#cancelTimer) this.#schedule();
  }
}

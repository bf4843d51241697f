// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";

interface Entry {
  readonly bytes: number;
  readonly deliver: () => void;
  dueMs?: number;
}

/** One direction of a line: delivers in order, immediately unless it is stalled or slow. */
export class TimedQueue {
  readonly #clock: Clock;
  readonly #entries: Entry[] = [];
  #heldUntilMs = 0;
  #msPerByte = 0;
  #msPerEntry = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the queue is empty. */
  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Bytes that wait. */
  get waitingBytes(): number {
    return this.#entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Calls `deliver` in turn. */
  push(bytes: number, deliver: () => void): void {
    if (this.#isClear) return deliver();
    this.#entries.push({ bytes, deliver });
    this.#pump();
  }

  /** Delivers nothing for a number of milliseconds. */
  hold(ms: number): void {
    this.#heldUntilMs = Math.max(this.#heldUntilMs, this.#clock.now() + ms);
  }

  /** From now on, each delivery takes the longer of two times. */
  slowDown(msPerByte: number, msPerEntry: number): void {
    this.#msPerByte = msPerByte;
    this.#msPerEntry = msPerEntry;
  }

  /** Discards all waiting deliveries. */
  clear(): void {
    this.#entries.length = 0;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** Whether the queue is and always was empty: the usual case, which must cost nothing. */
  get #isClear(): boolean {
    return this.#entries.length === 0 && this.#heldUntilMs === 0 && this.#msPerByte === 0 && this.#msPerEntry === 0;
  }

  #pump(): void {
    while (!this.#cancelTimer) {
      const next = this.#entries[0];
      if (!next) return;
      const now = this.#clock.now();
      const startMs = Math.max(now, this.#heldUntilMs);
      next.dueMs ??= startMs + Math.max(next.bytes * this.#msPerByte, this.#msPerEntry);
      const waitMs = Math.max(next.dueMs, this.#heldUntilMs) - now;
      if (waitMs > 0) {
        this.#cancelTimer = this.#clock.schedule(() => {
          this.#cancelTimer = undefined;
          this.#pump();
        }, waitMs);
      } else {
        this.#entries.shift();
        next.deliver();
      }
    }
  }
}

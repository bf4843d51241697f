// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";

/** Calls back once after a period of inactivity. */
export class IdleWatch {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #onIdle: () => void;
  #seenMs: number;
  #cancel: (() => void) | undefined;

  /** @param idleMs milliseconds; `Infinity` never calls back. */
  constructor(clock: Clock, idleMs: number, onIdle: () => void) {
    this.#clock = clock;
    this.#idleMs = idleMs;
    this.#onIdle = onIdle;
    this.#seenMs = clock.now();
    if (idleMs < Infinity) this.#wait(idleMs);
  }

  /** Records activity. */
  seen(): void {
    this.#seenMs = this.#clock.now();
  }

  /** Stops watching. */
  stop(): void {
    this.#cancel?.();
  }

  #wait(ms: number): void {
    this.#cancel = this.#clock.schedule(() => {
      const leftMs = this.#seenMs + this.#idleMs - this.#clock.now();
      if (leftMs > 0) this.#wait(leftMs);
      else this.#onIdle();
    }, ms);
  }
}

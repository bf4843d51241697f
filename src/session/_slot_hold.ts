// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";

/** A reason not to fill the slot, which does not last for ever. */
export class SlotHold {
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  #cancelTimer: (() => void) | undefined;

  /** Makes a hold that is off; `onEnd` is called each time that it has ended. */
  constructor(clock: Clock, onEnd: () => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  /** Whether the slot is to be held. */
  get isOn(): boolean {
    return this.#cancelTimer !== undefined;
  }

  /** Holds the slot for so long at most, from now on. */
  begin(timeoutMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.schedule(() => this.end(), timeoutMs);
  }

  /** Holds it no more. */
  end(): void {
    if (!this.#cancelTimer) return;
    this.#cancelTimer();
    this.#cancelTimer = undefined;
    this.#onEnd();
  }
}

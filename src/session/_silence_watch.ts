// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";

/** Says when nothing has been heard for long. */
export class SilenceWatch {
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  #heardMs = 0;
  #cancelTimer = () => {};

  /** Makes a watch that is off; `onSilence` is called after every `timeoutMs` milliseconds of silence. */
  constructor(timeoutMs: number, clock: Clock, onSilence: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#onSilence = onSilence;
  }

  /** Notes that something was heard. */
  heard(): void {
    this.#heardMs = this.#clock.now();
  }

  /** Begins to listen, anew if it did before. */
  start(): void {
    this.end();
    this.heard();
    this.#wait();
  }

  /** Listens no more. */
  end(): void {
    this.#cancelTimer();
  }

  #wait(): void {
    this.#cancelTimer = this.#clock.schedule(() => {
      const isSilent = this.#clock.now() >= this.#heardMs + this.#timeoutMs;
      if (isSilent) this.heard();
      this.#wait();
      if (isSilent) this.#onSilence();
    }, this.#heardMs + this.#timeoutMs - this.#clock.now());
  }
}

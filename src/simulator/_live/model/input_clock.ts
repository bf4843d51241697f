// This module is browser compatible.

/** Milliseconds of a step: each step takes and produces this duration of audio. */
export const STEP_MS = 100;

/** Milliseconds of a cell of the grid on which transcripts and acknowledgements lie. */
export const GRID_MS = 200;

/** The session's time, which advances only with input audio, in whole steps. */
export class InputClock {
  readonly #step: Int16Array;
  readonly #onStep: (samples: Int16Array, startMs: number) => void;
  #filled = 0;
  #stepMs = 0;
  #samples = 0;
  readonly #rate: number;

  constructor(rate: number, onStep: (samples: Int16Array, startMs: number) => void) {
    this.#rate = rate;
    this.#step = new Int16Array(rate * STEP_MS / 1000);
    this.#onStep = onStep;
  }

  /** Duration of the heard input, in milliseconds. */
  get nowMs(): number {
    return this.#samples * 1000 / this.#rate;
  }

  /** The samples that do not fill a step yet. */
  get rest(): Int16Array {
    return this.#step.subarray(0, this.#filled);
  }

  /** Hears the next samples. */
  hear(samples: Int16Array): void {
    this.#samples += samples.length;
    for (let offset = 0; offset < samples.length;) {
      const part = samples.subarray(offset, offset + this.#step.length - this.#filled);
      this.#step.set(part, this.#filled);
      this.#filled += part.length;
      offset += part.length;
      if (this.#filled < this.#step.length) return;
      this.#filled = 0;
      this.#stepMs += STEP_MS;
      this.#onStep(this.#step, this.#stepMs - STEP_MS);
    }
  }
}

// This module is browser compatible.
import type { SimulatorPace } from "../simulator_pace.ts";

/** Converts the duration of audio to the time in which the simulator sends it. */
export class Pace {
  readonly #speed: number;

  /** @throws {RangeError} when the pace is neither a word nor a positive number. */
  constructor(pace: SimulatorPace) {
    this.#speed = pace === "realtime" ? 1 : pace === "fast" ? Infinity : pace;
    // A text is not a number, though it can be compared as one.
    if (typeof this.#speed !== "number" || !(this.#speed > 0)) {
      throw new RangeError(
        `Cannot create the simulator as pace must be realtime, fast or a number > 0: current value is ${pace}`,
      );
    }
  }

  /** Milliseconds of work that are done in `ms` milliseconds: unlimited at pace `"fast"`. */
  done(ms: number): number {
    return this.#speed === Infinity ? Infinity : ms * this.#speed;
  }

  /** Milliseconds to wait for `ms` milliseconds of work: none at pace `"fast"`. */
  wait(ms: number): number {
    return ms / this.#speed;
  }
}

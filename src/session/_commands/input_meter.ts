// This module is browser compatible.
import { bytesPerMs } from "../_parts/audio_length.ts";

/** Shortest audio that the server accepts as an item, in milliseconds. */
const MIN_COMMIT_MS = 100;

/** Measures the user's audio that was sent since the last commit or clear. */
export class InputMeter {
  #ms = 0;
  /** Audio of commits whose answers are no longer waited for. */
  #unsureMs = 0;

  /** Milliseconds of audio. */
  get ms(): number {
    return this.#ms;
  }

  /** Adds audio of this many bytes, in the input format of this configuration. */
  append(bytes: number, config: unknown): void {
    this.#ms += bytes / bytesPerMs(config, "input");
  }

  /** Records that earlier commits are answered and, unless `isAll` is false, that no audio is left. */
  clear(isAll = true): void {
    this.#unsureMs = 0;
    if (isAll) this.#ms = 0;
  }

  /** Continues with another connection, which receives the audio again that is not known to be committed. */
  reopen(): this {
    this.#ms += this.#unsureMs;
    this.#unsureMs = 0;
    return this;
  }

  /**
   * Records that the audio is committed or cleared; the returned function reverts that, immediately if it is known not
   * to be, otherwise with the next connection.
   *
   * @throws {RangeError} when it is shorter than the server accepts, unless `isChecked` is false.
   */
  commit(isChecked: boolean): (isKnown: boolean) => void {
    const ms = this.#ms;
    if (isChecked && ms < MIN_COMMIT_MS) {
      const value = `${Math.floor(ms)} ms`;
      throw new RangeError(
        `Cannot commit audio as the buffer must hold >= ${MIN_COMMIT_MS} ms: current value is ${value}`,
      );
    }
    this.#ms = 0;
    return (isKnown) => isKnown ? this.#ms += ms : this.#unsureMs += ms;
  }
}

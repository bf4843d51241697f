// This module is browser compatible.
import type { VoiceOptions } from "./voice_options.ts";

/** Options that are durations without an upper limit. */
const TIMES = ["echoTailMs", "leadMs", "maxUnheardMs", "minBargeInMs", "preRollMs", "transcriptTimeoutMs"] as const;

/**
 * Checks the durations among the options.
 *
 * @throws {RangeError} when one is out of range.
 */
export function checkTimes(options: VoiceOptions): void {
  for (const name of TIMES) {
    const { [name]: value = 0 } = options;
    if (!(value >= 0)) throw new RangeError(`Cannot add voice as ${name} must be >= 0: current value is ${value}`);
  }
}

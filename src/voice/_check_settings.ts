// This module is browser compatible.
import { checkWords } from "../_internal/check_options.ts";
import type { VoiceOptions } from "./voice_options.ts";

/** Options that are durations without an upper limit. */
const TIMES = ["echoTailMs", "leadMs", "maxUnheardMs", "minBargeInMs", "preRollMs", "transcriptTimeoutMs"] as const;

/**
 * Checks the durations and the words among the options; those of the input are checked by it.
 *
 * @throws {RangeError} when a duration is out of range.
 * @throws {TypeError} when a word is unknown.
 */
export function checkSettings(options: VoiceOptions): void {
  for (const name of TIMES) {
    const { [name]: value = 0 } = options;
    if (!(value >= 0)) throw new RangeError(`Cannot add voice as ${name} must be >= 0: current value is ${value}`);
  }
  checkWords("add voice", options, {
    inputEnd: ["silence", "commit", "nothing"],
    playbackSource: ["paced", "reported", "server"],
    onDrop: ["finish", "flush"],
  });
}

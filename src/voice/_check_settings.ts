// This module is browser compatible.
import { checkWords } from "../_internal/check_options.ts";
import type { VoiceOptions } from "./voice_options.ts";

/** Options that are durations. */
const TIMES = ["echoTailMs", "leadMs", "maxUnheardMs", "minBargeInMs", "preRollMs", "transcriptTimeoutMs"] as const;

const FLAG = [true, false];

/**
 * Checks the durations, words and flags among the options; those of the input are checked by it.
 *
 * @throws {RangeError} when a duration is out of range.
 * @throws {TypeError} when a word is unknown, or a flag is not boolean.
 */
export function checkSettings(options: VoiceOptions): void {
  for (const name of TIMES) {
    const { [name]: value = 0 } = options;
    // All audio between turns would stay in memory.
    const isEndless = name === "preRollMs" && value === Infinity;
    if (value >= 0 && !isEndless) continue;
    const rule = isEndless ? "finite" : ">= 0";
    throw new RangeError(`Cannot add voice as ${name} must be ${rule}: current value is ${value}`);
  }
  checkWords("add voice", options, {
    autoBargeIn: FLAG,
    halfDuplex: FLAG,
    inputEnd: ["silence", "commit", "nothing"],
    playbackSource: ["paced", "reported", "server"],
    onDrop: ["finish", "flush"],
  });
}

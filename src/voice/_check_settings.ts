// This module is browser compatible.
import { checkNotNegative, checkWords, pick } from "../_internal/check_options.ts";
import type { VoiceOptions } from "./voice_options.ts";

/** Options that are durations. */
const TIMES = {
  echoTailMs: 1,
  leadMs: 1,
  maxUnheardMs: 1,
  minBargeInMs: 1,
  preRollMs: 1,
  transcriptTimeoutMs: 1,
} satisfies { readonly [name in keyof VoiceOptions]: unknown };

const FLAG = [true, false];

/**
 * Checks the durations, words and flags among the options; those of the input are checked by it.
 *
 * @throws {RangeError} when a duration is out of range, or is no number.
 * @throws {TypeError} when a word is unknown, or a flag is not boolean.
 */
export function checkSettings(options: VoiceOptions): void {
  checkNotNegative("add voice", pick(options, TIMES));
  // All audio between turns would stay in memory.
  if (options.preRollMs === Infinity) {
    throw new RangeError("Cannot add voice as preRollMs must be finite: current value is Infinity");
  }
  checkWords("add voice", options, {
    autoBargeIn: FLAG,
    halfDuplex: FLAG,
    inputEnd: ["silence", "commit", "nothing"],
    playbackSource: ["paced", "reported", "server"],
    onDrop: ["finish", "flush"],
  });
}

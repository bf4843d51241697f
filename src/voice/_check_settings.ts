// This module is browser compatible.
import { checkWords } from "../_internal/check_options.ts";
import type { VoiceOptions } from "./voice_options.ts";

const FLAG = [true, false];

/**
 * Checks the words and flags among the options; those of the input are checked by it.
 *
 * @throws {RangeError} when `preRollMs` is infinite.
 * @throws {TypeError} when a word is unknown, or a flag is not boolean.
 */
export function checkSettings(options: VoiceOptions): void {
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

// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";

import { type Speech, speechOf } from "./_speech/speech_voice.ts";

/**
 * Options of {@linkcode synthesizeSpeech}.
 *
 * @category Simulator
 */
export interface SynthesizeSpeechOptions {
  /**
   * Pitch of the voice in hertz, 50 to 400.
   *
   * @default {120}
   */
  pitchHz?: number | undefined;
  /**
   * Speed in characters of English per second, including pauses, 5 to 60.
   *
   * @default {15}
   */
  charactersPerSecond?: number | undefined;
}

/**
 * Synthesizes sound with the rhythm, melody and spectrum of speech: a pulsing voice through resonances that follow the
 * vowels, noise for the consonants, pauses at punctuation. It is not intelligible; it is for tests and demos that
 * detect speech and its duration. The same text always results in the same samples.
 *
 * @category Simulator
 *
 * @param text the words; without a letter or digit in it, it is silent and may be empty.
 * @returns samples, 24 kHz mono, about -20 dBFS where there is a voice, at the default pitch.
 * @throws {RangeError} when an option is out of its range.
 *
 * @example A sentence as samples
 * ```ts
 * import { synthesizeSpeech } from "@oai-rt/edge/simulator";
 * import { assert } from "@std/assert";
 *
 * const samples = synthesizeSpeech("The trains are running again.");
 * assert(samples.length / 24_000 > 1.5);
 * ```
 * @throws {TypeError} when an option is unknown.
 */
export function synthesizeSpeech(text: string, options: SynthesizeSpeechOptions = {}): Int16Array {
  const { chunks, length } = speechBy(text, options);
  const said = new Int16Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    said.set(chunk, offset);
    offset += chunk.length;
  }
  return said;
}

/**
 * Returns the duration of {@linkcode synthesizeSpeech}, without synthesizing the speech.
 *
 * @category Simulator
 *
 * @param text the words.
 * @returns milliseconds, a multiple of 5.
 * @throws {RangeError} when an option is out of its range.
 * @throws {TypeError} when an option is unknown.
 */
export function speechDurationMs(text: string, options: SynthesizeSpeechOptions = {}): number {
  return speechBy(text, options).length / 24;
}

function speechBy(text: string, options: SynthesizeSpeechOptions): Speech {
  const known: OptionNames<SynthesizeSpeechOptions> = { charactersPerSecond: 1, pitchHz: 1 };
  checkOptions("synthesize speech", options, known);
  const { charactersPerSecond = 15, pitchHz = 120 } = options;
  assertWithin("charactersPerSecond", charactersPerSecond, 5, 60);
  assertWithin("pitchHz", pitchHz, 50, 400);
  return speechOf(text, { charactersPerSecond, pitchHz });
}

function assertWithin(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new RangeError(`Cannot synthesize speech as ${name} must be from ${low} to ${high}: current value is ${value}`);
}

// This module is browser compatible.

import { type SpeechSound, speechSounds } from "./_speech_sounds.ts";

/** Options of {@linkcode synthesizeSpeech}. */
export interface SynthesizeSpeechOptions {
  /**
   * Pitch of the voice in hertz, 50 to 400.
   *
   * @default {120}
   */
  pitchHz?: number | undefined;
  /**
   * How fast it speaks, in characters of English a second, pauses included, 5 to 60.
   *
   * @default {15}
   */
  charactersPerSecond?: number | undefined;
}

const SAMPLE_RATE = 24_000;
/** The mouth is set anew every 5 ms. */
const FRAME = 120;
/** How far the mouth moves in a frame towards where it is going. */
const GLIDE = 0.35;
/** Part of a glottal cycle in which the glottis is open. */
const OPEN = 0.6;
const BANDWIDTHS: readonly [number, number, number] = [70, 100, 160];
const VOICED_LEVEL = 0.1; // -20 dBFS
const MAX_PEAK = 0.9;

/**
 * Makes sound that has the rhythm, melody and spectrum of speech: a pulsing voice through resonances that follow the
 * vowels, noise for the consonants, pauses at punctuation. It is not meant to be understood; it is for tests and demos
 * that need to hear that, when and how long someone speaks. The same text always gives the same samples.
 *
 * @param text what is said; without a letter or digit in it, it is silent and may be empty.
 * @returns samples, 24 kHz mono, about -20 dBFS where the voice sounds.
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
 */
export function synthesizeSpeech(text: string, options: SynthesizeSpeechOptions = {}): Int16Array {
  const { pitchHz = 120 } = options;
  assertWithin("pitchHz", pitchHz, 50, 400);
  const frames = soundOfFrames(text, options);
  const samples = new Float32Array(frames.length * FRAME);
  const mouth = new Mouth(pitchHz);
  let voicedPower = 0;
  let voicedSamples = 0;
  let peak = 0;
  frames.forEach((sound, index) => {
    const frame = samples.subarray(index * FRAME, (index + 1) * FRAME);
    mouth.speak(sound, frame);
    for (const sample of frame) {
      peak = Math.max(peak, Math.abs(sample));
      if (sound.voice > 0.5) voicedPower += sample * sample;
    }
    if (sound.voice > 0.5) voicedSamples += FRAME;
  });
  const level = voicedSamples > 0 ? VOICED_LEVEL / Math.sqrt(voicedPower / voicedSamples) : 1;
  const gain = 32_767 * Math.min(level, peak > 0 ? MAX_PEAK / peak : 1);
  const said = new Int16Array(samples.length);
  // A loop, as from() with a function takes ten times as long.
  for (let i = 0; i < said.length; i++) said[i] = Math.round(samples[i]! * gain);
  return said;
}

/**
 * Tells how long {@linkcode synthesizeSpeech} speaks, without making the sound.
 *
 * @param text what is said.
 * @returns milliseconds, a multiple of 5.
 * @throws {RangeError} when an option is out of its range.
 */
export function speechDurationMs(text: string, options: SynthesizeSpeechOptions = {}): number {
  return soundOfFrames(text, options).length * FRAME * 1000 / SAMPLE_RATE;
}

function soundOfFrames(text: string, options: SynthesizeSpeechOptions): SpeechSound[] {
  const { charactersPerSecond = 15 } = options;
  assertWithin("charactersPerSecond", charactersPerSecond, 5, 60);
  const frames: SpeechSound[] = [];
  let untilMs = 0;
  for (const sound of speechSounds(text, charactersPerSecond)) {
    untilMs += sound.ms;
    while (frames.length * FRAME * 1000 / SAMPLE_RATE < untilMs) frames.push(sound);
  }
  return frames;
}

function assertWithin(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new RangeError(`Cannot synthesize speech as ${name} must be from ${low} to ${high}: current value is ${value}`);
}

/** A voice and the mouth it goes through, which glides from sound to sound. */
class Mouth {
  readonly #pitchHz: number;
  readonly #formants = BANDWIDTHS.map((bandwidth) => new Resonator(bandwidth));
  readonly #gap = new Resonator(1400);
  readonly #now = { voice: 0, noise: 0, pitch: 1, formants: [500, 1500, 2500], noiseHz: 3000 };
  #cycle = 0;
  #random = 1;

  constructor(pitchHz: number) {
    this.#pitchHz = pitchHz;
  }

  /** Fills a frame with a sound. */
  speak(sound: SpeechSound, frame: Float32Array): void {
    const now = this.#now;
    now.voice += GLIDE * (sound.voice - now.voice);
    now.noise += GLIDE * (sound.noise - now.noise);
    now.pitch += 0.1 * (sound.pitch - now.pitch);
    if (sound.noise > 0) now.noiseHz = sound.noiseHz;
    this.#gap.tune(now.noiseHz);
    this.#formants.forEach((formant, index) => {
      const glided = (now.formants[index] ?? 0) + GLIDE * ((sound.formants[index] ?? 0) - (now.formants[index] ?? 0));
      now.formants[index] = glided;
      formant.tune(glided);
    });
    const step = this.#pitchHz * now.pitch / SAMPLE_RATE;
    for (let i = 0; i < frame.length; i++) {
      this.#cycle = (this.#cycle + step) % 1;
      const open = this.#cycle / OPEN;
      let voiced = open < 1 ? now.voice * (2 * open - 3 * open * open) : 0;
      for (const formant of this.#formants) voiced = formant.pass(voiced);
      // A linear congruential generator: noise that is the same every time.
      this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) | 0;
      frame[i] = voiced + this.#gap.pass(now.noise * this.#random / 2 ** 31);
    }
  }
}

/** A two-pole resonance. */
class Resonator {
  readonly #bandwidthHz: number;
  #a = 0;
  #b = 0;
  #c = 0;
  #last = 0;
  #beforeLast = 0;

  constructor(bandwidthHz: number) {
    this.#bandwidthHz = bandwidthHz;
  }

  /** Sets the frequency of the resonance. */
  tune(frequencyHz: number): void {
    const radius = Math.exp(-Math.PI * this.#bandwidthHz / SAMPLE_RATE);
    this.#b = 2 * radius * Math.cos(2 * Math.PI * frequencyHz / SAMPLE_RATE);
    this.#c = -radius * radius;
    this.#a = 1 - this.#b - this.#c;
  }

  /** Passes one sample through it. */
  pass(sample: number): number {
    const out = this.#a * sample + this.#b * this.#last + this.#c * this.#beforeLast;
    this.#beforeLast = this.#last;
    this.#last = out;
    return out;
  }
}

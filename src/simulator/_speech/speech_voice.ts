// This module is browser compatible.
import { type SpeechSound, speechSounds } from "./speech_sounds.ts";

/** Samples per second of simulated speech. */
const RATE = 24_000;
/** Samples of a frame: the articulation changes every 5 ms. */
const FRAME = 120;
/** Number of frames generated at a time: a second, which takes a fraction of a millisecond. */
const CHUNK_FRAMES = 200;
/** Part of the distance that the articulation moves towards its target per frame. */
const GLIDE = 0.35;
/** Part of a glottal cycle in which the glottis is open. */
const OPEN = 0.6;
const BANDWIDTHS: readonly [number, number, number] = [70, 100, 160];
/** Voiced sounds have an RMS of about 0.55, which is scaled to -20 dBFS. */
const GAIN = 32_767 * 0.1 / 0.55;
const LOUDEST = 32_767;

/** How someone speaks. */
export interface SpeechVoice {
  /** Characters of English a second. */
  readonly charactersPerSecond: number;
  /** Pitch in hertz. */
  readonly pitchHz: number;
}

/** Audio that is generated while it is read, once; 24 kHz mono. */
export interface Speech {
  /** Total number of samples. */
  readonly length: number;
  /** The samples, cut anywhere. */
  readonly chunks: Iterable<Int16Array>;
  /** All samples, if they existed before: they do not change, and may be played again. */
  readonly recording?: Int16Array | undefined;
}

const USUAL_VOICE: SpeechVoice = { charactersPerSecond: 15, pitchHz: 120 };

/** Speaks a text. */
export function speechOf(text: string, { charactersPerSecond, pitchHz }: SpeechVoice = USUAL_VOICE): Speech {
  const sounds = soundOfFrames(text, charactersPerSecond);
  return { length: sounds.length * FRAME, chunks: speakFrames(sounds, pitchHz) };
}

/** Yields the sound of each frame. */
function soundOfFrames(text: string, charactersPerSecond: number): readonly SpeechSound[] {
  const frames: SpeechSound[] = [];
  let untilMs = 0;
  for (const sound of speechSounds(text, charactersPerSecond)) {
    untilMs += sound.ms;
    while (frames.length * FRAME * 1000 / RATE < untilMs) frames.push(sound);
  }
  return frames;
}

function* speakFrames(sounds: readonly SpeechSound[], pitchHz: number): Generator<Int16Array> {
  const mouth = new Mouth(pitchHz);
  for (let start = 0; start < sounds.length; start += CHUNK_FRAMES) {
    const frames = sounds.slice(start, start + CHUNK_FRAMES);
    const said = new Int16Array(frames.length * FRAME);
    for (const [index, sound] of frames.entries()) mouth.speak(sound, said, index * FRAME);
    yield said;
  }
}

/** A voice and the mouth it goes through, which glides from sound to sound. */
class Mouth {
  readonly #pitchHz: number;
  readonly #formants: readonly Resonator[] = BANDWIDTHS.map((bandwidth) => new Resonator(bandwidth));
  readonly #gap = new Resonator(1400);
  readonly #now = { voice: 0, noise: 0, pitch: 1, formants: [500, 1500, 2500], noiseHz: 3000 };
  #cycle = 0;
  #random = 1;

  constructor(pitchHz: number) {
    this.#pitchHz = pitchHz;
  }

  /** Generates a frame of a sound, which begins at a sample of `said`. */
  speak(sound: SpeechSound, said: Int16Array, start: number): void {
    const now = this.#now;
    now.voice += GLIDE * (sound.voice - now.voice);
    now.noise += GLIDE * (sound.noise - now.noise);
    now.pitch += 0.1 * (sound.pitch - now.pitch);
    if (sound.noise > 0) now.noiseHz = sound.noiseHz;
    for (const [index, formant] of this.#formants.entries()) {
      const from = now.formants[index]!;
      now.formants[index] = from + GLIDE * (sound.formants[index]! - from);
      formant.tune(now.formants[index]!);
    }
    this.#gap.tune(now.noiseHz);
    this.#fill(said, start);
  }

  /**
   * The glottal pulses pass one formant after the other, the noise passes the gap. All in one loop, so that the
   * processor can work on several of them in parallel.
   */
  #fill(said: Int16Array, start: number): void {
    const [first, second, third] = this.#formants as readonly [Resonator, Resonator, Resonator];
    const gap = this.#gap;
    const { noise, pitch, voice } = this.#now;
    const step = this.#pitchHz * pitch / RATE;
    let [cycle, random] = [this.#cycle, this.#random];
    for (let i = start; i < start + FRAME; i++) {
      cycle += step;
      if (cycle >= 1) cycle -= 1;
      const open = cycle / OPEN;
      const pulse = open < 1 ? voice * (2 * open - 3 * open * open) : 0;
      // A linear congruential generator: reproducible noise.
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) | 0;
      const hiss = noise * random / 2 ** 31;
      const sample = GAIN * (third.pass(second.pass(first.pass(pulse))) + gap.pass(hiss));
      said[i] = sample > LOUDEST ? LOUDEST : sample < -LOUDEST ? -LOUDEST : sample;
    }
    [this.#cycle, this.#random] = [cycle, random];
  }
}

/** A two-pole resonance. */
class Resonator {
  readonly #radius: number;
  #a = 0;
  #b = 0;
  #c = 0;
  #last = 0;
  #beforeLast = 0;

  constructor(bandwidthHz: number) {
    this.#radius = Math.exp(-Math.PI * bandwidthHz / RATE);
  }

  /** Sets the frequency of the resonance. */
  tune(frequencyHz: number): void {
    this.#b = 2 * this.#radius * Math.cos(2 * Math.PI * frequencyHz / RATE);
    this.#c = -this.#radius * this.#radius;
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

// This module is browser compatible.
import { VAD_FRAME_MS } from "./level_vad.ts";
import type { PauseRule, VadFrame } from "./pause_rule.ts";

/** Silence that ends a turn, in milliseconds: when it sounds finished, and when it does not. */
interface Patience {
  readonly finishedMs: number;
  /** The documented bounds: no pause is waited for any longer. */
  readonly unfinishedMs: number;
}

const MEDIUM: Patience = { finishedMs: 800, unfinishedMs: 4000 };

/** By `eagerness`; `auto` is medium. */
const PATIENCE: ReadonlyMap<string, Patience> = new Map([
  ["low", { finishedMs: 1600, unfinishedMs: 8000 }],
  ["medium", MEDIUM],
  ["high", { finishedMs: 400, unfinishedMs: 2000 }],
]);

/** Silence of two frames parts one stretch of sound from the next; a single one may be a consonant. */
const GAP_FRAMES = 2;
/** Number of frames kept at the end of a stretch: no filler lasts longer than 3 s. */
const KEPT_FRAMES = Math.ceil(3000 / VAD_FRAME_MS);

/** A held sound lasts at least 160 ms, and makes up most of the speech after the last gap. */
const HELD_FRAMES = 5;
const HELD_SHARE = 0.4;
/** While a sound is held, its level stays within this many decibels, and its brightness within this ratio. */
const HELD_DB = 8;
const HELD_BRIGHTNESS = 1.6;

/** Energy rises when the last 128 ms have this many times the power of the audio before. */
const END_FRAMES = 4;
const RISING_RATIO = 2.5;

/** The kept data of a frame. */
interface Sound {
  readonly dbfs: number;
  /** Number of sign changes of the wave, which distinguishes a hum, a vowel and a hiss. */
  readonly crossings: number;
}

/**
 * The rule of `semantic_vad`. The server has a model of what was said; this rule uses only the sound. A turn does not
 * sound finished
 *
 * - when it ends in a filler: one held sound (`uhm`) that stands alone, after a gap or at the very beginning;
 * - when its energy rises to the end, as if the speaker were about to continue.
 *
 * Such a turn may be continued until the limit of the eagerness has passed (8, 4 and 2 s for low, medium and high); any
 * other turn ends after a fifth of that.
 */
export class SemanticPause implements PauseRule {
  readonly #patience: Patience;
  /** The end of the last stretch of sound. */
  #stretch: Sound[] = [];
  #stretchFrames = 0;
  #quietFrames = 0;

  constructor(eagerness: string | null | undefined) {
    this.#patience = PATIENCE.get(eagerness ?? "auto") ?? MEDIUM;
  }

  hear({ dbfs, isQuiet, samples }: VadFrame): void {
    if (isQuiet) {
      this.#quietFrames++;
      return;
    }
    if (this.#quietFrames >= GAP_FRAMES) {
      this.#stretch = [];
      this.#stretchFrames = 0;
    }
    this.#quietFrames = 0;
    this.#stretchFrames++;
    this.#stretch.push({ dbfs, crossings: crossingsOf(samples) });
    if (this.#stretch.length > KEPT_FRAMES) this.#stretch.shift();
  }

  get silenceMs(): number {
    // The last frame is half silence already.
    const sounds = this.#stretch.slice(0, -1);
    const isUnfinished = isFiller(sounds, this.#stretchFrames - 1) || rises(sounds);
    return isUnfinished ? this.#patience.unfinishedMs : this.#patience.finishedMs;
  }
}

function isFiller(sounds: readonly Sound[], stretchFrames: number): boolean {
  let held = 0;
  let [softest, loudest, dullest, brightest] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { crossings, dbfs } of sounds.toReversed()) {
    softest = Math.min(softest, dbfs);
    loudest = Math.max(loudest, dbfs);
    dullest = Math.min(dullest, crossings);
    brightest = Math.max(brightest, crossings);
    if (loudest - softest > HELD_DB || brightest > dullest * HELD_BRIGHTNESS) break;
    held++;
  }
  return held >= Math.max(HELD_FRAMES, stretchFrames * HELD_SHARE);
}

function rises(sounds: readonly Sound[]): boolean {
  const before = sounds.slice(0, -END_FRAMES);
  return before.length >= END_FRAMES && meanPower(sounds.slice(-END_FRAMES)) > RISING_RATIO * meanPower(before);
}

function meanPower(sounds: readonly Sound[]): number {
  return sounds.reduce((sum, { dbfs }) => sum + 10 ** (dbfs / 10), 0) / sounds.length;
}

function crossingsOf(samples: Int16Array): number {
  let crossings = 0;
  for (let i = 1; i < samples.length; i++) {
    if ((samples[i]! < 0) !== (samples[i - 1]! < 0)) crossings++;
  }
  return crossings;
}

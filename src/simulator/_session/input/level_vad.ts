// This module is browser compatible.
import { measureLevel } from "../../../audio/mod.ts";
import type { PauseRule } from "./pause_rule.ts";

/**
 * Milliseconds judged at once. The recorded server judges 32 ms at a time: its `audio_start_ms` plus the padding, and
 * its `audio_end_ms`, are multiples of 32.
 */
export const VAD_FRAME_MS = 32;

/** Frames in a row that must be loud before they count as speech, so that a click does not. */
const ATTACK_FRAMES = 2;

/** How far before the audio that was heard last a decision may lie: the frames it takes, and one that is not full. */
export const LOOK_BACK_MS = (ATTACK_FRAMES + 1) * VAD_FRAME_MS;

/** Decibels by which speech may fall below the level it had to reach, and still be speech. */
const HYSTERESIS_DB = 6;

/** RMS level that thresholds 0 and 1 stand for; the usual 0.5 lies halfway, at -40 dBFS. */
const LOWEST_DBFS = -60;
const HIGHEST_DBFS = -20;

/** Parameters of {@linkcode LevelVad}. */
export interface LevelVadOptions {
  /**
   * How loud speech must be, 0 to 1, as in `server_vad`: the RMS level of a frame, on a straight line from -60 dBFS
   * at 0 over -40 dBFS at 0.5 to -20 dBFS at 1. Digital silence is never speech.
   */
  readonly threshold: number;
  /** How long a silence ends speech; rounded up to whole frames. */
  readonly pause: PauseRule;
  /** Samples per millisecond of the audio. */
  readonly samplesPerMs: number;
  /** Milliseconds since the session's audio began, of the first sample. */
  readonly startMs: number;
}

/** A decision, at a time in milliseconds since the session's audio began. */
export interface VadDecision {
  /** What was decided. */
  readonly type: "started" | "stopped";
  /**
   * For `"started"` the beginning of the speech; for `"stopped"` the moment at which the silence had lasted long
   * enough, which the server reports too: its `audio_end_ms` includes the silence.
   */
  readonly atMs: number;
}

/**
 * Finds speech by loudness, in the audio's own time: how fast the audio arrives makes no difference. A stand-in for the
 * server's model, which hears speech rather than noise.
 */
export class LevelVad {
  readonly #startDbfs: number;
  readonly #pause: PauseRule;
  readonly #frame: Int16Array;
  #filled = 0;
  #nowMs: number;
  #loudFrames = 0;
  #quietFrames = 0;
  #speaking = false;

  constructor(options: LevelVadOptions) {
    this.#startDbfs = LOWEST_DBFS + (HIGHEST_DBFS - LOWEST_DBFS) * options.threshold;
    this.#pause = options.pause;
    this.#frame = new Int16Array(VAD_FRAME_MS * options.samplesPerMs);
    this.#nowMs = options.startMs;
  }

  /** Hears the next samples and tells what it decides, one decision after the other. */
  *hear(samples: Int16Array): Generator<VadDecision> {
    for (let offset = 0; offset < samples.length;) {
      const part = samples.subarray(offset, offset + this.#frame.length - this.#filled);
      this.#frame.set(part, this.#filled);
      this.#filled += part.length;
      offset += part.length;
      if (this.#filled < this.#frame.length) return;
      this.#filled = 0;
      this.#nowMs += VAD_FRAME_MS;
      const decision = this.#judge(measureLevel(this.#frame).rmsDbfs);
      if (decision) yield decision;
    }
  }

  #judge(dbfs: number): VadDecision | undefined {
    const isQuiet = dbfs < this.#startDbfs - HYSTERESIS_DB;
    this.#pause.hear({ samples: this.#frame, dbfs, isQuiet });
    if (!this.#speaking) {
      this.#loudFrames = dbfs >= this.#startDbfs ? this.#loudFrames + 1 : 0;
      if (this.#loudFrames < ATTACK_FRAMES) return undefined;
      this.#speaking = true;
      this.#quietFrames = 0;
      return { type: "started", atMs: this.#nowMs - ATTACK_FRAMES * VAD_FRAME_MS };
    }
    this.#quietFrames = isQuiet ? this.#quietFrames + 1 : 0;
    if (!isQuiet || this.#quietFrames * VAD_FRAME_MS < this.#pause.silenceMs) return undefined;
    this.#speaking = false;
    this.#loudFrames = 0;
    return { type: "stopped", atMs: this.#nowMs };
  }
}

// This module is browser compatible.
import { measureLevel } from "../../../audio/mod.ts";
import type { PauseRule } from "./pause_rule.ts";

/**
 * Milliseconds per decision. The recorded server decides every 32 ms: its `audio_start_ms` plus the padding, and its
 * `audio_end_ms`, are multiples of 32.
 */
export const VAD_FRAME_MS = 32;

/** Frames in a row that must be loud before they count as speech, so that a click does not. */
const ATTACK_FRAMES = 2;

/** Milliseconds of sound that count as speech. */
export const LEAST_SPEECH_MS = ATTACK_FRAMES * VAD_FRAME_MS;

/** Maximum distance of a decision from the end of the audio: the frames it takes, and an incomplete one. */
export const LOOK_BACK_MS = (ATTACK_FRAMES + 1) * VAD_FRAME_MS;

/** Decibels by which speech may fall below the level it had to reach, and still be speech. */
const HYSTERESIS_DB = 6;

/** RMS levels of the thresholds 0 and 1; the usual 0.5 lies halfway, at -40 dBFS. */
const LOWEST_DBFS = -60;
const HIGHEST_DBFS = -20;

/** Parameters of {@linkcode LevelVad}. */
export interface LevelVadOptions {
  /**
   * Loudness of speech, 0 to 1, as in `server_vad`: the RMS level of a frame, on a straight line from -60 dBFS at 0
   * over -40 dBFS at 0.5 to -20 dBFS at 1. Digital silence is never speech.
   */
  readonly threshold: number;
  /** Silence that ends speech; rounded up to whole frames. */
  readonly pause: PauseRule;
  /** Samples per millisecond of the audio. */
  readonly samplesPerMs: number;
  /** Milliseconds since the session's audio began, of the first sample. */
  readonly startMs: number;
}

/** A decision, at a time in milliseconds since the session's audio began. */
export interface VadDecision {
  /** The decision. */
  readonly type: "started" | "stopped";
  /**
   * For `"started"` the beginning of the speech; for `"stopped"` the moment at which the silence had lasted long
   * enough, which the server reports too: its `audio_end_ms` includes the silence.
   */
  readonly atMs: number;
}

/**
 * Detects speech by loudness, in the audio's own time, independent of the rate of arrival. It stands in for the
 * server's model, which distinguishes speech from noise.
 */
export class LevelVad {
  readonly #startDbfs: number;
  readonly #pause: PauseRule;
  readonly #frame: Int16Array;
  /** Whole samples: at 44.1 kHz a frame is a little shorter. */
  readonly #frameMs: number;
  #filled = 0;
  #nowMs: number;
  #loudFrames = 0;
  #quietFrames = 0;
  #speaking = false;

  constructor(options: LevelVadOptions) {
    this.#startDbfs = LOWEST_DBFS + (HIGHEST_DBFS - LOWEST_DBFS) * options.threshold;
    this.#pause = options.pause;
    this.#frame = new Int16Array(VAD_FRAME_MS * options.samplesPerMs);
    this.#frameMs = this.#frame.length / options.samplesPerMs;
    this.#nowMs = options.startMs;
  }

  /** End of the sound so far, in milliseconds since the session's audio began, while there is speech or it stops. */
  get soundEndMs(): number {
    return this.#nowMs - this.#quietFrames * VAD_FRAME_MS;
  }

  /** Processes the next samples and yields the decisions, one after the other. */
  *hear(samples: Int16Array): Generator<VadDecision> {
    for (let offset = 0; offset < samples.length;) {
      const part = samples.subarray(offset, offset + this.#frame.length - this.#filled);
      this.#frame.set(part, this.#filled);
      this.#filled += part.length;
      offset += part.length;
      if (this.#filled < this.#frame.length) return;
      this.#filled = 0;
      this.#nowMs += this.#frameMs;
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
      return { type: "started", atMs: this.#nowMs - LEAST_SPEECH_MS };
    }
    this.#quietFrames = isQuiet ? this.#quietFrames + 1 : 0;
    if (!isQuiet || this.#quietFrames * VAD_FRAME_MS < this.#pause.silenceMs) return undefined;
    this.#speaking = false;
    this.#loudFrames = 0;
    return { type: "stopped", atMs: this.#nowMs };
  }
}

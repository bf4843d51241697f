// This module is browser compatible.
import { measureLevel } from "../../../audio/mod.ts";
import { STEP_MS } from "./input_clock.ts";

/** RMS level from which a step counts as speech. */
const LOUD_DBFS = -45;

/** Steps in a row that must be loud before they count, so that a click does not. */
const ATTACK_STEPS = 2;

/** Silence that ends the user's speech, in milliseconds. */
const PAUSE_MS = 600;

/** Effect of an input step on the user's speech. */
export type VoiceChange = "started" | "stopped" | undefined;

/** Finds the user's speech by its loudness. */
export class UserVoice {
  #loudSteps = 0;
  #quietMs = 0;
  #isSpeaking = false;
  #startMs = 0;
  #endMs = 0;

  /** Whether the user speaks, or has just paused. */
  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  /** Whether the step heard last was loud. */
  get isLoud(): boolean {
    return this.#loudSteps > 0;
  }

  /** Start of the current or the last speech, in milliseconds. */
  get startMs(): number {
    return this.#startMs;
  }

  /** Duration of the current or the last speech, in milliseconds. */
  get durationMs(): number {
    return this.#endMs - this.#startMs;
  }

  /** Hears a step. */
  hear(samples: Int16Array, startMs: number): VoiceChange {
    const isLoud = measureLevel(samples).rmsDbfs >= LOUD_DBFS;
    this.#loudSteps = isLoud ? this.#loudSteps + 1 : 0;
    this.#quietMs = isLoud ? 0 : this.#quietMs + STEP_MS;
    if (!this.#isSpeaking) {
      if (this.#loudSteps < ATTACK_STEPS) return undefined;
      this.#isSpeaking = true;
      this.#startMs = startMs - (ATTACK_STEPS - 1) * STEP_MS;
      this.#endMs = startMs + STEP_MS;
      return "started";
    }
    if (isLoud) this.#endMs = startMs + STEP_MS;
    if (this.#quietMs < PAUSE_MS) return undefined;
    this.#isSpeaking = false;
    return "stopped";
  }
}

// This module is browser compatible.
import { fixedPause } from "./pause_rule.ts";
import { LevelVad } from "./level_vad.ts";

/** The usual threshold of turn detection. */
const THRESHOLD = 0.5;

/** Finds the start of speech, once: for streaming transcription, with turn detection and without. */
export class SpeechEar {
  readonly #vad: LevelVad;
  #speechMs: number | undefined;

  /** @param startMs milliseconds since the session's audio began, of the first sample. */
  constructor(samplesPerMs: number, startMs: number) {
    this.#vad = new LevelVad({ threshold: THRESHOLD, pause: fixedPause(Infinity), samplesPerMs, startMs });
  }

  /** Start of the speech; `undefined` when there has been none. */
  get speechMs(): number | undefined {
    return this.#speechMs;
  }

  /** Hears the next samples. */
  hear(samples: Int16Array): void {
    if (this.#speechMs !== undefined) return;
    for (const { atMs } of this.#vad.hear(samples)) this.#speechMs ??= atMs;
  }
}

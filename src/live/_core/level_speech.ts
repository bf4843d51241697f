// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { PAUSE_MS } from "../_audio/live_output.ts";
import type { OnSpeech, SpeechDetector } from "./link.ts";

/** Interval of the measurements, in milliseconds. */
const EVERY_MS = 50;

/** Options of a {@linkcode LevelSpeech}. */
interface LevelSpeechOptions {
  /** Returns the current loudness of the model. */
  readonly level: () => number;
  /** Loudness from which the model counts as heard. */
  readonly threshold: number;
  /** Source of time. */
  readonly clock: Clock;
  /** Called with the time since the session was joined. */
  readonly onSpeech: OnSpeech;
  /** Called when the loudness cannot be measured; the detection then ends. */
  readonly onError: (error: unknown) => void;
}

/** Detects from its loudness when the model is heard, if its audio does not pass this program. */
export class LevelSpeech implements SpeechDetector {
  isSpeaking = false;
  readonly #options: LevelSpeechOptions;
  readonly #startMs: number;
  #heardMs = 0;
  #cancel = (): void => {};

  constructor(options: LevelSpeechOptions) {
    this.#options = options;
    this.#startMs = options.clock.now();
    this.#listen();
  }

  end(): void {
    this.#cancel();
    if (this.isSpeaking) this.#say(false, this.#now);
  }

  get #now(): number {
    return this.#options.clock.now() - this.#startMs;
  }

  #listen(): void {
    const { clock, level, onError, threshold } = this.#options;
    const now = this.#now;
    let isLoud: boolean;
    try {
      isLoud = level() >= threshold;
    } catch (error) {
      this.end();
      return onError(error);
    }
    if (isLoud) this.#heardMs = now;
    if (isLoud && !this.isSpeaking) this.#say(true, now);
    else if (this.isSpeaking && now - this.#heardMs >= PAUSE_MS) this.#say(false, this.#heardMs);
    this.#cancel = clock.schedule(() => this.#listen(), EVERY_MS);
  }

  #say(isSpeaking: boolean, atMs: number): void {
    this.isSpeaking = isSpeaking;
    this.#options.onSpeech(isSpeaking, atMs);
  }
}

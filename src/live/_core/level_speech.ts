// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { PAUSE_MS } from "../_audio/live_output.ts";
import type { OnSpeech, SpeechDetector } from "./link.ts";

/** How often it is listened to, in milliseconds. */
const EVERY_MS = 50;

/** What a {@linkcode LevelSpeech} is made of. */
interface LevelSpeechOptions {
  /** How loud the model is at this moment. */
  readonly level: () => number;
  /** How loud it must be to count as heard. */
  readonly threshold: number;
  /** Source of time. */
  readonly clock: Clock;
  /** Is told, with the time since the session was joined. */
  readonly onSpeech: OnSpeech;
}

/** Finds out when the model is heard by how loud it is, where its audio does not pass this program. */
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
    const { clock, level, threshold } = this.#options;
    const now = this.#now;
    const isLoud = level() >= threshold;
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

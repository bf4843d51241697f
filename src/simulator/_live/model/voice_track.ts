// This module is browser compatible.
import { synthesizeSpeech } from "../../speech.ts";
import { GRID_MS, STEP_MS } from "./input_clock.ts";
import { LIVE_RATE } from "./live_format.ts";
import { SpokenWords } from "./spoken_words.ts";

const STEP_SAMPLES = LIVE_RATE * STEP_MS / 1000;

interface Utterance {
  readonly startMs: number;
  readonly samples: Int16Array;
  readonly words: SpokenWords;
  readonly onDone: (() => void) | undefined;
  /** Whether the user can interrupt it. */
  readonly isSpeech: boolean;
  position: number;
}

/** One step of the track. */
export interface VoiceStep {
  /** Samples of the step: zeros during silence. */
  readonly samples: Int16Array;
  /** Words spoken in the cell of the grid that begins with this step; empty when there are none. */
  readonly words: string;
}

/** The model's continuous output track: scheduled speech, and silence in between. */
export class VoiceTrack {
  #queue: Utterance[] = [];

  /** Whether the model is speaking. */
  get isSpeaking(): boolean {
    return this.#queue.some(({ isSpeech, position }) => isSpeech && position > 0);
  }

  /** Whether a recording is playing or queued. */
  get hasFixture(): boolean {
    return this.#queue.some(({ isSpeech }) => !isSpeech);
  }

  /** Schedules a text, not before a time of the session, and after everything scheduled before. */
  say(text: string, startMs: number, samples: Int16Array = synthesizeSpeech(text)): void {
    if (text.trim() === "") return;
    this.#queue.push({
      startMs,
      samples,
      words: new SpokenWords(text),
      onDone: undefined,
      isSpeech: true,
      position: 0,
    });
  }

  /** Plays a recording in place of speech: current speech is cut. */
  play(samples: Int16Array, onDone: () => void): void {
    this.cut();
    this.#queue.push({ startMs: 0, samples, words: new SpokenWords(""), onDone, isSpeech: false, position: 0 });
  }

  /** Drops all scheduled speech. Recordings are played to their end. */
  cut(): void {
    this.#queue = this.#queue.filter(({ isSpeech }) => !isSpeech);
  }

  /** The next step of the track. */
  next(startMs: number): VoiceStep {
    const samples = new Int16Array(STEP_SAMPLES);
    const [now] = this.#queue;
    if (!now || now.startMs > startMs) return { samples, words: "" };
    samples.set(now.samples.subarray(now.position, now.position + STEP_SAMPLES));
    // Speech that begins within a cell is reported with the next one.
    const cellEnd = now.position + (GRID_MS / STEP_MS) * STEP_SAMPLES;
    const words = startMs % GRID_MS === 0 ? now.words.upTo(cellEnd / now.samples.length) : "";
    now.position += STEP_SAMPLES;
    if (now.position < now.samples.length) return { samples, words };
    this.#queue.shift();
    now.onDone?.();
    return { samples, words: words + now.words.rest() };
  }
}

// This module is browser compatible.
import type { TranslationSession } from "../../../protocol/mod.ts";
import type { SimulatedModel, Translation } from "../../model/simulated_model.ts";
import { AudioReader, PCM_24, SAMPLES_PER_MS } from "../input/audio_codec.ts";
import { cutAudio } from "../output/cut_audio.ts";
import { AudioTape } from "../input/audio_tape.ts";
import { hearSpeech } from "../input/hear_speech.ts";
import { splitWords } from "../output/deltas.ts";
import { LevelVad, VAD_FRAME_MS } from "../input/level_vad.ts";
import { fixedPause } from "../input/pause_rule.ts";
import { audioOf } from "../output/spoken_audio.ts";
import type { Stage } from "../stage.ts";
import { Timers } from "../timers.ts";

/** Milliseconds of audio that are processed at once, as documented. */
const ENGINE_FRAME_MS = 200;
/** A pause that ends a piece of translation, and the maximum length of a piece, in milliseconds. */
const PAUSE_MS = 400;
const MAX_UTTERANCE_MS = 30_000;
/** Threshold of speech: the usual `threshold` of `server_vad`. */
const THRESHOLD = 0.5;

/** Dependencies of {@linkcode Translator}. */
export interface TranslatorOptions extends Stage {
  /** The model that hears and translates. */
  readonly simulatedModel: SimulatedModel;
  /** The session with its current settings. */
  readonly session: () => TranslationSession;
}

/** Events sent one after the other, each after a delay. */
type Step = readonly [waitMs: number, send: () => void];

/**
 * Translates the speech between two pauses, at the second one; the real engine does not wait for pauses. Time passes
 * only with the appended audio.
 */
export class Translator {
  readonly #options: TranslatorOptions;
  readonly #reader = new AudioReader(PCM_24);
  readonly #tape = new AudioTape(SAMPLES_PER_MS, 0);
  readonly #timers: Timers;
  readonly #utterances: Iterator<Step>[] = [];
  #vad = this.#createVad();
  #speechMs: number | undefined;
  #isSending = false;
  #onSent: (() => void) | undefined;

  constructor(options: TranslatorOptions) {
    this.#options = options;
    this.#timers = new Timers(options.clock);
  }

  /** Adds audio, and translates the speech that ends in it. */
  append(bytes: Uint8Array): void {
    const samples = this.#reader.read(bytes);
    this.#tape.append(samples);
    for (const { atMs, type } of this.#vad.hear(samples)) {
      if (type === "started") this.#speechMs = Math.max(this.#tape.startMs, atMs - VAD_FRAME_MS);
      else this.#translate(atMs);
    }
    if (this.#speechMs === undefined) this.#tape.forgetBefore(this.#tape.endMs - PAUSE_MS);
    else if (this.#tape.endMs - this.#speechMs >= MAX_UTTERANCE_MS) this.#finish();
  }

  /** Translates the current speech, and calls back when everything has been sent. */
  close(onSent: () => void): void {
    this.#finish();
    this.#onSent = onSent;
    this.#send();
  }

  /** Stops everything without sending an event. */
  stop(): void {
    this.#timers.stop();
  }

  #createVad(): LevelVad {
    const pause = fixedPause(PAUSE_MS);
    return new LevelVad({ threshold: THRESHOLD, pause, samplesPerMs: SAMPLES_PER_MS, startMs: this.#tape.endMs });
  }

  /** Ends the current speech. */
  #finish(): void {
    if (this.#speechMs === undefined) return;
    this.#translate(this.#tape.endMs);
    this.#vad = this.#createVad();
  }

  #translate(endMs: number): void {
    const { simulatedModel, ids, session } = this.#options;
    const audio = this.#tape.take(this.#speechMs ?? endMs, endMs);
    this.#speechMs = undefined;
    const elapsed_ms = Math.ceil(endMs / ENGINE_FRAME_MS) * ENGINE_FRAME_MS;
    const { transcript: text } = hearSpeech(simulatedModel, audio, ids("item"));
    const language = session().audio.output?.language ?? "";
    const translation = simulatedModel.translate?.({ text, audio, language }) ?? { text, audio };
    checkTranslation(translation);
    const transcript = session().audio.input?.transcription ? text : "";
    this.#utterances.push(this.#say(transcript, translation, elapsed_ms));
    this.#send();
  }

  *#say(transcript: string, { audio, text }: Translation, elapsed_ms: number): Generator<Step> {
    const { outbox, pace } = this.#options;
    for (const delta of splitWords(transcript)) {
      yield [0, () => outbox.emit({ type: "session.input_transcript.delta", delta, elapsed_ms })];
    }
    for (const delta of splitWords(text)) {
      yield [0, () => outbox.emit({ type: "session.output_transcript.delta", delta, elapsed_ms })];
    }
    let waitMs = 0;
    for (const { base64, samples } of cutAudio(audioOf(text, audio), PCM_24)) {
      const sound = { delta: base64, sample_rate: 24_000, channels: 1, format: "pcm16", elapsed_ms };
      yield [waitMs, () => outbox.emit({ type: "session.output_audio.delta", ...sound })];
      waitMs = pace.wait(samples.length / SAMPLES_PER_MS);
    }
  }

  #send(): void {
    if (this.#isSending) return;
    const step = this.#nextStep();
    if (!step) {
      this.#onSent?.();
      return;
    }
    const [waitMs, send] = step;
    this.#isSending = true;
    this.#timers.after(waitMs, () => {
      this.#isSending = false;
      send();
      this.#send();
    });
  }

  #nextStep(): Step | undefined {
    for (let [utterance] = this.#utterances; utterance; [utterance] = this.#utterances) {
      const { done, value } = utterance.next();
      if (!done) return value;
      this.#utterances.shift();
    }
    return undefined;
  }
}

/** Checks a translation of a model that a test has written: a mistake in it would otherwise be thrown in a timer. */
function checkTranslation({ audio, text }: Translation): void {
  if (typeof text !== "string") {
    throw new TypeError(`Cannot play a translation as its text must be a string: current value is ${text}`);
  }
  if (audio !== undefined && !(audio instanceof Int16Array)) {
    throw new TypeError(`Cannot play a translation as its audio must be an Int16Array: current value is ${audio}`);
  }
}

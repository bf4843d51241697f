// This module is browser compatible.
import { serverError } from "../../_errors/server_error.ts";
import type { IdGenerator } from "../../../_internal/ids.ts";
import type { EffectiveTurnDetection } from "../../../protocol/mod.ts";
import { AudioReader, samplesPerMsOf, toKeptRate, type WireAudio } from "./audio_codec.ts";
import { AudioTape } from "./audio_tape.ts";
import { LEAST_SPEECH_MS, type LevelVad, LOOK_BACK_MS, type VadDecision } from "./level_vad.ts";
import type { Outbox } from "../outbox.ts";
import { SpeechEar } from "./speech_ear.ts";
import { createVad } from "./turn_detection.ts";

/** Minimum audio that a client may commit. */
const MIN_COMMIT_MS = 100;

/** Default padding before speech, in milliseconds. */
const PADDING_MS = 300;

/** Callbacks of the input buffer. */
export interface InputAudioOptions {
  /** Destination of events. */
  readonly outbox: Outbox;
  /** Creates identifiers. */
  readonly ids: IdGenerator;
  /** Whether turns are answered regardless of the session's settings. */
  readonly answersEveryTurn: boolean;
  /** The user has started to speak; `interrupts` means that the model should stop. */
  readonly onSpeech: (interrupts: boolean) => void;
  /** The user has been speaking for a number of milliseconds; the speech will become an item with this id. */
  readonly onHearing: (itemId: string, speechMs: number) => void;
  /** A message of the user's: its audio is 24 kHz mono. `isSilence` is true if it contains no speech. */
  readonly onCommit: (itemId: string, audio: Int16Array, isSilence: boolean) => void;
  /** A turn has ended that should be answered; `isIdle` is true if it contains no speech. */
  readonly onTurn: (isIdle: boolean) => void;
}

/** A commit during speech. */
interface EarlyCommit {
  readonly itemId: string;
  readonly atMs: number;
  isAnswered: boolean;
}

/** The input audio buffer, and the turns detected in it. */
export class InputAudio {
  readonly #options: InputAudioOptions;
  #wire: WireAudio;
  #reader: AudioReader;
  #tape: AudioTape;
  #detection: EffectiveTurnDetection | null = null;
  #vadKey = "";
  #vad: LevelVad | undefined;
  /** Start of the speech that is being heard; `undefined` when there is none. */
  #speechMs: number | undefined;
  /** The last commit during this speech. */
  #early: EarlyCommit | undefined;
  /** Detects speech for streaming transcription; absent when that is off. */
  #ear: SpeechEar | undefined;
  /** The item that the buffer will become; absent until an event names it. */
  #itemId: string | undefined;

  constructor(wire: WireAudio, options: InputAudioOptions) {
    this.#options = options;
    this.#wire = wire;
    this.#reader = new AudioReader(wire);
    this.#tape = new AudioTape(samplesPerMsOf(wire), 0);
  }

  /** Milliseconds of audio that were ever appended. */
  get appendedMs(): number {
    return this.#tape.endMs;
  }

  /**
   * Applies the session's settings; `streams` means that speech is transcribed while it is spoken. Another encoding or
   * rate drops the buffer; a change of turn detection restarts it, and drops the current speech. Only when it is turned
   * off, the audio so far remains, and so does the item that it will become.
   */
  configure(wire: WireAudio, detection: EffectiveTurnDetection | null, streams: boolean): void {
    const sameWire = wire === this.#wire;
    if (!sameWire) {
      this.#wire = wire;
      this.#reader = new AudioReader(wire);
      this.#tape = new AudioTape(samplesPerMsOf(wire), this.#tape.endMs);
    }
    const { eagerness, silence_duration_ms, threshold, type } = detection ?? {};
    const vadKey = JSON.stringify([type, eagerness, silence_duration_ms, threshold]);
    const sameVad = vadKey === this.#vadKey;
    this.#detection = detection;
    this.#vadKey = vadKey;
    if (!sameWire || !sameVad) this.#listenAfresh();
    if (!sameWire || !sameVad && detection) this.#forgetItem();
    if (!streams) this.#ear = undefined;
    else if (!this.#ear) this.#openEar();
  }

  /** Adds audio, and finds the turns in it. */
  append(bytes: Uint8Array): void {
    const samples = this.#reader.read(bytes);
    this.#tape.append(samples);
    this.#ear?.hear(samples);
    let isDecided = false;
    for (const decision of this.#vad?.hear(samples) ?? []) {
      if (decision.type === "stopped") this.#tellHearing(decision.atMs);
      this.#decide(decision);
      isDecided = decision.type === "stopped";
    }
    if (!isDecided) this.#tellHearing(this.#tape.endMs);
    if (this.#vad && this.#speechMs === undefined) this.#tape.forgetBefore(this.#tape.endMs - this.#keptMs);
  }

  /** Creates a message of the user from the whole buffer. */
  commit(): void {
    const bufferedMs = this.#tape.endMs - this.#tape.startMs;
    if (bufferedMs < MIN_COMMIT_MS) {
      throw serverError("commit_empty", { least: MIN_COMMIT_MS, buffered: bufferedMs.toFixed(2) });
    }
    const isSilence = this.#ear !== undefined && this.#ear.speechMs === undefined;
    const atMs = this.#tape.endMs;
    const itemId = this.#commit(this.#tape.startMs, atMs, isSilence);
    if (this.#speechMs !== undefined) this.#early = { itemId, atMs, isAnswered: false };
  }

  /** The model has begun to answer what was committed. */
  noteAnswer(): void {
    if (this.#early) this.#early.isAnswered = true;
  }

  /** Creates a message of the user from the silence since a time, after an idle timeout. */
  timeOut(sinceMs: number): void {
    const endMs = this.#tape.endMs;
    this.#options.outbox.emit({
      type: "input_audio_buffer.timeout_triggered",
      audio_start_ms: Math.round(sinceMs),
      audio_end_ms: Math.round(endMs),
      item_id: this.#nameItem(),
    });
    this.#commit(sinceMs, endMs, true);
    if (this.#isAnswered) this.#options.onTurn(true);
  }

  /** Discards the buffer, and the current speech. */
  clear(): void {
    this.#reader = new AudioReader(this.#wire);
    this.#tape.forgetBefore(this.#tape.endMs);
    this.#listenAfresh();
    this.#forgetItem();
    this.#options.outbox.emit({ type: "input_audio_buffer.cleared" });
  }

  /** Milliseconds of silence that are kept: as padding before speech, or to commit after an idle timeout. */
  get #keptMs(): number {
    return Math.max(MIN_COMMIT_MS, this.#paddingMs + LOOK_BACK_MS, this.#detection?.idle_timeout_ms ?? 0);
  }

  get #paddingMs(): number {
    return this.#detection?.prefix_padding_ms ?? PADDING_MS;
  }

  get #isAnswered(): boolean {
    return this.#options.answersEveryTurn || (this.#detection?.create_response ?? true);
  }

  #listenAfresh(): void {
    this.#speechMs = undefined;
    this.#early = undefined;
    this.#vad = this.#detection ? createVad(this.#detection, this.#tape.samplesPerMs, this.#tape.endMs) : undefined;
  }

  #openEar(): void {
    this.#ear = new SpeechEar(this.#tape.samplesPerMs, this.#tape.endMs);
  }

  /** The audio from now on belongs to another item. */
  #forgetItem(): void {
    this.#itemId = undefined;
    if (this.#ear) this.#openEar();
  }

  #nameItem(): string {
    return this.#itemId ??= this.#options.ids("item");
  }

  /** Reports the duration of the current speech, if it is transcribed while it is spoken. */
  #tellHearing(untilMs: number): void {
    const sinceMs = this.#ear?.speechMs;
    if (sinceMs === undefined || this.#vad && this.#speechMs === undefined) return;
    this.#options.onHearing(this.#nameItem(), untilMs - sinceMs);
  }

  #decide({ type, atMs }: VadDecision): void {
    const { outbox, onSpeech, onTurn } = this.#options;
    if (type === "started") {
      this.#speechMs = Math.max(this.#tape.startMs, atMs - this.#paddingMs);
      outbox.emit({
        type: "input_audio_buffer.speech_started",
        audio_start_ms: Math.round(this.#speechMs),
        item_id: this.#nameItem(),
      });
      onSpeech(this.#detection?.interrupt_response ?? true);
      return;
    }
    const startMs = this.#speechMs;
    if (startMs === undefined) return;
    this.#speechMs = undefined;
    const early = this.#takeWhole();
    outbox.emit({
      type: "input_audio_buffer.speech_stopped",
      audio_end_ms: Math.round(atMs),
      item_id: early?.itemId ?? this.#nameItem(),
    });
    if (early) this.#tape.forgetBefore(atMs);
    else this.#commit(startMs, atMs);
    if (this.#isAnswered && !early?.isAnswered) onTurn(false);
  }

  /** The commit that took all of the speech that now ends; `undefined` if there is more of it. */
  #takeWhole(): EarlyCommit | undefined {
    const early = this.#early;
    this.#early = undefined;
    if (!early || !this.#vad || this.#itemId !== undefined) return undefined;
    return this.#vad.soundEndMs < early.atMs + LEAST_SPEECH_MS ? early : undefined;
  }

  #commit(fromMs: number, toMs: number, isSilence = false): string {
    const itemId = this.#nameItem();
    this.#forgetItem();
    this.#options.onCommit(itemId, toKeptRate(this.#tape.take(fromMs, toMs), this.#wire), isSilence);
    return itemId;
  }
}

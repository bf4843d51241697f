// This module is browser compatible.
import type { EffectiveTranscription, LogProb, TranscriptionUsage } from "../../../protocol/mod.ts";
import type { TranscriptionStopsFault } from "../../model_faults.ts";
import type { HeardSegment, HeardSpeech } from "../../model/heard_speech.ts";
import type { ConversationEntry } from "../conversation/conversation.ts";
import { splitWords } from "../output/deltas.ts";
import type { Stage } from "../stage.ts";
import { Timers } from "../timers.ts";
import {
  firstWordMs,
  isBilledBySecond,
  languagesHeard,
  tellsSpeakers,
  transcriptPieces,
} from "./transcription_model.ts";
import { textTokens, userAudioTokens } from "../usage.ts";

/** Milliseconds between words, at the pace at which audio is heard. */
const WORD_MS = 40;

/** Log probability reported for each token. */
const LOG_PROBABILITY = -0.05;

/** Transcription settings of the session. */
export interface TranscriptionSettings {
  /** The settings. */
  readonly config: EffectiveTranscription;
  /** Whether log probabilities are included. */
  readonly withLogProbs: boolean;
}

/** Position of the audio. */
interface Place {
  readonly item_id: string;
  readonly content_index: number;
}

/** Progress of an item's transcription. */
interface Progress {
  /** Deltas sent. */
  deltas: number;
  /** The planned end, if it stops early. */
  readonly stops: TranscriptionStopsFault | undefined;
}

/** Transcribes the user's speech, independently of the responses. */
export class Transcriptions {
  readonly #stage: Stage;
  readonly #timers: Timers;
  readonly #latency: Timers;
  readonly #progress = new Map<string, Progress>();

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#timers = new Timers(stage.clock);
    this.#latency = new Timers(stage.latency.clock);
  }

  /** Transcribes the speech so far of an item that is not committed yet. */
  stream(itemId: string, text: string, settings: TranscriptionSettings): void {
    const place = { item_id: itemId, content_index: 0 };
    const progress = this.#progressOf(itemId);
    for (const delta of transcriptPieces(settings.config, text).slice(progress.deltas)) {
      this.#write(place, delta, settings);
    }
  }

  /** Transcribes a user's audio item: the rest of it, if some was transcribed while it was spoken. */
  start(entry: ConversationEntry, heard: HeardSpeech, settings: TranscriptionSettings): void {
    const { latency, pace } = this.#stage;
    const { delayMs = 0, failure, transcript } = heard;
    const { config } = settings;
    const place = { item_id: entry.id, content_index: 0 };
    const progress = this.#progressOf(entry.id);
    const pieces = transcriptPieces(config, transcript).slice(progress.deltas);
    const next = () => {
      const delta = pieces.shift();
      if (delta === undefined) return this.#complete(place, entry, heard, settings);
      this.#write(place, delta, settings);
      this.#timers.after(pace.wait(WORD_MS), next);
    };
    const begin = () =>
      this.#timers.after(
        delayMs + pace.wait(firstWordMs(config)),
        () => failure ? this.#fail(place, failure) : next(),
      );
    if (latency.transcriptionMs > 0) this.#latency.after(latency.transcriptionMs, begin);
    else begin();
  }

  /** Stops everything without sending an event. */
  stop(): void {
    this.#timers.stop();
    this.#latency.stop();
  }

  #progressOf(itemId: string): Progress {
    const known = this.#progress.get(itemId);
    if (known) return known;
    const progress = { deltas: 0, stops: this.#stage.faults.nextTranscription() };
    this.#progress.set(itemId, progress);
    return progress;
  }

  #write(place: Place, delta: string, { withLogProbs }: TranscriptionSettings): void {
    const progress = this.#progressOf(place.item_id);
    progress.deltas++;
    if (progress.stops && progress.deltas > (progress.stops.afterDeltas ?? 1)) return;
    const logprobs = withLogProbs ? { logprobs: logProbsOf([delta]) } : {};
    const type = "conversation.item.input_audio_transcription.delta";
    this.#stage.outbox.emit({ type, ...place, delta, ...logprobs });
  }

  #fail(place: Place, { code, message }: NonNullable<HeardSpeech["failure"]>): void {
    this.#progress.delete(place.item_id);
    this.#stage.outbox.emit({
      type: "conversation.item.input_audio_transcription.failed",
      ...place,
      error: { type: this.#stage.profile.transcriptionErrorType, code, message, param: null },
    });
  }

  #complete(
    place: Place,
    entry: ConversationEntry,
    heard: HeardSpeech,
    { config, withLogProbs }: TranscriptionSettings,
  ): void {
    const { segments, transcript } = heard;
    if (tellsSpeakers(config.model) && transcript !== "") {
      this.#tellSegments(place, entry.audioMs, segments ?? [{ speaker: "speaker_0", text: transcript }]);
    }
    const { stops } = this.#progressOf(place.item_id);
    this.#progress.delete(place.item_id);
    if (stops && !stops.completes) return;
    const languages = languagesHeard(config, heard);
    addTranscript(entry, transcript);
    this.#stage.outbox.emit({
      type: "conversation.item.input_audio_transcription.completed",
      ...place,
      transcript,
      usage: usageOf(config.model, transcript, entry.audioMs),
      ...languages && { languages },
      ...withLogProbs && { logprobs: logProbsOf(splitWords(transcript)) },
    });
  }

  #tellSegments(place: Place, audioMs: number, segments: readonly HeardSegment[]): void {
    const { ids, outbox } = this.#stage;
    const secondsPerCharacter = audioMs / 1000 / segments.reduce((sum, { text }) => sum + text.length, 0);
    let start = 0;
    for (const { speaker, text } of segments) {
      const end = start + text.length * secondsPerCharacter;
      const type = "conversation.item.input_audio_transcription.segment";
      outbox.emit({ type, ...place, id: ids("seg"), text, speaker, start, end });
      start = end;
    }
  }
}

function logProbsOf(tokens: readonly string[]): LogProb[] {
  const encoder = new TextEncoder();
  return tokens.map((token) => ({ token, logprob: LOG_PROBABILITY, bytes: [...encoder.encode(token)] }));
}

function usageOf(model: string | null | undefined, transcript: string, audioMs: number): TranscriptionUsage {
  if (isBilledBySecond(model)) return { type: "duration", seconds: Math.ceil(audioMs / 1000) };
  const inputTokens = userAudioTokens(audioMs);
  const outputTokens = textTokens(transcript);
  return {
    type: "tokens",
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    input_token_details: { text_tokens: 0, audio_tokens: inputTokens },
    output_tokens: outputTokens,
  };
}

function addTranscript(entry: ConversationEntry, transcript: string): void {
  const { item } = entry;
  if (item.type !== "message" || item.role !== "user") return;
  entry.item = {
    ...item,
    content: item.content.map((part) => part.type === "input_audio" ? { ...part, transcript } : part),
  };
}

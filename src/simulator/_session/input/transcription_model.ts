// This module is browser compatible.
import type { EffectiveTranscription } from "../../../protocol/mod.ts";
import { splitWords } from "../output/deltas.ts";

/** Models that report languages, as documented. */
const TELLS_LANGUAGES = ["gpt-transcribe"];
/** Models without turn detection: a transcription session requires `turn_detection: null`, as documented. */
const WITHOUT_TURNS = ["gpt-live-transcribe", "gpt-realtime-whisper"];

/** Models that transcribe while the user speaks, as reported. */
const STREAMING = WITHOUT_TURNS;

/** Milliseconds from the beginning of speech to the first word of a model that streams, by `delay`: reported are 500 to 1400. */
const STREAM_DELAY_MS: ReadonlyMap<string, number> = new Map([
  ["minimal", 500],
  ["low", 700],
  ["medium", 900],
  ["high", 1150],
  ["xhigh", 1400],
]);

/** Milliseconds that a model waits for context before the first word, by `delay`. */
const DELAY_MS: ReadonlyMap<string, number> = new Map([
  ["minimal", 40],
  ["low", 200],
  ["medium", 400],
  ["high", 800],
  ["xhigh", 1600],
]);

/** Milliseconds to the first word, at the pace at which audio is heard. */
export function firstWordMs({ delay }: EffectiveTranscription): number {
  return DELAY_MS.get(delay ?? "minimal") ?? 0;
}

/** Whether a model transcribes while the user speaks. */
export function isStreaming(model: string | null | undefined): boolean {
  return isOneOf(STREAMING, model);
}

/** Milliseconds from the beginning of speech to the first word of a model that streams. */
export function streamDelayMs({ delay }: EffectiveTranscription): number {
  return STREAM_DELAY_MS.get(delay ?? "minimal") ?? 0;
}

/** Cuts a transcript into the pieces in which a model streams it. */
export function transcriptPieces({ model }: EffectiveTranscription, transcript: string): string[] {
  if (transcript === "" || tellsSpeakers(model)) return [];
  // As documented: the first Whisper sends the whole transcript at once.
  if (model === "whisper-1") return [transcript];
  // As recorded: the first piece of the Whisper that streams starts with a space, that of other models does not.
  return [...splitWords(isOneOf(["gpt-realtime-whisper"], model) ? ` ${transcript}` : transcript)];
}

/** Whether a model distinguishes speakers. */
export function tellsSpeakers(model: string | null | undefined): boolean {
  return model?.includes("diarize") ?? false;
}

/** The languages that a model reports: none without words; `undefined` when it does not report languages. */
export function languagesHeard(
  { language, languages, model }: EffectiveTranscription,
  heard: { readonly language?: string | undefined; readonly transcript: string },
): { readonly code: string }[] | undefined {
  if (!isOneOf(TELLS_LANGUAGES, model)) return undefined;
  return heard.transcript === "" ? [] : [{ code: heard.language ?? language ?? languages?.[0] ?? "en" }];
}

/** Whether a transcription session can find turns with a model. */
export function findsTurns(model: string | null | undefined): boolean {
  return !isOneOf(WITHOUT_TURNS, model);
}

/** Whether a model is billed by the second; the others are billed by the token. */
export function isBilledBySecond(model: string | null | undefined): boolean {
  return isOneOf(["gpt-live-transcribe"], model) || (model?.includes("whisper") ?? false);
}

/** Whether a model is one of these, or a snapshot of one: `gpt-transcribe-2026-10-01`. */
function isOneOf(models: readonly string[], model: string | null | undefined): boolean {
  return models.some((name) => model === name || model?.startsWith(`${name}-`));
}

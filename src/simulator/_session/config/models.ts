// This module is browser compatible.

/** Default model of a session. */
export const DEFAULT_MODEL = "gpt-realtime-2.1";

/** Default turn detection. */
export interface TurnDefaults {
  /** Milliseconds of silence that end a turn. */
  readonly silenceDurationMs: number;
}

/** Default settings of a model. */
export interface ModelDefaults extends TurnDefaults {
  /** The voice that speaks. */
  readonly voice: string;
  /** Whether messages carry a `phase`. */
  readonly tellsPhase: boolean;
}

/** As recorded with `gpt-realtime` and `gpt-realtime-mini`. */
const FIRST_GENERATION: ModelDefaults = { voice: "alloy", silenceDurationMs: 200, tellsPhase: false };
/** As recorded with `gpt-realtime-2.1`. */
const SECOND_GENERATION: ModelDefaults = { voice: "marin", silenceDurationMs: 500, tellsPhase: true };

/** Default settings of a model. */
export function defaultsOf(model: string): ModelDefaults {
  return /^gpt-realtime-[2-9]/.test(model) && !/^gpt-realtime-\d{4}-/.test(model)
    ? SECOND_GENERATION
    : FIRST_GENERATION;
}

/** Whether a model reasons: `gpt-realtime-2` is in its name, not the year of a snapshot. */
export function canReason(model: string): boolean {
  return /gpt-realtime-2(?!\d{3}-)/.test(model);
}

/**
 * Whether a model is for conversations: every published one has "realtime" or "audio" in its name, as do some that
 * transcribe or translate.
 */
export function isRealtimeModel(model: string): boolean {
  return /^gpt-.*\b(realtime|audio)\b/.test(model) && !/-(whisper|transcribe|translate)\b/.test(model);
}

/** Whether a model translates. */
export function isTranslationModel(model: string): boolean {
  return /^gpt-.*\btranslate\b/.test(model);
}

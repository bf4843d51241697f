// This module is browser compatible.

/** Model of a session that names none. */
export const DEFAULT_MODEL = "gpt-realtime-2.1";

/** How turns are found when the client has not said otherwise. */
export interface TurnDefaults {
  /** Milliseconds of silence that end a turn. */
  readonly silenceDurationMs: number;
}

/** What a model is like when the client has not said otherwise. */
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

/** What a model is like when the client has not said otherwise. */
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
 * Whether a model holds conversations: every published one that does has "realtime" or "audio" in its name, as have
 * some that transcribe or translate.
 */
export function isRealtimeModel(model: string): boolean {
  return /^gpt-.*\b(realtime|audio)\b/.test(model) && !/-(whisper|transcribe|translate)\b/.test(model);
}

/** Whether a model translates. */
export function isTranslationModel(model: string): boolean {
  return /^gpt-.*\btranslate\b/.test(model);
}

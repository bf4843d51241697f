// This module is browser compatible.

/** What a model is like when the client has not said otherwise. */
export interface ModelDefaults {
  /** The voice that speaks. */
  readonly voice: string;
  /** Milliseconds of silence that end a turn. */
  readonly silenceDurationMs: number;
}

/** As recorded with `gpt-realtime` and `gpt-realtime-mini`. */
const FIRST_GENERATION: ModelDefaults = { voice: "alloy", silenceDurationMs: 200 };
/** As recorded with `gpt-realtime-2.1`. */
const SECOND_GENERATION: ModelDefaults = { voice: "marin", silenceDurationMs: 500 };

/** What a model is like when the client has not said otherwise. */
export function defaultsOf(model: string): ModelDefaults {
  return /^gpt-realtime-[2-9]/.test(model) && !/^gpt-realtime-\d{4}-/.test(model)
    ? SECOND_GENERATION
    : FIRST_GENERATION;
}

/** Whether a model answers in realtime: every published one has "realtime" or "audio" in its name. */
export function isRealtimeModel(model: string): boolean {
  return /^gpt-.*\b(realtime|audio)\b/.test(model);
}

// This module is browser compatible.
import type {
  EffectiveSession,
  RealtimeSession,
  TranscriptionSession,
  TranslationSession,
} from "../../../protocol/mod.ts";
import { defaultsOf } from "./models.ts";
import type { ConfigRules } from "./config_rules.ts";
import type { RealtimeSpec, SessionSpec, TranscriptionSpec, TranslationSpec } from "../session_spec.ts";
import { createSessionState, updateSessionState } from "./session_state.ts";
import { assertInRange } from "./session_update.ts";
import { createTranscriptionState, updateTranscriptionState } from "./transcription_state.ts";
import { createTranslationState, updateTranslationState } from "../translation/translation_state.ts";

/**
 * What a session is set to when it begins, and what the answer to a client secret shows.
 *
 * @param expiresAt Unix time in seconds at which it ends; 0 for one that has not begun.
 * @throws {ServerError} when it cannot be set to what it is to be set to.
 */
export function initialSession(
  spec: SessionSpec,
  id: string,
  expiresAt: number,
  rules: ConfigRules,
): EffectiveSession | TranslationSession {
  switch (spec.kind) {
    case "realtime":
      return initialRealtimeSession(spec, id, expiresAt, rules);
    case "transcription":
      return initialTranscriptionSession(spec, id, expiresAt, rules);
    case "translation":
      return initialTranslationSession(spec, id, expiresAt, rules);
  }
}

/**
 * What a transcription session is set to when it begins.
 *
 * @throws {ServerError} when it cannot be set to what it is to be set to.
 */
export function initialTranscriptionSession(
  { config }: TranscriptionSpec,
  id: string,
  expiresAt: number,
  rules: ConfigRules,
): TranscriptionSession {
  return updateTranscriptionState(createTranscriptionState(id, expiresAt), config ?? { type: "transcription" }, rules);
}

/**
 * What a translation session is set to when it begins.
 *
 * @throws {ServerError} when it cannot be set to what it is to be set to.
 */
export function initialTranslationSession(
  { config, model }: TranslationSpec,
  id: string,
  expiresAt: number,
  rules: ConfigRules,
): TranslationSession {
  return updateTranslationState(createTranslationState(id, model, expiresAt), config ?? {}, rules);
}

/**
 * What a conversation session is set to when it begins.
 *
 * @throws {ServerError} when it cannot be set to what it is to be set to.
 */
export function initialRealtimeSession(
  { config, model }: RealtimeSpec,
  id: string,
  expiresAt: number,
  rules: ConfigRules,
): RealtimeSession {
  const own = defaultsOf(model);
  const defaults = { ...own, voice: rules.voiceFor(own.voice) };
  const session = createSessionState(id, model, defaults, { expiresAt, findsTurns: rules.findsTurns });
  if (!config) return session;
  rules.checkSession(config, model);
  assertInRange(config);
  return updateSessionState(session, config, defaults);
}

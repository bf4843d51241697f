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
 * The initial settings of a session, which the response to a client secret shows.
 *
 * @param expiresAt end of the session, as Unix time in seconds; 0 before it begins.
 * @throws {ServerError} when the server would reject the settings.
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
 * The initial settings of a transcription session.
 *
 * @throws {ServerError} when the server would reject the settings.
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
 * The initial settings of a translation session.
 *
 * @throws {ServerError} when the server would reject the settings.
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
 * The initial settings of a conversation session.
 *
 * @throws {ServerError} when the server would reject the settings.
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

// This module is browser compatible.
import type { TranslationSession, TranslationSessionConfig } from "../../../protocol/mod.ts";
import type { ConfigRules } from "../config/config_rules.ts";

/** Default target language. */
const DEFAULT_LANGUAGE = "en";

/** Creates the session that `session.created` shows. */
export function createTranslationState(id: string, model: string, expiresAt: number): TranslationSession {
  return {
    type: "translation",
    id,
    expires_at: expiresAt,
    model,
    audio: {
      input: { noise_reduction: null, transcription: null },
      output: { language: DEFAULT_LANGUAGE },
    },
  };
}

/**
 * Applies a `session.update`: absent settings stay.
 *
 * @throws {ServerError} when the server rejects it; nothing is then changed.
 */
export function updateTranslationState(
  session: TranslationSession,
  { audio }: TranslationSessionConfig,
  rules: ConfigRules,
): TranslationSession {
  rules.checkTranscription(audio?.input?.transcription);
  const { input, output } = session.audio;
  const { noise_reduction, ...rest } = audio?.input ?? {};
  const strength = { strength: 1, ...input?.noise_reduction };
  return {
    ...session,
    audio: {
      input: {
        ...input,
        ...rest,
        ...noise_reduction !== undefined && { noise_reduction: noise_reduction && { ...strength, ...noise_reduction } },
      },
      output: { ...output, ...audio?.output },
    },
  };
}

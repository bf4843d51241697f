// This module is browser compatible.
import type { TranslationSessionConfig } from "../protocol/mod.ts";
import type { TranslationSettings } from "./translation_options.ts";

/**
 * The wire configuration of these settings.
 *
 * @throws {TypeError} when a shorthand and `session` set the same field.
 */
export function toTranslationConfig(settings: TranslationSettings): TranslationSessionConfig {
  const { language, noiseReduction, session, transcription } = settings;
  const { input, output } = session?.audio ?? {};
  return {
    ...session,
    audio: {
      ...session?.audio,
      input: {
        ...input,
        noise_reduction: oneOf("noiseReduction", noiseReduction, "input.noise_reduction", input?.noise_reduction),
        transcription: oneOf("transcription", transcription, "input.transcription", input?.transcription),
      },
      output: { ...output, language: oneOf("language", language, "output.language", output?.language) },
    },
  };
}

function oneOf<Value>(shorthand: string, short: Value | undefined, path: string, long: Value | undefined) {
  if (short === undefined) return long;
  if (long === undefined) return short;
  throw new TypeError(`Cannot set both ${shorthand} and session.audio.${path}: give one of them`);
}

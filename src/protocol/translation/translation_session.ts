// This module is browser compatible.
import type { EffectiveNoiseReduction, NoiseReductionType } from "../session/noise_reduction.ts";
import type { OpenEnum } from "../open_enum.ts";

/**
 * Model of a translation session.
 *
 * @category Translation
 */
export type TranslationModel = OpenEnum<"gpt-realtime-translate">;

/**
 * Noise filter of a translation session.
 *
 * @category Translation
 */
export interface TranslationNoiseReduction {
  /** Kind of filter. */
  readonly type: NoiseReductionType;
  /** Strength of the filter; absent keeps the previous value. */
  readonly strength?: number | undefined;
}

/**
 * Transcription of the source language.
 *
 * @category Translation
 */
export interface TranslationTranscription {
  /** Model that transcribes. */
  readonly model: string;
}

/**
 * Input settings of a translation session.
 *
 * @category Translation
 */
export interface TranslationInputConfig {
  /** Noise filter; null switches it off. */
  readonly noise_reduction?: TranslationNoiseReduction | null | undefined;
  /** Transcription of the source; without it there is no `session.input_transcript.delta`. Null switches it off. */
  readonly transcription?: TranslationTranscription | null | undefined;
}

/**
 * Output settings of a translation session.
 *
 * @category Translation
 */
export interface TranslationOutputConfig {
  /** Language to translate into. */
  readonly language?: string | undefined;
}

/**
 * Audio of a translation session: 24 000 Hz PCM in and out, no choice of format.
 *
 * @category Translation
 */
export interface TranslationAudioConfig {
  /** Input settings. */
  readonly input?: TranslationInputConfig | undefined;
  /** Output settings. */
  readonly output?: TranslationOutputConfig | undefined;
}

/**
 * Settings of a translation session, for `session.update`. Type and model cannot be changed.
 *
 * @category Translation
 */
export interface TranslationSessionConfig {
  /** Audio in and out. */
  readonly audio?: TranslationAudioConfig | undefined;
}

/**
 * Settings of a new translation session, for the REST call that creates a client secret for one.
 *
 * @category Translation
 */
export interface TranslationSessionCreateConfig extends TranslationSessionConfig {
  /** Model that translates. */
  readonly model: TranslationModel;
}

/**
 * Input settings of a translation session, as the server reports them.
 *
 * @category Translation
 */
export interface EffectiveTranslationInput {
  /** Noise filter, or null. */
  readonly noise_reduction?: EffectiveNoiseReduction | null | undefined;
  /** Transcription of the source, or null. */
  readonly transcription?: TranslationTranscription | null | undefined;
}

/**
 * Output settings of a translation session, as the server reports them.
 *
 * @category Translation
 */
export interface EffectiveTranslationOutput {
  /** Language that is translated into. */
  readonly language?: string | null | undefined;
}

/**
 * Audio of a translation session as the server reports it.
 *
 * @category Translation
 */
export interface EffectiveTranslationAudio {
  /** Input settings. */
  readonly input?: EffectiveTranslationInput | null | undefined;
  /** Output settings. */
  readonly output?: EffectiveTranslationOutput | null | undefined;
}

/**
 * A translation session with everything that is in effect.
 *
 * @category Translation
 */
export interface TranslationSession {
  /** Kind of session. */
  readonly type: OpenEnum<"translation">;
  /** Identifier, e.g. `sess_1234`. */
  readonly id: string;
  /** Unix time in seconds at which the session ends. */
  readonly expires_at: number;
  /** Model that translates. */
  readonly model: TranslationModel;
  /** Audio in and out. */
  readonly audio: EffectiveTranslationAudio;
}

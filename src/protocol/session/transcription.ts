// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * Model that transcribes the user's speech.
 *
 * @category Session
 */
export type TranscriptionModel = OpenEnum<
  | "whisper-1"
  | "gpt-transcribe"
  | "gpt-live-transcribe"
  | "gpt-4o-mini-transcribe"
  | "gpt-4o-mini-transcribe-2025-12-15"
  | "gpt-4o-transcribe"
  | "gpt-4o-transcribe-diarize"
  | "gpt-realtime-whisper"
>;

/**
 * Amount of context that the transcription model waits for before it commits to words: the more, the more accurate.
 *
 * @category Session
 */
export type TranscriptionDelay = "minimal" | "low" | "medium" | "high" | "xhigh";

/**
 * Transcription of the user's audio, independent of the model, which hears the audio itself. Null instead of this
 * disables it. Each field documents the models that accept it; the server enforces that.
 *
 * @category Session
 */
export interface TranscriptionConfig {
  /** Model that transcribes. Needed in every change of the transcription. */
  readonly model: TranscriptionModel;
  /** Spoken language, as an ISO 639-1 code such as `en`; improves accuracy and latency. */
  readonly language?: string | undefined;
  /** Languages that may be spoken, at least one; `gpt-transcribe` and `gpt-live-transcribe` only. */
  readonly languages?: readonly string[] | undefined;
  /** Free text that guides style and vocabulary; for `whisper-1` a list of words. Not for `gpt-realtime-whisper`. */
  readonly prompt?: string | undefined;
  /** Words to listen for, such as names; `gpt-transcribe` and `gpt-live-transcribe` only. */
  readonly keywords?: readonly string[] | undefined;
  /** Amount of context to wait for; `gpt-realtime-whisper` only. */
  readonly delay?: TranscriptionDelay | undefined;
}

/**
 * Transcription of the user's audio as the server reports it.
 *
 * @category Session
 */
export interface EffectiveTranscription {
  /** Model that transcribes. */
  readonly model?: TranscriptionModel | null | undefined;
  /** Language spoken, as an ISO 639-1 code. */
  readonly language?: string | null | undefined;
  /** Languages that may be spoken. */
  readonly languages?: readonly string[] | null | undefined;
  /** Free text that guides style and vocabulary. */
  readonly prompt?: string | null | undefined;
  /** Words to listen for. */
  readonly keywords?: readonly string[] | null | undefined;
  /** Amount of context that the model waits for. */
  readonly delay?: OpenEnum<TranscriptionDelay> | null | undefined;
}

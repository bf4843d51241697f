// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * Model that writes down what the user says.
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
 * How long the transcription model waits for context before it commits to words: the longer, the more accurate.
 *
 * @category Session
 */
export type TranscriptionDelay = "minimal" | "low" | "medium" | "high" | "xhigh";

/**
 * Transcription of the user's audio, beside the model, which hears the audio itself. Null instead of this switches it
 * off. Which model takes which of the hints is documented at each field and left to the server to enforce.
 *
 * @category Session
 */
export interface TranscriptionConfig {
  /** Model that transcribes. Needed in every change of the transcription. */
  readonly model: TranscriptionModel;
  /** Language spoken, as an ISO 639-1 code such as `en`; makes transcripts better and faster. */
  readonly language?: string | undefined;
  /** Languages that may be spoken, at least one; `gpt-transcribe` and `gpt-live-transcribe` only. */
  readonly languages?: readonly string[] | undefined;
  /** Free text that guides style and vocabulary; for `whisper-1` a list of words. Not for `gpt-realtime-whisper`. */
  readonly prompt?: string | undefined;
  /** Words to listen for, such as names; `gpt-transcribe` and `gpt-live-transcribe` only. */
  readonly keywords?: readonly string[] | undefined;
  /** How long to wait for context; `gpt-realtime-whisper` only. */
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
  /** How long the model waits for context. */
  readonly delay?: OpenEnum<TranscriptionDelay> | null | undefined;
}

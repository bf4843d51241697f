// This module is browser compatible.
import type { ContentEventBase, ItemEventBase } from "../events/event_base.ts";
import type { TranscriptionUsage, UnknownTranscriptionUsage } from "../response/usage.ts";

/**
 * How sure the transcription model was of a token.
 *
 * @category Conversation
 */
export interface LogProb {
  /** The token. */
  readonly token: string;
  /** Logarithm of its probability. */
  readonly logprob: number;
  /** The token's bytes in UTF-8. */
  readonly bytes: readonly number[];
}

/**
 * A language that was heard.
 *
 * @category Conversation
 */
export interface TranscriptionLanguage {
  /** Code of the language. */
  readonly code: string;
}

/**
 * More of the transcript of the user's audio. Arrives while the response is being generated.
 *
 * @category Conversation
 */
export interface ConversationItemInputAudioTranscriptionDeltaEvent extends ItemEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.input_audio_transcription.delta";
  /** Position of the content in the item. */
  readonly content_index?: number | null | undefined;
  /** The next words. */
  readonly delta?: string | null | undefined;
  /** Log probabilities of the tokens; only if requested with `include`. */
  readonly logprobs?: readonly LogProb[] | null | undefined;
  /** Random characters that hide the length of the piece from eavesdroppers; without meaning. */
  readonly obfuscation?: string | null | undefined;
}

/**
 * The complete transcript of the user's audio. May arrive before or after `response.done`.
 *
 * @category Conversation
 */
export interface ConversationItemInputAudioTranscriptionCompletedEvent extends ContentEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.input_audio_transcription.completed";
  /** Transcript. */
  readonly transcript: string;
  /** Usage of the transcription. */
  readonly usage: TranscriptionUsage | UnknownTranscriptionUsage;
  /** Languages that were heard; `gpt-transcribe` and later. */
  readonly languages?: readonly TranscriptionLanguage[] | null | undefined;
  /** Log probabilities of the tokens; only if requested with `include`. */
  readonly logprobs?: readonly LogProb[] | null | undefined;
}

/**
 * Continuous speech of one speaker; only from models that distinguish speakers.
 *
 * @category Conversation
 */
export interface ConversationItemInputAudioTranscriptionSegmentEvent extends ContentEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.input_audio_transcription.segment";
  /** Identifier of the stretch. */
  readonly id: string;
  /** Transcript. */
  readonly text: string;
  /** Label of the speaker. */
  readonly speaker: string;
  /** Start, in seconds. */
  readonly start: number;
  /** End, in seconds. */
  readonly end: number;
}

/**
 * The error of a failed transcription.
 *
 * @category Conversation
 */
export interface TranscriptionError {
  /** Kind of error. */
  readonly type?: string | null | undefined;
  /** Code. */
  readonly code?: string | null | undefined;
  /** Error message. */
  readonly message?: string | null | undefined;
  /** Field that the error is about. */
  readonly param?: string | null | undefined;
}

/**
 * The user's audio could not be transcribed. The model has still heard it.
 *
 * @category Conversation
 */
export interface ConversationItemInputAudioTranscriptionFailedEvent extends ContentEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.input_audio_transcription.failed";
  /** The error. */
  readonly error: TranscriptionError;
}

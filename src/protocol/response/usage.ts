// This module is browser compatible.
import type { UnknownKind } from "../unknown_kind.ts";

/**
 * Tokens by kind.
 *
 * @category Responses
 */
export interface TokenDetails {
  /** Tokens of text. */
  readonly text_tokens?: number | null | undefined;
  /** Tokens of audio: one for 100 ms of the user's, one for 50 ms of the model's. */
  readonly audio_tokens?: number | null | undefined;
  /** Tokens of images. */
  readonly image_tokens?: number | null | undefined;
}

/**
 * Input tokens by kind, and how many of them came from the cache.
 *
 * @category Responses
 */
export interface InputTokenDetails extends TokenDetails {
  /** Tokens that came from the cache, and cost less; contained in the counts by kind. */
  readonly cached_tokens?: number | null | undefined;
  /** Tokens that came from the cache, by kind. */
  readonly cached_tokens_details?: TokenDetails | null | undefined;
}

/**
 * Output tokens by kind.
 *
 * @category Responses
 */
export interface OutputTokenDetails extends TokenDetails {
  /** Tokens of thought; reasoning models only. */
  readonly reasoning_tokens?: number | null | undefined;
}

/**
 * Usage of a response, in tokens. Earlier turns count again as input of later ones.
 *
 * @category Responses
 */
export interface Usage {
  /** Tokens in and out. */
  readonly total_tokens?: number | null | undefined;
  /** Tokens that the model read. */
  readonly input_tokens?: number | null | undefined;
  /** Tokens that the model produced. */
  readonly output_tokens?: number | null | undefined;
  /** Input tokens by kind. */
  readonly input_token_details?: InputTokenDetails | null | undefined;
  /** Output tokens by kind. */
  readonly output_token_details?: OutputTokenDetails | null | undefined;
}

/**
 * Usage of a transcription, in tokens.
 *
 * @category Responses
 */
export interface TokenTranscriptionUsage {
  /** Kind of count. */
  readonly type: "tokens";
  /** Tokens in and out. */
  readonly total_tokens: number;
  /** Tokens that the model read. */
  readonly input_tokens: number;
  /** Tokens that the model produced. */
  readonly output_tokens: number;
  /** Input tokens by kind. */
  readonly input_token_details?: TokenDetails | null | undefined;
}

/**
 * Usage of a transcription, in seconds of audio.
 *
 * @category Responses
 */
export interface DurationTranscriptionUsage {
  /** Kind of count. */
  readonly type: "duration";
  /** Seconds of audio. */
  readonly seconds: number;
}

/**
 * A count of a kind newer than this version.
 *
 * @category Responses
 */
export type UnknownTranscriptionUsage = UnknownKind;

/**
 * Usage of a transcription; billed separately from the responses.
 *
 * @category Responses
 */
export type TranscriptionUsage = TokenTranscriptionUsage | DurationTranscriptionUsage;

/**
 * Whether a transcription was counted in a way that this version knows.
 *
 * @category Responses
 */
export function isKnownTranscriptionUsage(
  usage: { readonly type: string },
): usage is TranscriptionUsage {
  return usage.type === "tokens" || usage.type === "duration";
}

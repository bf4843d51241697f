// This module is browser compatible.
import type { RealtimeApiError } from "../errors.ts";
import type { TranscriptionUsage, UnknownTranscriptionUsage } from "../protocol/mod.ts";

/**
 * A stretch of one speaker, of models that tell speakers apart.
 *
 * @category Transcription
 */
export interface TranscriptionSpeech {
  /** Label of the speaker. */
  readonly speaker: string;
  /** The words. */
  readonly text: string;
  /** Where it begins, in milliseconds. */
  readonly startMs: number;
  /** Where it ends, in milliseconds. */
  readonly endMs: number;
}

/**
 * The words of one turn, so far.
 *
 * @category Transcription
 */
export interface TranscriptionUtterance {
  /** Id of the item that holds the audio. */
  readonly itemId: string;
  /** Position of the audio in the item: 0, unless an item has several. */
  readonly contentIndex: number;
  /** The words so far, all of them: each utterance replaces the one before of the same item. */
  readonly text: string;
  /**
   * `"partial"` while words are added; `"completed"` when the server has given the whole; `"failed"` when it could not
   * transcribe the rest; `"incomplete"` when the session ended before, or the words took longer than
   * `transcriptTimeoutMs`: when they come after all, the utterance is given once more, as `"completed"`.
   */
  readonly status: "partial" | "completed" | "failed" | "incomplete";
  /** Whether the text is the whole of it, that is, `status` is `"completed"`. */
  readonly final: boolean;
  /** Language that was heard, or the one that was asked for; `undefined` when neither is known. */
  readonly language: string | undefined;
  /** All languages that were heard, from models that tell. */
  readonly languages: readonly string[];
  /** Usage of the transcription; present in a completed utterance, once for each item. */
  readonly usage: TranscriptionUsage | UnknownTranscriptionUsage | undefined;
  /** The words by speaker, from models that distinguish speakers. */
  readonly speech: readonly TranscriptionSpeech[];
  /** Why it failed. */
  readonly error: RealtimeApiError | undefined;
}

// This module is browser compatible.
import type { RealtimeApiError } from "../errors.ts";
import type { TranscriptionUsage, UnknownTranscriptionUsage } from "../protocol/mod.ts";

/**
 * Continuous speech of one speaker, from models that distinguish speakers.
 *
 * @category Transcription
 */
export interface TranscriptionSpeech {
  /** Label of the speaker. */
  readonly speaker: string;
  /** The words. */
  readonly text: string;
  /** Start, in milliseconds. */
  readonly startMs: number;
  /** End, in milliseconds. */
  readonly endMs: number;
}

/**
 * The words of one turn, so far.
 *
 * @category Transcription
 */
export interface TranscriptionUtterance {
  /** Id of the item that contains the audio. */
  readonly itemId: string;
  /** Position of the audio in the item: 0, unless an item has several. */
  readonly contentIndex: number;
  /** All words so far: each utterance replaces the previous one of the same item. */
  readonly text: string;
  /**
   * `"partial"` while words are added; `"completed"` when the server has sent the full transcript; `"failed"` when it
   * could not transcribe the rest; `"incomplete"` when the session ended first, or the words took longer than
   * `transcriptTimeoutMs`. If they arrive later, the utterance is reported again, as `"completed"`.
   */
  readonly status: "partial" | "completed" | "failed" | "incomplete";
  /** Whether the text is complete, that is, `status` is `"completed"`. */
  readonly final: boolean;
  /** Language that was heard, or the configured one; `undefined` when neither is known. */
  readonly language: string | undefined;
  /** All languages that were heard, from models that report them. */
  readonly languages: readonly string[];
  /** Usage of the transcription; present in a completed utterance, once for each item. */
  readonly usage: TranscriptionUsage | UnknownTranscriptionUsage | undefined;
  /** The words by speaker, from models that distinguish speakers. */
  readonly speech: readonly TranscriptionSpeech[];
  /** The reason for a failure. */
  readonly error: RealtimeApiError | undefined;
}

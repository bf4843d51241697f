// This module is browser compatible.

/**
 * Continuous speech of one speaker, from a transcription model that distinguishes speakers.
 *
 * @category Simulator
 */
export interface HeardSegment {
  /** Label of the speaker. */
  readonly speaker: string;
  /** The words; their share of the characters is their share of the time. */
  readonly text: string;
}

/**
 * The content of a user's audio, and its transcription where the session transcribes it.
 *
 * @category Simulator
 */
export interface HeardSpeech {
  /** The user's words. */
  readonly transcript: string;
  /**
   * Milliseconds from the commit to the first of the transcript: enough of them, and it comes after `response.done`.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
  /**
   * Language heard, an ISO 639-1 code, for models that report it.
   *
   * @default {the session's, else "en"}
   */
  readonly language?: string | undefined;
  /**
   * The words by speaker, for models that distinguish speakers.
   *
   * @default {one speaker}
   */
  readonly segments?: readonly HeardSegment[] | undefined;
  /** Why the transcription fails. */
  readonly failure?: {
    /** Code of the error. */
    readonly code: string;
    /** The error message. */
    readonly message: string;
  } | undefined;
}

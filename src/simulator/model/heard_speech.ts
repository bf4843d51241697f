// This module is browser compatible.

/**
 * A stretch of one speaker, as a transcription model that tells speakers apart finds it.
 *
 * @category Simulator
 */
export interface HeardSegment {
  /** Label of the speaker. */
  readonly speaker: string;
  /** What is said; its share of the characters is its share of the time. */
  readonly text: string;
}

/**
 * What is heard in a user's audio, and how that is written down where the session transcribes it.
 *
 * @category Simulator
 */
export interface HeardSpeech {
  /** What the user is heard to say. */
  readonly transcript: string;
  /**
   * Milliseconds from the commit to the first of the transcript: enough of them, and it comes after `response.done`.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
  /**
   * Language heard, an ISO 639-1 code, for the models that tell it.
   *
   * @default {the session's, else "en"}
   */
  readonly language?: string | undefined;
  /**
   * Who says what, for the models that tell speakers apart.
   *
   * @default {all of it is said by one speaker}
   */
  readonly segments?: readonly HeardSegment[] | undefined;
  /** Why it cannot be written down: the transcription fails. */
  readonly failure?: {
    /** Code of the error. */
    readonly code: string;
    /** The error in words. */
    readonly message: string;
  } | undefined;
}

// This module is browser compatible.

/**
 * The speaker.
 *
 * @category Transcripts
 */
export type LiveSpeaker = "user" | "assistant";

/**
 * Continuous speech of one speaker, assembled from the server's fragments.
 *
 * @category Transcripts
 */
export interface LiveTurn {
  /** Identifier, generated here: the server has none. */
  readonly id: string;
  /** The speaker. */
  readonly role: LiveSpeaker;
  /** The words so far, without the space before the first. */
  readonly text: string;
  /** Start, in milliseconds of the session's time. */
  readonly startMs: number;
  /** End of the last fragment, in milliseconds of the session's time. */
  readonly endMs: number;
  /** `"incomplete"` when the session ended before a pause ended the turn. */
  readonly status: "in_progress" | "completed" | "incomplete";
  /** Whether it is a short word of the listener that did not interrupt the speaker. */
  readonly isBackchannel: boolean;
}

/**
 * How fragments are grouped into turns.
 *
 * @category Transcripts
 */
export interface LiveTurnOptions {
  /**
   * Pause of a speaker after which a word of the other side ends the turn, in milliseconds, at least 0. It also ends
   * the other side's turn that the speaker has interrupted.
   *
   * @default {500}
   */
  separationMs?: number | undefined;
  /**
   * Pause that ends a turn while the other side is silent, in milliseconds, at least 0.
   *
   * @default {2000}
   */
  silenceMs?: number | undefined;
  /**
   * Longest backchannel word of a listener, in milliseconds, at least 0; 0 for none.
   *
   * @default {1000}
   */
  backchannelMs?: number | undefined;
}

// This module is browser compatible.

/**
 * Who speaks.
 *
 * @category Transcripts
 */
export type LiveSpeaker = "user" | "assistant";

/**
 * One stretch of one speaker, made of the fragments that the server sends.
 *
 * @category Transcripts
 */
export interface LiveTurn {
  /** Identifier, made here: the server has none. */
  readonly id: string;
  /** Who speaks. */
  readonly role: LiveSpeaker;
  /** The words so far. */
  readonly text: string;
  /** Where it begins, in milliseconds of the session's time. */
  readonly startMs: number;
  /** Where the last fragment ends, in milliseconds of the session's time. */
  readonly endMs: number;
  /** `"incomplete"` when the session, or the connection of an observer, ended before a pause did. */
  readonly status: "in_progress" | "completed" | "incomplete";
  /** Whether it is a short word of the listener, over which the other one went on speaking. */
  readonly isBackchannel: boolean;
}

/**
 * How turns are made of fragments.
 *
 * @category Transcripts
 */
export interface LiveTurnOptions {
  /**
   * How long a speaker must have paused before a word of the other one ends the turn, in milliseconds, at least 0.
   *
   * @default {500}
   */
  separationMs?: number | undefined;
  /**
   * How long a pause must last to end a turn while the other side is silent, in milliseconds, at least 0.
   *
   * @default {2000}
   */
  silenceMs?: number | undefined;
  /**
   * Longest word of a listener, in milliseconds, at least 0; 0 for none.
   *
   * @default {1000}
   */
  backchannelMs?: number | undefined;
}

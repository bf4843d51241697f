// This module is browser compatible.

/**
 * The response that a guard checks.
 *
 * @category Sessions
 */
export interface GuardContext {
  /** Id of the response; empty on servers that send none. */
  readonly responseId: string;
  /** Aborted when the result no longer matters: the guard has ended, or has found a problem. */
  readonly signal: AbortSignal;
}

/**
 * Options of `guardTranscript`.
 *
 * @category Sessions
 */
export interface GuardTranscriptOptions {
  /**
   * Checks the words of a response so far; any result but `undefined` describes a problem. One check runs at a time;
   * the next one covers all words that have arrived meanwhile. A result counts even when the response is done, as it
   * may still be playing.
   */
  check(text: string, context: GuardContext): Promise<string | undefined> | string | undefined;
  /**
   * Silences playback, such as `() => voice.bargeIn()`; called before the response is cancelled.
   *
   * @default {undefined} nothing is silenced
   */
  interrupt?: (() => unknown) | undefined;
  /**
   * Called with the problem, once the response is being cancelled. It may request another response, which is also
   * checked.
   */
  onTripped?: ((problem: string, context: GuardContext) => unknown) | undefined;
  /**
   * Called with the exceptions of the other functions. A check that throws has found no problem; a response that should
   * be cancelled is still cancelled. An exception of this function becomes a `listener_failed` event of the session.
   */
  onError(error: unknown): unknown;
}

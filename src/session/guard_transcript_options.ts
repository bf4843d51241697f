// This module is browser compatible.

/**
 * The response that a guard checks.
 *
 * @category Sessions
 */
export interface GuardContext {
  /** Id of the response; empty on servers that send none. */
  readonly responseId: string;
  /** Aborted when the result does not matter any more: the guard has ended, or has found a problem. */
  readonly signal: AbortSignal;
}

/**
 * Options of `guardTranscript`.
 *
 * @category Sessions
 */
export interface GuardTranscriptOptions {
  /**
   * Checks the words of a response so far; anything but `undefined` says what is wrong with them. One check runs at a
   * time; the next one gets all words that have arrived meanwhile. A result counts even when the response is done: it
   * may still be playing.
   */
  check(text: string, context: GuardContext): Promise<string | undefined> | string | undefined;
  /**
   * Silences what is being played, such as `() => voice.bargeIn()`; called before the response is cancelled.
   *
   * @default {undefined} nothing is played
   */
  interrupt?: (() => unknown) | undefined;
  /** Called with the problem, once the response is being cancelled; the place to ask for another one, which is also checked. */
  onTripped?: ((problem: string, context: GuardContext) => unknown) | undefined;
  /**
   * Called with the errors that the other functions throw. A check that throws has found nothing; a response that is to
   * be cancelled is cancelled. What this function throws itself becomes a `listener_failed` event of the session.
   */
  onError(error: unknown): unknown;
}

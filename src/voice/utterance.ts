// This module is browser compatible.

/** What somebody said or wrote: one message of the conversation, when it is known in full. */
export interface Utterance {
  /** Id of the message. */
  readonly itemId: string;
  /** Who said it. */
  readonly role: "user" | "assistant";
  /** The words; empty when they could not be transcribed. */
  readonly text: string;
  /**
   * `"failed"` when it could not be transcribed, `"incomplete"` when the model was stopped or the session ended before
   * all of it was known.
   */
  readonly status: "completed" | "failed" | "incomplete";
}

// This module is browser compatible.

/**
 * One message of the conversation, said or written by either side.
 *
 * @category Voice
 */
export interface Utterance {
  /** Id of the message. */
  readonly itemId: string;
  /** The speaker. */
  readonly role: "user" | "assistant";
  /** The words; empty when there are none: they could not be transcribed, or their transcript has not come. */
  readonly text: string;
  /** The words that were heard before an interruption, an estimate; absent unless the message was interrupted. */
  readonly heardText?: string | undefined;
  /**
   * `"failed"` when the speech could not be transcribed. `"incomplete"` when the model was stopped, the session ended before
   * all words were known, or the user's transcript took longer than `transcriptTimeoutMs`; when that transcript comes after
   * all, the utterance is given out once more, as `"completed"`.
   */
  readonly status: "completed" | "failed" | "incomplete";
}

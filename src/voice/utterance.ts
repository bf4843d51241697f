// This module is browser compatible.

/**
 * One message of the conversation, spoken or written by either side.
 *
 * @category Voice
 */
export interface Utterance {
  /** Id of the message. */
  readonly itemId: string;
  /** The speaker. */
  readonly role: "user" | "assistant";
  /** The words; empty when they could not be transcribed, or their transcript has not arrived. */
  readonly text: string;
  /** The words that were heard before an interruption, an estimate; absent unless the message was interrupted. */
  readonly heardText?: string | undefined;
  /**
   * `"failed"` when the speech could not be transcribed. `"incomplete"` when the model was stopped, the session ended
   * before all words were known, or the user's transcript took longer than `transcriptTimeoutMs`. If a transcript arrives
   * after all, the utterance is reported again, as `"completed"`.
   */
  readonly status: "completed" | "failed" | "incomplete";
}

// This module is browser compatible.

/**
 * The audio of a session that is carried separately from its events, as with WebRTC.
 *
 * @category Sessions
 */
export interface LiveMedia {
  /** Whether silence is sent in place of the user's audio. */
  readonly muted: boolean;
  /** Sends silence in place of the user's audio, or the audio again. */
  mute(isMuted: boolean): void;
  /**
   * Current loudness of the model, as the root mean square of about 20 ms, 0 to 1. Without it, the session cannot tell
   * when the model is heard.
   */
  level?(): number;
}

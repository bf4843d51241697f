// This module is browser compatible.

/**
 * The audio of a session that travels beside its events, as with WebRTC.
 *
 * @category Sessions
 */
export interface LiveMedia {
  /** Whether silence is sent in place of the user's audio. */
  readonly muted: boolean;
  /** Sends silence in place of the user's audio, or the audio again. */
  mute(isMuted: boolean): void;
  /**
   * How loud the model is at this moment, as the root mean square of some 20 ms, 0 to 1. Without it nothing tells when
   * the model is heard.
   */
  level?(): number;
}

// This module is browser compatible.

/**
 * The current position of playback.
 *
 * @category Browser
 */
export interface PlaybackPosition {
  /** Id of the message; empty when the played audio has none. */
  readonly itemId: string;
  /** Duration played of it, in milliseconds. */
  readonly playedMs: number;
}

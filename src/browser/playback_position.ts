// This module is browser compatible.

/**
 * Where playback is.
 *
 * @category Browser
 */
export interface PlaybackPosition {
  /** Id of the message; empty when what was played has none. */
  readonly itemId: string;
  /** How much of it was played, in milliseconds. */
  readonly playedMs: number;
}

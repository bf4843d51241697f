/**
 * Bounds of a relay. Beyond one, both sides are closed.
 *
 * @category Edge app
 */
export interface RelayLimits {
  /**
   * Most characters of a frame of the page; beyond it the relay ends with code 1009.
   *
   * @default {1048576}
   */
  maxFrameCharacters?: number | undefined;
  /**
   * Frames of the page a second, twice as many in a burst; beyond it the relay ends with code 1008.
   *
   * @default {200}
   */
  framesPerSecond?: number | undefined;
  /**
   * Characters of the page's frames a second, eight times as many in a burst; beyond it the relay ends with code 1008.
   * Audio of 24 kHz is 64 000 a second.
   *
   * @default {1048576}
   */
  charactersPerSecond?: number | undefined;
  /**
   * Most bytes that wait for one of the sides, as WebSockets cannot pause: beyond it the relay ends with code 1013. Not
   * known of pages on Workers before November 2026.
   *
   * @default {4194304}
   */
  maxBufferedBytes?: number | undefined;
}

/**
 * Limits of a relay. Beyond one, both sides are closed.
 *
 * @category Edge app
 */
export interface RelayLimits {
  /**
   * Maximum length of a page's frame, in characters; beyond it the relay ends with code 1009.
   *
   * @default {1048576}
   */
  maxFrameCharacters?: number | undefined;
  /**
   * Frames of the page per second, with bursts of twice as many; beyond it the relay ends with code 1008.
   *
   * @default {200}
   */
  framesPerSecond?: number | undefined;
  /**
   * Characters of the page's frames per second, with bursts of eight times as many; beyond it the relay ends with code
   * 1008. Audio at 24 kHz is 64 000 characters per second.
   *
   * @default {1048576}
   */
  charactersPerSecond?: number | undefined;
  /**
   * Limit of the bytes that wait for one of the sides, as WebSockets cannot pause: beyond it the relay ends with code
   * 1013. Unknown for pages on Workers before November 2026.
   *
   * @default {4194304}
   */
  maxBufferedBytes?: number | undefined;
}

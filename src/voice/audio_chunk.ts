// This module is browser compatible.

/**
 * A piece of the model's speech, small enough to be played immediately.
 *
 * @category Voice
 */
export interface AudioChunk {
  /** Id of the spoken assistant message. */
  readonly itemId: string;
  /** Id of the response. */
  readonly responseId: string;
  /** Index of the item in the response's output. */
  readonly outputIndex: number;
  /** Index of the content part in the item. */
  readonly contentIndex: number;
  /** Start of this piece in the item's audio, in milliseconds. */
  readonly startMs: number;
  /** Duration, in milliseconds. */
  readonly durationMs: number;
  /**
   * The audio in the output format of its response, usually that of the session: 24 kHz mono PCM16 (little-endian)
   * unless configured otherwise.
   */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

// This module is browser compatible.

/**
 * A piece of the model's speech, small enough to be played at once.
 *
 * @category Voice
 */
export interface AudioChunk {
  /** Id of the assistant message that is spoken. */
  readonly itemId: string;
  /** Id of the response. */
  readonly responseId: string;
  /** Index of the item in the response's output. */
  readonly outputIndex: number;
  /** Index of the content part in the item. */
  readonly contentIndex: number;
  /** Where in the item's audio this piece begins, in milliseconds. */
  readonly startMs: number;
  /** How long it plays, in milliseconds. */
  readonly durationMs: number;
  /** The audio in the output format of its response, as a rule the session's: 24 kHz mono PCM16 (little-endian) unless configured otherwise. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

// This module is browser compatible.

/**
 * Names that are newer than this version, and that the simulator is to accept like those that it knows.
 *
 * @category Simulator
 */
export interface NewerNames {
  /**
   * Voices.
   *
   * @default {[]}
   */
  readonly voices?: readonly string[] | undefined;
  /**
   * Models of transcription.
   *
   * @default {[]}
   */
  readonly transcriptionModels?: readonly string[] | undefined;
  /**
   * Models that reason, besides those with `gpt-realtime-2` in their names.
   *
   * @default {[]}
   */
  readonly reasoningModels?: readonly string[] | undefined;
}

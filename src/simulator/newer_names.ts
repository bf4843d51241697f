// This module is browser compatible.

/**
 * Names newer than this version that the simulator should accept like known ones.
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
   * Reasoning models, in addition to those with `gpt-realtime-2` in their names.
   *
   * @default {[]}
   */
  readonly reasoningModels?: readonly string[] | undefined;
}

// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * Position of the microphone: near the mouth (headset), or across the room (laptop, conference table).
 *
 * @category Session
 */
export type NoiseReductionType = "near_field" | "far_field";

/**
 * Noise filter on the input audio, ahead of turn detection and the model. Null instead of this switches it off.
 *
 * @category Session
 */
export interface NoiseReduction {
  /** Kind of filter. */
  readonly type?: NoiseReductionType | undefined;
  /**
   * Strength of the filter; higher values remove more noise, range undocumented. 1 when the filter is first enabled;
   * absent keeps the previous value.
   */
  readonly strength?: number | undefined;
}

/**
 * Noise filter as the server reports it.
 *
 * @category Session
 */
export interface EffectiveNoiseReduction {
  /** Kind of filter. */
  readonly type?: OpenEnum<NoiseReductionType> | null | undefined;
  /** Strength of the filter. */
  readonly strength?: number | null | undefined;
}

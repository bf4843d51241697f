// This module is browser compatible.

/**
 * The time at which a fault applies.
 *
 * @category Simulator
 */
export interface FaultTiming {
  /**
   * Milliseconds until it can apply, from the time it was set.
   *
   * @default {0}
   */
  readonly afterMs?: number | undefined;
  /**
   * Type of the server event at which it applies, just before the event is sent; a misspelt one is rejected.
   *
   * @default {immediately; a fault that damages frames takes the next one}
   */
  readonly at?: string | undefined;
  /**
   * Number of events of that type that pass unchanged first.
   *
   * @default {0}
   */
  readonly skip?: number | undefined;
}

/**
 * Fields shared by the faults that damage frames.
 *
 * @category Simulator
 */
export interface FrameFaultTiming extends FaultTiming {
  /**
   * Number of frames affected; `Infinity` for all.
   *
   * @default {1}
   */
  readonly times?: number | undefined;
}

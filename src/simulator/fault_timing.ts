// This module is browser compatible.

/**
 * When a fault strikes.
 *
 * @category Simulator
 */
export interface FaultTiming {
  /**
   * Milliseconds until it can strike, from when it was set.
   *
   * @default {0}
   */
  readonly afterMs?: number | undefined;
  /**
   * Type of the server event at which it strikes, just before the event is sent.
   *
   * @default {at once; a fault that spoils frames takes the next one}
   */
  readonly at?: string | undefined;
  /**
   * How many events of that type pass unharmed first.
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
   * How many frames it spoils; `Infinity` for all.
   *
   * @default {1}
   */
  readonly times?: number | undefined;
}

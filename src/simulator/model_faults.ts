// This module is browser compatible.

/**
 * Which of the responses, or of the transcriptions, a fault of the model strikes at.
 *
 * @category Simulator
 */
export interface ModelFaultTiming {
  /**
   * How many succeed first.
   *
   * @default {0}
   */
  readonly skip?: number | undefined;
  /**
   * How many it strikes at; `Infinity` for all.
   *
   * @default {1}
   */
  readonly times?: number | undefined;
}

/**
 * Responses fail with the code `rate_limit_exceeded` before they say anything. They have used no tokens, and
 * `rate_limits.updated` says that hardly any remain.
 *
 * @category Simulator
 */
export interface RateLimitFault extends ModelFaultTiming {
  /** Kind of fault. */
  readonly type: "rate_limit";
  /**
   * Seconds after which the message says to try again.
   *
   * @default {7.853}
   */
  readonly retryAfterSeconds?: number | undefined;
  /**
   * Whether there is an `error` in the place of a response that fails.
   *
   * @default {false}
   */
  readonly refuses?: boolean | undefined;
}

/**
 * The account has no credit left: a response fails with the code `insufficient_quota`, an `error` says so, and the
 * server closes the connection. A new one can be opened, and ends in the same way if the fault is set for every session.
 *
 * @category Simulator
 */
export interface NoCreditFault extends ModelFaultTiming {
  /** Kind of fault. */
  readonly type: "no_credit";
}

/**
 * The transcription of an item stops in the middle.
 *
 * @category Simulator
 */
export interface TranscriptionStopsFault extends ModelFaultTiming {
  /** Kind of fault. */
  readonly type: "transcription_stops";
  /**
   * How many deltas of the item come.
   *
   * @default {1}
   */
  readonly afterDeltas?: number | undefined;
  /**
   * Whether the transcription is complete in the end, without the deltas that are missing. Otherwise nothing more is
   * heard of it.
   *
   * @default {false}
   */
  readonly completes?: boolean | undefined;
}

/**
 * A fault of the model, not of the connection.
 *
 * @category Simulator
 */
export type ModelFault = RateLimitFault | NoCreditFault | TranscriptionStopsFault;

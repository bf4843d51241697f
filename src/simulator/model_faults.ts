// This module is browser compatible.

/**
 * The responses or transcriptions that a fault of the model affects.
 *
 * @category Simulator
 */
export interface ModelFaultTiming {
  /**
   * Number of successes first.
   *
   * @default {0}
   */
  readonly skip?: number | undefined;
  /**
   * Number of times it applies; `Infinity` for all.
   *
   * @default {1}
   */
  readonly times?: number | undefined;
}

/**
 * Responses fail with the code `rate_limit_exceeded` before their output begins. They have used no tokens, and
 * `rate_limits.updated` reports that hardly any remain.
 *
 * @category Simulator
 */
export interface RateLimitFault extends ModelFaultTiming {
  /** Kind of fault. */
  readonly type: "rate_limit";
  /**
   * Delay in the message after which to try again, in seconds.
   *
   * @default {7.853}
   */
  readonly retryAfterSeconds?: number | undefined;
  /**
   * Whether there is an `error` in place of a failed response.
   *
   * @default {false}
   */
  readonly refuses?: boolean | undefined;
}

/**
 * The account has no credit left: a response fails with the code `insufficient_quota`, an `error` reports it, and the
 * server closes the connection. A new connection can be opened, and ends in the same way if the fault is set for every
 * session.
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
   * Number of deltas of the item.
   *
   * @default {1}
   */
  readonly afterDeltas?: number | undefined;
  /**
   * Whether the transcription completes nevertheless, without the missing deltas. Otherwise it never ends.
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

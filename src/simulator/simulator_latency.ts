// This module is browser compatible.

/**
 * Latencies of the simulated server, in milliseconds of its clock. An omitted one is 0.
 *
 * @category Simulator
 */
export interface SimulatorLatency {
  /**
   * From a client event to its answer: the events of a connection are processed in order, each with this delay.
   *
   * @default {0}
   */
  readonly ackMs?: number | undefined;
  /**
   * From a client event to the `error` that rejects it. A value larger than `ackMs` lets the answers to later events
   * overtake the error, as with the real server.
   *
   * @default {ackMs}
   */
  readonly errorMs?: number | undefined;
  /**
   * From an `input_audio_buffer.commit` to the `error` that rejects it.
   *
   * @default {errorMs}
   */
  readonly commitErrorMs?: number | undefined;
  /**
   * From a committed item to the first word of its transcription, in addition to the time that the model takes. The
   * response does not wait for it.
   *
   * @default {0}
   */
  readonly transcriptionMs?: number | undefined;
  /**
   * From an HTTP request to its answer.
   *
   * @default {0}
   */
  readonly restMs?: number | undefined;
}

/**
 * The latency of the real server, as far as observed: 150 ms to an answer, 900 ms to the error of a rejected commit
 * (reported by a live probe of October 2026), 430 ms to an HTTP response (recorded). 300 ms to a transcription are
 * assumed.
 *
 * @category Simulator
 */
export const RECORDED_LATENCY: { readonly [Time in keyof SimulatorLatency]-?: number } = {
  ackMs: 150,
  errorMs: 150,
  commitErrorMs: 900,
  transcriptionMs: 300,
  restMs: 430,
};

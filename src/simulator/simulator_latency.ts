// This module is browser compatible.

/**
 * How long the simulated server takes for what it does, in milliseconds of its clock. What is left out takes no time.
 *
 * @category Simulator
 */
export interface SimulatorLatency {
  /**
   * From a client event to its answer: the events of a connection are worked off in order, each so much later.
   *
   * @default {0}
   */
  readonly ackMs?: number | undefined;
  /**
   * From a client event to the `error` that refuses it. What is longer than `ackMs` lets the answers to later events
   * overtake the error, as the real server does.
   *
   * @default {ackMs}
   */
  readonly errorMs?: number | undefined;
  /**
   * From an `input_audio_buffer.commit` to the `error` that refuses it.
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
 * The time that the real server takes, as far as it was seen: 150 ms to an answer, 900 ms to the error of a refused
 * commit (reported by a live probe of October 2026), 430 ms to an HTTP answer (recorded). 300 ms to a transcription are
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

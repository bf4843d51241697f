// This module is browser compatible.

/**
 * A difference between a client and the recording.
 *
 * @category Simulator
 */
export interface ReplayDifference {
  /**
   * - `"different"`: it sent the event, with another value in one of the fields;
   * - `"missing"`: it did not send the event;
   * - `"unexpected"`: it sent an event that was not recorded there; the recording continues without it.
   */
  readonly kind: "different" | "missing" | "unexpected";
  /** Line that the recording had come to, from 1. */
  readonly line: number;
  /** Type of the event. */
  readonly type: string;
  /** Path of the field that is different. */
  readonly path?: string | undefined;
  /** Value that was recorded. */
  readonly recorded?: unknown;
  /** Value that the client sent. */
  readonly sent?: unknown;
}

/**
 * The result of comparing a client with a recording.
 *
 * @category Simulator
 */
export interface ReplayReport {
  /** Whether the recording has come to its end. */
  readonly isComplete: boolean;
  /** Type of the client event that the recording waits for, if it does. */
  readonly waitingFor: string | undefined;
  /** Differences of the client, in order. */
  readonly differences: readonly ReplayDifference[];
}

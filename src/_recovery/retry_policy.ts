// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import type { ReconnectOptions } from "./recovery_options.ts";
import { isRecoverable } from "./recovery_rules.ts";

/** Duration up to which an outage counts as short, in milliseconds. */
const EARLY_MS = 60_000;

/** Number of consecutive handshakes that may fail without a reason: the credential may be invalid. */
const MAX_UNEXPLAINED = 12;

/** Decides when to connect again. Pure: time and random numbers are passed in. */
export class RetryPolicy {
  /** Number of the attempt, from 1; 0 before the first one. */
  attempt = 0;
  readonly #options: ReconnectOptions;
  readonly #random: () => number;
  #startedAt = 0;
  /** Number of failures since the pauses began with the shortest one. */
  #failures = 0;
  #unexplained = 0;

  constructor(options: ReconnectOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
  }

  /** Resets the number of attempts, for another outage; the pauses continue from the last one until {@linkcode restart}. */
  begin(): void {
    this.attempt = 0;
    this.#unexplained = 0;
  }

  /** Begins with short pauses again, as the network is back. */
  restart(now: number): void {
    this.#startedAt = now;
    this.#failures = 0;
  }

  /**
   * The delay of the next attempt after a failure, the end of the connection or of an attempt, in milliseconds;
   * `undefined` when there is none.
   */
  next(error: unknown, now: number): number | undefined {
    const { backoff = {}, maxAttempts = 100 } = this.#options;
    const { firstMs = 250, lateMaxMs = 30_000, maxMs = 2000 } = backoff;
    const isUnexplained = error instanceof ConnectionError && error.kind === "refused" && error.status === undefined;
    this.#unexplained = isUnexplained ? this.#unexplained + 1 : 0;
    const isHopeless = this.attempt >= maxAttempts || this.#unexplained > MAX_UNEXPLAINED;
    if (isHopeless || !isRecoverable(error)) return undefined;
    this.attempt++;
    const most = now - this.#startedAt < EARLY_MS ? maxMs : lateMaxMs;
    return this.#random() * Math.min(most, firstMs * 2 ** this.#failures++);
  }
}

// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import type { ReconnectOptions } from "./recovery_options.ts";
import { isRecoverable } from "./recovery_rules.ts";

/** Duration up to which an outage counts as short, in milliseconds. */
const EARLY_MS = 60_000;

/** Number of consecutive handshakes that may fail without a reason: the credential may be invalid. */
const MAX_UNEXPLAINED = 12;

/** An attempt to make after a pause. */
export interface NextAttempt {
  readonly attempt: number;
  readonly delayMs: number;
}

/** Decides when to connect again. Pure: time and random numbers are passed in. */
export class RetryPolicy {
  readonly #options: ReconnectOptions;
  readonly #random: () => number;
  readonly #startedAt: number;
  /** How many attempts were made, or are about to be. */
  attempts = 0;
  #unexplained = 0;

  /** Starts when a connection has ended. */
  constructor(options: ReconnectOptions, startedAt: number, random: () => number) {
    this.#options = options;
    this.#startedAt = startedAt;
    this.#random = random;
  }

  /** The attempt after a failure: the end of the connection, or an unsuccessful attempt. `undefined` to give up. */
  next(error: unknown, now: number): NextAttempt | undefined {
    const { backoff = {}, maxAttempts = 100 } = this.#options;
    const { firstMs = 250, lateMaxMs = 30_000, maxMs = 2000 } = backoff;
    const isUnexplained = error instanceof ConnectionError && error.kind === "refused" && error.status === undefined;
    this.#unexplained = isUnexplained ? this.#unexplained + 1 : 0;
    const isHopeless = this.attempts >= maxAttempts || this.#unexplained > MAX_UNEXPLAINED;
    if (isHopeless || !isRecoverable(error)) return undefined;
    const most = now - this.#startedAt < EARLY_MS ? maxMs : lateMaxMs;
    const delayMs = this.#random() * Math.min(most, firstMs * 2 ** this.attempts);
    return { attempt: ++this.attempts, delayMs };
  }
}

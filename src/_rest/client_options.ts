// This module is browser compatible.
import { type ApiTarget, TARGET_NAMES } from "../_internal/api_target.ts";
import type { OptionNames } from "../_internal/check_options.ts";
import type { Clock } from "../_internal/clock.ts";

/**
 * Options that the clients of both APIs have.
 *
 * @category REST
 */
export interface RestClientOptions extends ApiTarget {
  /**
   * Makes the requests.
   *
   * @default {globalThis.fetch}
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * How long a call may take, in milliseconds, at least 0, all its attempts and the pauses between them included; then it
   * rejects with a `TimeoutError`.
   *
   * @default {30000}
   */
  timeoutMs?: number | undefined;
  /**
   * How many times a failed call is made once more, where that does no harm; a whole number from 0.
   *
   * @default {2}
   */
  maxRetries?: number | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

/**
 * How long a call may take unless told otherwise, in milliseconds.
 *
 * @category REST
 */
export const DEFAULT_REST_TIMEOUT_MS = 30_000;

/**
 * How many times a failed call is made once more unless told otherwise.
 *
 * @category REST
 */
export const DEFAULT_MAX_RETRIES = 2;

/** The names of the {@linkcode RestClientOptions}, for `checkOptions`. */
export function clientNames(): OptionNames<RestClientOptions> {
  return { ...TARGET_NAMES, fetch: 1, timeoutMs: 1, maxRetries: 1, clock: 1 };
}

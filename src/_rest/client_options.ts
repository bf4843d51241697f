// This module is browser compatible.
import { type ApiTarget, TARGET_NAMES } from "../_internal/api_target.ts";
import type { OptionNames } from "../_internal/check_options.ts";
import { aClock, aFunction, aNumber } from "../_internal/option_kinds.ts";
import type { Clock } from "../_internal/clock.ts";

/**
 * Options shared by the clients of both APIs.
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
   * Timeout of a call in milliseconds, at least 0, including all attempts and the pauses between them; the call then
   * rejects with a `TimeoutError`.
   *
   * @default {30000}
   */
  timeoutMs?: number | undefined;
  /**
   * Maximum number of repetitions of a failed call, where a repetition does no harm; an integer of at least 0.
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
 * Default timeout of a call, in milliseconds.
 *
 * @category REST
 */
export const DEFAULT_REST_TIMEOUT_MS = 30_000;

/**
 * Default number of repetitions of a failed call.
 *
 * @category REST
 */
export const DEFAULT_MAX_RETRIES = 2;

/** The names of the {@linkcode RestClientOptions}, for `checkOptions`. */
export function clientNames(): OptionNames<RestClientOptions> {
  return { ...TARGET_NAMES, fetch: aFunction, timeoutMs: aNumber, maxRetries: aNumber, clock: aClock };
}

// This module is browser compatible.
import { apiUrl, checkApiTarget } from "../_internal/api_target.ts";
import { systemClock } from "../_internal/clock.ts";
import { pauseUnlessAborted, withTimeout } from "../_internal/timeout.ts";
import { attempt } from "./attempt.ts";
import { clientNames, DEFAULT_MAX_RETRIES, DEFAULT_REST_TIMEOUT_MS, type RestClientOptions } from "./client_options.ts";
import type { RestCall } from "./rest_call.ts";

/** Longest pause before the first repetition, in milliseconds; it doubles with each one. */
const FIRST_PAUSE_MS = 500;

/** Longest pause before any repetition, unless the server requests a longer one, in milliseconds. */
const MAX_PAUSE_MS = 8_000;

/** Options that may differ between calls. */
interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly safetyIdentifier?: string | undefined;
}

/** Makes the calls of an API over HTTP, and repeats them where that may help and does no harm. */
export class RestClient {
  readonly #options: RestClientOptions;

  /**
   * Creates a client. Nothing is sent, and the key provider is not called.
   *
   * @throws {TypeError} when the base URL is malformed or contains credentials, or an option is unknown.
   * @throws {RangeError} when `timeoutMs` is negative, or `maxRetries` is not an integer of at least 0.
   */
  constructor(options: RestClientOptions) {
    const action = "make a REST client";
    checkApiTarget(action, options, clientNames());
    const { maxRetries = 0 } = options;
    if (!Number.isInteger(maxRetries)) {
      throw new RangeError(`Cannot ${action} as maxRetries must be an integer: current value is ${maxRetries}`);
    }
    apiUrl(options, "", action);
    this.#options = { ...options };
  }

  /** Makes a call, and repeats it while that may help and does no harm; then rejects with the last error. */
  make<T>(call: RestCall<T>, options: CallOptions): Promise<T> {
    const own = this.#options;
    const { clock = systemClock, maxRetries = DEFAULT_MAX_RETRIES } = own;
    const { signal, timeoutMs = own.timeoutMs ?? DEFAULT_REST_TIMEOUT_MS } = options;
    const { safetyIdentifier = own.safetyIdentifier } = options;
    const deadlineMs = clock.now() + timeoutMs;
    return withTimeout(async (signal) => {
      for (let retries = 0;; retries++) {
        const outcome = await attempt(call, { ...own, safetyIdentifier, signal });
        if (!outcome.error) return outcome.value;
        const { error, isRefusal } = outcome;
        const pauseMs = error.retryAfterMs ?? backoffMs(retries);
        const isHarmless = !call.isMadeOnce && (call.isRepeatable || isRefusal);
        // No pause is begun that would exceed the deadline.
        if (!isHarmless || retries >= maxRetries || clock.now() + pauseMs >= deadlineMs) throw error;
        await pauseUnlessAborted(pauseMs, clock, signal);
      }
    }, { what: call.action, signal, timeoutMs, clock });
  }
}

/**
 * Half of the pause plus a random part of the other half, so that clients that failed together do not return together.
 */
function backoffMs(retries: number): number {
  return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** retries) * (0.5 + Math.random() / 2);
}

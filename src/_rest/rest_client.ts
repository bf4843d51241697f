// This module is browser compatible.
import { apiUrl, checkApiTarget } from "../_internal/api_target.ts";
import { systemClock } from "../_internal/clock.ts";
import { withTimeout } from "../_internal/timeout.ts";
import { clientNames, DEFAULT_MAX_RETRIES, DEFAULT_REST_TIMEOUT_MS, type RestClientOptions } from "./client_options.ts";
import type { RestCall } from "./rest_call.ts";
import { retry } from "./retry.ts";

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

  /** Makes a call, and resolves with its result. */
  make<T>(call: RestCall<T>, options: CallOptions): Promise<T> {
    const own = this.#options;
    const { clock = systemClock, maxRetries = DEFAULT_MAX_RETRIES } = own;
    const { signal, timeoutMs = own.timeoutMs ?? DEFAULT_REST_TIMEOUT_MS } = options;
    const { safetyIdentifier = own.safetyIdentifier } = options;
    const deadlineMs = clock.now() + timeoutMs;
    return withTimeout(
      (signal) => retry(call, { ...own, clock, deadlineMs, maxRetries, safetyIdentifier, signal }),
      { what: call.action, signal, timeoutMs, clock },
    );
  }
}

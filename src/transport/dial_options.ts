// This module is browser compatible.
import { type ApiTarget, TARGET_NAMES } from "../_internal/api_target.ts";
import { joinNames, type OptionNames } from "../_internal/check_options.ts";
import { aClock, aFunction, anAbortSignal, aNumber } from "../_internal/option_kinds.ts";
import type { Clock } from "../_internal/clock.ts";
import type { Dial } from "./socket.ts";

/**
 * How a connection is made.
 *
 * @category Transports
 */
export interface DialOptions {
  /**
   * Opens the socket. The default depends on the runtime, see `createDialer`: in a page, the key must then be a client
   * secret.
   *
   * @default {createDialer()}
   */
  dial?: Dial | undefined;
  /** Aborts the attempt: the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Timeout of the attempt, in milliseconds, at least 0; then it rejects with a `TimeoutError`.
   *
   * @default {15000}
   */
  timeoutMs?: number | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

/** The names of the options for dialling any socket of the API. */
export const DIAL_NAMES = /* @__PURE__ */ joinNames((): OptionNames<ApiTarget & DialOptions> => ({
  ...TARGET_NAMES,
  clock: aClock,
  dial: aFunction,
  signal: anAbortSignal,
  timeoutMs: aNumber,
}));

// This module is browser compatible.
import { type ApiTarget, TARGET_NAMES } from "../_internal/api_target.ts";
import { joinNames, type OptionNames } from "../_internal/check_options.ts";
import type { Clock } from "../_internal/clock.ts";
import type { Dial } from "./socket.ts";

/**
 * How long `dialTransport` waits by default, in milliseconds.
 *
 * @category Transports
 */
export const DEFAULT_CONNECT_TIMEOUT_MS = 15_000;

/**
 * How a connection is made.
 *
 * @category Transports
 */
export interface DialOptions {
  /**
   * Opens the socket. By default it does so as the runtime can, see `createDialer`: in a page the key has to be
   * a client secret then.
   *
   * @default {createDialer()}
   */
  dial?: Dial | undefined;
  /** Gives up when aborted: the connection attempt ends and the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * How long the attempt may take, in milliseconds, at least 0; then it rejects with a `TimeoutError`.
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

/** The names of the options with which any socket of the API is dialled. */
export const DIAL_NAMES = /* @__PURE__ */ joinNames((): OptionNames<ApiTarget & DialOptions> => ({
  ...TARGET_NAMES,
  clock: 1,
  dial: 1,
  signal: 1,
  timeoutMs: 1,
}));

// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import { aFunction, aNumber } from "../_internal/option_kinds.ts";
import type { PriceTable } from "./usage.ts";

/**
 * Time that a session that has reached a limit waits for the active response, and for `hangUp`, in milliseconds.
 *
 * @category Usage
 */
export const LIMIT_GRACE_MS = 10_000;

/**
 * Default maximum of consecutive responses that are requested for the outputs of tools.
 *
 * @category Usage
 */
export const DEFAULT_TOOL_ROUNDS = 16;

/**
 * Limits of a session. A session that reaches one ends gracefully: `limit_reached` is published, the active response may
 * finish within {@linkcode LIMIT_GRACE_MS}, `hangUp` is called, and the connection is closed with code 1000.
 *
 * @category Usage
 */
export interface SessionLimits {
  /**
   * Maximum duration of the session, in milliseconds.
   *
   * @default {undefined} no limit with `recovery`, otherwise the server's 60 minutes
   */
  readonly maxDurationMs?: number | undefined;
  /**
   * Maximum idle time, in milliseconds. A session is idle while neither side speaks, no audio waits to be played, and no
   * response, item or tool call is in progress. Noise does not count as activity. An active response does, even if no
   * event of it arrives: only `maxDurationMs` ends a session whose connection is dead.
   *
   * @default {undefined} no limit
   */
  readonly idleMs?: number | undefined;
  /**
   * Maximum cost of the session according to `prices`, in US dollars. Usage without a price reaches the limit
   * immediately. As the cost of a response is known at its end, the last response can exceed the limit.
   *
   * @default {undefined} no limit
   */
  readonly maxCostUsd?: number | undefined;
  /** Prices; required with `maxCostUsd`. */
  readonly prices?: PriceTable | undefined;
  /**
   * Maximum number of consecutive responses that the session requests for the outputs of tools. A request by the
   * application or a turn of the user resets the count. Beyond the maximum, outputs are still sent, a
   * `tool_rounds_exceeded` event is published, and the session continues.
   *
   * @default {16}
   */
  readonly toolRounds?: number | undefined;
  /**
   * Ends the call that a sideband has joined, such as `() => rest.hangUpCall(callId)`; closing the sideband's connection
   * does not end the call. The session waits at most {@linkcode LIMIT_GRACE_MS} for it, and reports its error as a
   * `listener_failed` event.
   *
   * @default {undefined} only the connection is closed
   */
  readonly hangUp?: (() => unknown) | undefined;
}

/** The names of the {@linkcode SessionLimits}, for `checkOptions`. */
export const LIMIT_NAMES: OptionNames<SessionLimits> = {
  hangUp: aFunction,
  idleMs: aNumber,
  maxCostUsd: aNumber,
  maxDurationMs: aNumber,
  prices: 1,
  toolRounds: aNumber,
};

// This module is browser compatible.
import type { PriceTable } from "./usage.ts";

/**
 * How long a session that has reached a limit waits for the response that is being made, and for `hangUp`, in milliseconds.
 *
 * @category Usage
 */
export const LIMIT_GRACE_MS = 10_000;

/**
 * How many responses in a row may be requested for the outputs of tools, by default.
 *
 * @category Usage
 */
export const DEFAULT_TOOL_ROUNDS = 16;

/**
 * When a session ends by itself, and how far tools may carry it. It ends gracefully: `limit_reached` is published, the response that is being made may
 * come to its end, for at most {@linkcode LIMIT_GRACE_MS}, `hangUp` is called, then the connection is closed with code
 * 1000.
 *
 * @category Usage
 */
export interface SessionLimits {
  /**
   * How long the session may last, in milliseconds.
   *
   * @default {undefined} as long as the server lets it
   */
  readonly maxDurationMs?: number | undefined;
  /**
   * How long nothing may happen, in milliseconds: nobody speaks or is still to be heard, nothing is answered, added or
   * called. Sound that is no speech counts for nothing. While a response is being made, something happens, even if
   * nothing is heard of it: it is `maxDurationMs` that ends a session whose line is dead.
   *
   * @default {undefined} for ever
   */
  readonly idleMs?: number | undefined;
  /**
   * What the session may cost by `prices`, in US dollars. A price that is missing counts as one that is too high. With
   * the response that reaches it the limit is passed, as what a response costs is known at its end.
   *
   * @default {undefined} no limit
   */
  readonly maxCostUsd?: number | undefined;
  /** Prices; required with `maxCostUsd`. */
  readonly prices?: PriceTable | undefined;
  /**
   * How many responses in a row the session requests for the outputs of tools, without a request by the application or a
   * turn of the user in between. Then outputs are still sent, and a `tool_rounds_exceeded` event is published. The session
   * does not end.
   *
   * @default {16}
   */
  readonly toolRounds?: number | undefined;
  /**
   * Ends the call that a sideband has joined, such as `() => rest.hangUpCall(callId)`: it goes on when only the sideband's
   * connection is closed. That waits for it for at most {@linkcode LIMIT_GRACE_MS}; what goes wrong is reported as a
   * `listener_failed` event.
   *
   * @default {undefined} only the connection is closed
   */
  readonly hangUp?: (() => unknown) | undefined;
}

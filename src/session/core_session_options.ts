// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import { aClock, aFunction, aNumber } from "../_internal/option_kinds.ts";
import type { Clock } from "../_internal/clock.ts";
import type { IdGenerator } from "../_internal/ids.ts";
import type { LocalEvent } from "./session_events.ts";

/**
 * Options of every session, regardless of its parts.
 *
 * @category Sessions
 */
export interface CoreSessionOptions {
  /**
   * Whether this joins a call that others have opened. The server then sends no `session.created`.
   *
   * @default {false}
   */
  sideband?: boolean | undefined;
  /**
   * Whether others may control the session, too. A `session.updated` that contradicts the requested configuration then
   * counts as theirs, as does a response without our metadata key.
   *
   * @default {sideband}
   */
  shared?: boolean | undefined;
  /**
   * Receives the errors that reach no listener and no reader: of tools, listeners and parts. `context` is the event
   * that reports the error.
   *
   * @default {console.error}
   */
  onUnhandled?: ((error: unknown, context: LocalEvent) => void) | undefined;
  /**
   * Timeout of a command, in milliseconds; then its promise rejects with a `TimeoutError`.
   *
   * @default {10000}
   */
  ackTimeoutMs?: number | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
  /**
   * Creates ids of items and events from a prefix; item ids must not be longer than 32 characters.
   *
   * @default {randomId}
   */
  makeId?: IdGenerator | undefined;
}

/** The names of the {@linkcode CoreSessionOptions}, for `checkOptions`. */
export const CORE_NAMES: OptionNames<CoreSessionOptions> = {
  ackTimeoutMs: aNumber,
  clock: aClock,
  makeId: aFunction,
  onUnhandled: aFunction,
  shared: 1,
  sideband: 1,
};

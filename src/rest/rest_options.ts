// This module is browser compatible.
import type { RestClientOptions } from "../_rest/client_options.ts";

/**
 * Options of {@linkcode RealtimeRest}.
 *
 * @category REST
 */
export interface RealtimeRestOptions extends RestClientOptions {}

/**
 * Options of every call.
 *
 * @category REST
 */
export interface RestCallOptions {
  /** Stops when aborted: the request ends and the call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Timeout of the call, in milliseconds, at least 0.
   *
   * @default {the timeoutMs of the client}
   */
  timeoutMs?: number | undefined;
  /**
   * Stable, anonymous id of the end user of the call.
   *
   * @default {the safetyIdentifier of the client}
   */
  safetyIdentifier?: string | undefined;
}

/**
 * Options of the calls that send settings of a session.
 *
 * @category REST
 */
export interface RestBodyOptions extends RestCallOptions {
  /**
   * Whether the body is checked. `false` lets everything through: fields newer than this version, but also mistakes.
   *
   * @default {true}
   */
  check?: boolean | undefined;
}

/**
 * Options of {@linkcode RealtimeRest.rejectCall}.
 *
 * @category REST
 */
export interface RejectCallOptions extends RestCallOptions {
  /**
   * SIP status for the caller, 100 to 699, e.g. 486 for busy.
   *
   * @default {603}
   */
  statusCode?: number | undefined;
}

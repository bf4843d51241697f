// This module is browser compatible.
import { ConnectionError, RealtimeApiError } from "../errors.ts";

/**
 * Rules that decide which errors end a session, and which ones a new connection can recover from.
 *
 * @category Recovery
 */
export interface RecoveryRules {
  /** Close codes after which a new connection may succeed. All others are fatal. */
  readonly retryableCloses: readonly number[];
  /**
   * HTTP statuses of a rejected handshake or REST call after which a later one may succeed, in addition to 500 and
   * above, and to those below 400: another party than the API has answered, such as the login page of a network. All
   * others are fatal.
   */
  readonly retryableStatuses: readonly number[];
  /** Codes and types of API errors that are fatal, regardless of the close code that follows. */
  readonly fatalErrors: readonly string[];
  /** Codes and types of API errors that are not fatal, regardless of the close code that follows. */
  readonly retryableErrors: readonly string[];
}

/**
 * The rules by which a session decides whether to connect again.
 *
 * - `1001`: the server goes away, or the 60 minutes are over; `1002`, `1007`: a frame was corrupted on the way; `1005`,
 *   `1006`: the line has broken; `1011` to `1015`: trouble of the server or on the way.
 * - The most important fatal codes are `1000`, with which the server ends a finished session, `1008` and `1009`, `3000`
 *   (authentication), `4000` (shape), and `4008`, with which this client closes a connection whose events are not read.
 *
 * @category Recovery
 */
export const RECOVERY_RULES: RecoveryRules = {
  retryableCloses: [1001, 1002, 1005, 1006, 1007, 1011, 1012, 1013, 1014, 1015],
  retryableStatuses: [408, 409, 425, 429],
  fatalErrors: [
    "invalid_api_key",
    "authentication_error",
    "permission_error",
    "insufficient_quota",
    "credit_balance_exhausted",
    "billing_hard_limit_reached",
    "account_deactivated",
    "invalid_model",
    "missing_model",
    "model_not_found",
    "beta_api_shape_disabled",
  ],
  retryableErrors: ["session_expired", "rate_limit_exceeded", "server_error", "internal_error"],
};

/**
 * Whether a new connection may help after the error of a connection, or of an attempt to open one. Errors from outside
 * this library, such as those of a function that returns the key, may be temporary: `fetch` throws a `TypeError` when
 * there is no network.
 *
 * @category Recovery
 */
export function isRecoverable(error: unknown): boolean {
  const { fatalErrors, retryableCloses, retryableErrors, retryableStatuses } = RECOVERY_RULES;
  const isConnection = error instanceof ConnectionError;
  const api = isConnection ? error.cause : error;
  if (api instanceof RealtimeApiError) {
    const names = [api.code ?? "", api.type ?? ""];
    if (names.some((name) => fatalErrors.includes(name))) return false;
    if (names.some((name) => retryableErrors.includes(name))) return true;
  } else if (!isConnection) return true;
  const { close, kind, status } = error as ConnectionError;
  if (close) return retryableCloses.includes(close.code);
  if (status !== undefined) return status < 400 || status >= 500 || retryableStatuses.includes(status);
  // A page cannot see the reason: a restarting server rejects handshakes, too.
  return isConnection && kind !== "configuration";
}

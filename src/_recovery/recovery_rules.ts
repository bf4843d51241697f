// This module is browser compatible.
import { ConnectionError, RealtimeApiError } from "../errors.ts";

/**
 * Rules that decide which errors end a session, and which ones a new connection can recover from.
 *
 * @category Recovery
 */
export interface RecoveryRules {
  /** Close codes that a new connection can cure. Every other one is fatal. */
  readonly retryableCloses: readonly number[];
  /** HTTP statuses of a refused handshake that a later one may not get; 500 and above are like them. Others are fatal. */
  readonly retryableStatuses: readonly number[];
  /** Codes and types of API errors that are fatal, whatever the close code that follows. */
  readonly fatalErrors: readonly string[];
  /** Codes and types of API errors that are not, whatever the close code that follows. */
  readonly retryableErrors: readonly string[];
}

/**
 * The rules by which a session decides whether to connect again.
 *
 * - `1001` the server goes away, or the 60 minutes are over; `1002`, `1007` the line has spoilt a frame; `1005`, `1006` the
 *   line has broken; `1011` to `1015` trouble of the server or on the way.
 * - Fatal are above all `1000`, with which the server says that all is done, `1008` and `1009`, `3000` (authentication), `4000`
 *   (shape), and `4008`, with which this client closes a connection whose events are not read.
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
 * Whether a new connection may help after this error: of a connection that has ended, or of an attempt to make one.
 * Errors that are not of this library, such as those of a function that gives the key, may be over the next time: `fetch`
 * throws a `TypeError` when there is no network.
 *
 * @category Recovery
 */
export function isRecoverable(error: unknown): boolean {
  const { fatalErrors, retryableCloses, retryableErrors, retryableStatuses } = RECOVERY_RULES;
  const api = error instanceof RealtimeApiError ? error : error instanceof ConnectionError ? error.cause : undefined;
  if (api instanceof RealtimeApiError) {
    const names = [api.code, api.type].filter((name) => name !== undefined);
    if (names.some((name) => fatalErrors.includes(name))) return false;
    if (names.some((name) => retryableErrors.includes(name))) return true;
    if (api === error) return false;
  }
  if (!(error instanceof ConnectionError)) return true;
  const { close, kind, status } = error;
  if (kind === "configuration") return false;
  if (close) return retryableCloses.includes(close.code);
  if (status !== undefined) return status >= 500 || retryableStatuses.includes(status);
  // A page does not get to know why: a server that restarts refuses, too.
  return true;
}

// This module is browser compatible.

import type { FieldRule } from "./_internal/field_rule.ts";

/**
 * Error classes that a caller may want to catch. Aborted and timed-out operations reject with the platform's
 * `DOMException` (`AbortError`, `TimeoutError`) instead.
 */

/**
 * How a connection ended.
 *
 * @category Errors
 */
export interface CloseInfo {
  /** WebSocket close code; 1005 when the peer sent none, 1006 when the connection broke without a close frame. */
  readonly code: number;
  /** Reason given by the peer, or an empty string. */
  readonly reason: string;
  /**
   * Whether the connection ended in an orderly way: this side ended it (`close()`, a limit, disposal), or the other
   * side did so with code 1000. Every other end is unclean, such as 1001 at 60 minutes or a dropped line.
   */
  readonly clean: boolean;
}

/**
 * The reason why a connection could not be made, or has ended:
 *
 * - `"configuration"`: refused before dialling (no API key, contradictory target);
 * - `"unreachable"`: no answer from the host;
 * - `"refused"`: the server answered with a rejection, in the handshake or with an error event right after it;
 * - `"closed"`: the connection ended before the operation was complete.
 *
 * @category Errors
 */
export type ConnectionErrorKind = "configuration" | "unreachable" | "refused" | "closed";

/**
 * Options of a {@linkcode ConnectionError}.
 *
 * @category Errors
 */
export interface ConnectionErrorOptions {
  /** The kind of failure. */
  kind: ConnectionErrorKind;
  /** Address that was dialled, without credentials. */
  url?: string | undefined;
  /** HTTP status of a rejected handshake, if the runtime or a diagnostic request reports it. */
  status?: number | undefined;
  /** HTTP body of a rejected handshake, parsed if it is JSON. */
  body?: unknown;
  /** How the connection ended, if one had been established. */
  close?: CloseInfo | undefined;
  /** Lower-level error: a {@linkcode RealtimeApiError} when the API explained its rejection. */
  cause?: unknown;
}

/**
 * The connection could not be established, or ended before the operation was complete. Never contains a credential.
 *
 * @category Errors
 */
export class ConnectionError extends Error {
  /** The kind of failure. */
  declare readonly kind: ConnectionErrorKind;
  /** Address that was dialled, without credentials. */
  declare readonly url: string | undefined;
  /** HTTP status of a rejected handshake, if the runtime reports it. */
  declare readonly status: number | undefined;
  /** HTTP body of a rejected handshake, parsed if it is JSON. */
  declare readonly body: unknown;
  /** How the connection ended, if one had been established. */
  declare readonly close: CloseInfo | undefined;

  /** Creates the error from its message and the known details. */
  constructor(message: string, options: ConnectionErrorOptions) {
    super(message, options);
    Object.assign(this, options, { name: "ConnectionError" });
  }
}

/**
 * Data of a {@linkcode RealtimeApiError}: the `error` object of the wire, and its origin.
 *
 * @category Errors
 */
export interface RealtimeApiErrorOptions {
  /** Kind of error, e.g. `invalid_request_error`. */
  type?: string | undefined;
  /** Code, e.g. `conversation_already_has_active_response`. */
  code?: string | undefined;
  /** Field that the error is about, e.g. `session.audio.input.format.rate`. */
  param?: string | undefined;
  /** `event_id` of the client event that was rejected. */
  eventId?: string | undefined;
  /** HTTP status, for REST calls. */
  status?: number | undefined;
  /** `x-request-id` of the response, for REST calls. */
  requestId?: string | undefined;
  /** Pause that the server requests before the call is repeated, in milliseconds, for REST calls. */
  retryAfterMs?: number | undefined;
  /** Lower-level error, if any. */
  cause?: unknown;
}

/**
 * The API rejected a command or a request. The message is the API's own.
 *
 * @category Errors
 */
export class RealtimeApiError extends Error {
  /** Kind of error, e.g. `invalid_request_error`. */
  declare readonly type: string | undefined;
  /** Code, e.g. `conversation_already_has_active_response`. */
  declare readonly code: string | undefined;
  /** Field that the error is about. */
  declare readonly param: string | undefined;
  /** `event_id` of the client event that was rejected. */
  declare readonly eventId: string | undefined;
  /** HTTP status, for REST calls. */
  declare readonly status: number | undefined;
  /** `x-request-id` of the response, for REST calls. */
  declare readonly requestId: string | undefined;
  /**
   * Pause that the server requests before the call is repeated, in milliseconds, at least 0, for REST calls: from
   * `retry-after-ms` or `Retry-After`. `undefined` when it requests none.
   */
  declare readonly retryAfterMs: number | undefined;

  /** Creates the error from the API's message and data. */
  constructor(message: string, options: RealtimeApiErrorOptions = {}) {
    super(message, options);
    Object.assign(this, options, { name: "RealtimeApiError" });
  }
}

/**
 * One fault of an event.
 *
 * @category Errors
 */
export interface EventIssue {
  /** Path of the field as the API spells it, e.g. `session.audio.input.format.rate` or `item.content[0].text`. */
  readonly path: string;
  /** The broken rule, and the value that broke it. */
  readonly message: string;
  /** The value at that path. */
  readonly value?: unknown;
  /** The rule as data; absent for rules that are not part of the protocol. */
  readonly rule?: FieldRule | undefined;
}

/**
 * A client event was rejected before it was sent, as the server would reject or misread it.
 *
 * @category Errors
 */
export class InvalidEventError extends TypeError {
  /** `type` of the rejected event if it has one, or the name of the rejected REST body. */
  declare readonly eventType: string | undefined;
  /** Path of the first invalid field. */
  declare readonly path: string;
  /** All faults, in the order of the fields; at least one. */
  declare readonly issues: readonly EventIssue[];

  /** Creates the error from the event's type and its faults, of which there is at least one. */
  constructor(eventType: string | undefined, issues: readonly EventIssue[]) {
    const { path, message } = issues[0]!;
    const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
    super(`Cannot send ${eventType ?? "event"} as ${path || "it"} ${message}${more}`);
    Object.assign(this, { name: "InvalidEventError", eventType, path, issues });
  }
}

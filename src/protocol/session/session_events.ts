// This module is browser compatible.
import type { ServerEventBase } from "../events/event_base.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { EffectiveSession, UnknownSession } from "./session.ts";

/**
 * The session has begun; the first event, except on a socket that joins a running call.
 *
 * @category Session
 */
export interface SessionCreatedEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "session.created";
  /** The session with all its defaults. */
  readonly session: EffectiveSession | UnknownSession;
}

/**
 * Answer to `session.update`.
 *
 * @category Session
 */
export interface SessionUpdatedEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "session.updated";
  /** The session with everything that is in effect now. */
  readonly session: EffectiveSession | UnknownSession;
}

/**
 * A conversation.
 *
 * @category Session
 */
export interface Conversation {
  /** Identifier, e.g. `conv_1234`. */
  readonly id?: string | null | undefined;
  /** Kind of object. */
  readonly object?: OpenEnum<"realtime.conversation"> | null | undefined;
}

/**
 * The session's conversation has begun. Documented, yet in no recording: some servers send it.
 *
 * @category Session
 */
export interface ConversationCreatedEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "conversation.created";
  /** The conversation. */
  readonly conversation: Conversation;
}

/**
 * Error as the API reports it.
 *
 * @category Session
 */
export interface ApiError {
  /** Kind of error, e.g. `invalid_request_error` or `server_error`. */
  readonly type: string;
  /** Message for people. */
  readonly message: string;
  /** Code, e.g. `conversation_already_has_active_response`. */
  readonly code?: string | null | undefined;
  /** Field that the error is about, e.g. `session.audio.input.format.rate`. */
  readonly param?: string | null | undefined;
  /** `event_id` of the rejected client event; null when it had none. */
  readonly event_id?: string | null | undefined;
}

/**
 * A client event was rejected, or the server failed. Most errors leave the session open.
 *
 * @category Session
 */
export interface RealtimeErrorEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "error";
  /** Error message. */
  readonly error: ApiError;
}

/**
 * Remaining part of a limit.
 *
 * @category Session
 */
export interface RateLimit {
  /** Name of the limit. */
  readonly name?: OpenEnum<"requests" | "tokens"> | null | undefined;
  /** Maximum amount. */
  readonly limit?: number | null | undefined;
  /** Remaining amount. */
  readonly remaining?: number | null | undefined;
  /** Seconds until the limit is whole again. */
  readonly reset_seconds?: number | null | undefined;
}

/**
 * The remaining rate limits, after tokens were reserved for a response. Sent often, but not always.
 *
 * @category Session
 */
export interface RateLimitsUpdatedEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "rate_limits.updated";
  /** The limits. */
  readonly rate_limits: readonly RateLimit[];
}

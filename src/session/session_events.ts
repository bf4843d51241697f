// This module is browser compatible.
import type { RecoveryEvent } from "../_recovery/recovery_events.ts";
import type { MalformedServerEvent, ServerEventMap } from "../protocol/mod.ts";
import type { IncomingEvent } from "../transport/transport.ts";

/**
 * Fields shared by the events about a tool call.
 *
 * @category Events
 */
export interface ToolCallDetails {
  /** Id of the call. */
  readonly callId: string;
  /** Id of the conversation item that carries the call. */
  readonly itemId: string | undefined;
  /** Id of the response that made the call. */
  readonly responseId: string | undefined;
  /** Name of the tool. */
  readonly name: string;
  /** Arguments as written by the model, usually JSON. */
  readonly arguments: string;
}

/**
 * A tool began to run.
 *
 * @category Events
 */
export interface ToolCallStartedEvent extends ToolCallDetails {
  /** Discriminant. */
  readonly type: "tool_call_started";
}

/**
 * A tool has run and its output was sent.
 *
 * @category Events
 */
export interface ToolCallDoneEvent extends ToolCallDetails {
  /** Discriminant. */
  readonly type: "tool_call_done";
  /** The output that was sent to the model. */
  readonly output: string;
  /** Duration of the tool, in milliseconds. */
  readonly durationMs: number;
}

/**
 * A tool call could not be executed: the model was informed, and the session continues.
 *
 * @category Events
 */
export interface ToolCallFailedEvent extends ToolCallDetails {
  /** Discriminant. */
  readonly type: "tool_call_failed";
  /** The tool's own error, or the reason why it was not called. */
  readonly error: unknown;
  /** The output that the model received instead of a result; `undefined` when the server did not accept it. */
  readonly output: string | undefined;
}

/**
 * The model called a function that this session does not run. With `output`, the function does not exist, and the model
 * was informed. Without, the call is left to the application, or to another party of a shared session, which answers it
 * and requests the next response.
 *
 * @category Events
 */
export interface ToolCallUnhandledEvent extends ToolCallDetails {
  /** Discriminant. */
  readonly type: "tool_call_unhandled";
  /**
   * The output that the model received; `undefined` when the call was left alone, or the server did not accept the
   * output.
   */
  readonly output: string | undefined;
}

/**
 * The model called tools repeatedly: no further response is requested until the user or the application continues.
 *
 * @category Events
 */
export interface ToolRoundsExceededEvent {
  /** Discriminant. */
  readonly type: "tool_rounds_exceeded";
  /** The bound, `limits.toolRounds`. */
  readonly toolRounds: number;
}

/**
 * A listener, or another function of the application, threw an exception; everything else continued without it.
 *
 * @category Events
 */
export interface ListenerFailedEvent {
  /** Discriminant. */
  readonly type: "listener_failed";
  /** The error that it threw. */
  readonly error: unknown;
  /**
   * Type of the event that it was called with; `conversation` for a listener of the conversation, `mcp_approval_request`
   * for `onMcpApproval`, and `limit_reached` for `hangUp` of the limits.
   */
  readonly eventType: string;
}

/**
 * A part of the session threw an exception; the session and its other parts continue.
 *
 * @category Events
 */
export interface PartFailedEvent {
  /** Discriminant. */
  readonly type: "part_failed";
  /** Name of the part. */
  readonly part: string;
  /** The error that it threw. */
  readonly error: unknown;
}

/**
 * The session has reached a limit, and ends after the active response.
 *
 * @category Events
 */
export interface LimitReachedEvent {
  /** Discriminant. */
  readonly type: "limit_reached";
  /** The name of the limit in `limits`. */
  readonly limit: "maxDurationMs" | "idleMs" | "maxCostUsd";
}

/**
 * The user's turn was answered, by one response or, with tools, by several. Times are milliseconds from its end.
 *
 * @category Events
 */
export interface TurnEvent {
  /** Discriminant. */
  readonly type: "turn";
  /** Id of the last response. */
  readonly responseId: string;
  /** Time until the first response was created. */
  readonly responseCreatedMs: number;
  /** Time until the first audio arrived, or the server began to play; `undefined` when there was none. */
  readonly firstAudioMs: number | undefined;
  /** Time until the last response was done. */
  readonly doneMs: number;
}

/**
 * The model has not read the whole conversation: the server has omitted its oldest items, as the session's `truncation`
 * allows. The server does not report this; it is inferred from a response that has read no more than the previous one,
 * although nothing was deleted, cut or configured in between. The event does not tell which items were omitted, and a
 * small omission may go unnoticed until the next one. The items stay in the conversation and can be retrieved.
 *
 * @category Events
 */
export interface ContextTruncatedEvent {
  /** Discriminant. */
  readonly type: "context_truncated";
  /** Id of the response that was generated without them. */
  readonly responseId: string;
  /** Tokens that it has read. */
  readonly inputTokens: number;
  /** Minimum number of tokens that it would have read. */
  readonly leastTokens: number;
}

/**
 * The session has ended. It is the last event of every reader; after an end that is not clean, the reader then throws a
 * `ConnectionError`.
 *
 * @category Events
 */
export interface SessionClosedEvent {
  /** Discriminant. */
  readonly type: "closed";
  /** WebSocket close code. */
  readonly code: number;
  /** Reason given by the server, or an empty string. */
  readonly reason: string;
  /** Whether this side ended the session, or the server ended it with code 1000. */
  readonly clean: boolean;
}

/**
 * Events that the session itself generates. Their types have no dots, unlike those of the wire.
 *
 * @category Events
 */
export type LocalEvent =
  | ToolCallStartedEvent
  | ToolCallDoneEvent
  | ToolCallFailedEvent
  | ToolCallUnhandledEvent
  | ToolRoundsExceededEvent
  | ListenerFailedEvent
  | PartFailedEvent
  | LimitReachedEvent
  | TurnEvent
  | ContextTruncatedEvent
  | RecoveryEvent
  | SessionClosedEvent;

/**
 * Whether the session itself generated an event.
 *
 * @category Events
 */
export function isLocalEvent(event: { readonly type: string }): event is LocalEvent {
  return /^(tool_call_(started|done|failed|unhandled)|tool_rounds_exceeded|(listener|part)_failed|limit_reached|turn|context_truncated|reconnecting|recovered|renewed|recovery_failed|closed)$/
    .test(event.type);
}

/**
 * All events of a session: those of the server, and those that the session itself generates.
 *
 * @category Events
 */
export type SessionEvent = IncomingEvent | LocalEvent;

/**
 * Event interface for each type that `on()` accepts.
 *
 * @category Events
 */
export type SessionEventMap =
  & ServerEventMap
  & { readonly [E in LocalEvent as E["type"]]: E }
  & {
    /** Something that violates the protocol; `raw` contains it unchanged. */
    readonly malformed_event: MalformedServerEvent;
    /** Every event, known or not. */
    readonly "*": SessionEvent;
  };

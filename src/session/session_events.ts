// This module is browser compatible.
import type { MalformedServerEvent, ServerEventMap } from "../protocol/mod.ts";
import type { IncomingEvent } from "../transport/transport.ts";

/** What the events about a tool call have in common. */
export interface ToolCallDetails {
  /** Id of the call. */
  readonly callId: string;
  /** Id of the conversation item that carries the call. */
  readonly itemId: string | undefined;
  /** Id of the response that made the call. */
  readonly responseId: string | undefined;
  /** Name of the tool. */
  readonly name: string;
  /** Arguments as the model wrote them: JSON, when the model was careful. */
  readonly arguments: string;
}

/** A tool began to run. */
export interface ToolCallStartedEvent extends ToolCallDetails {
  /** Discriminant. */
  readonly type: "tool_call_started";
}

/** A tool has run and its output was sent. */
export interface ToolCallDoneEvent extends ToolCallDetails {
  /** Discriminant. */
  readonly type: "tool_call_done";
  /** What was sent to the model. */
  readonly output: string;
  /** How long the tool took, in milliseconds. */
  readonly durationMs: number;
}

/** A tool call could not be carried out: the model was told so, and the session goes on. */
export interface ToolCallFailedEvent extends ToolCallDetails {
  /** Discriminant. */
  readonly type: "tool_call_failed";
  /** What went wrong: the tool's own error, or why it was not called. */
  readonly error: unknown;
  /** What the model was told instead of a result; `undefined` when the server did not take it. */
  readonly output: string | undefined;
}

/** A listener, or another function of the application that was to be told or asked, threw; all went on without it. */
export interface ListenerFailedEvent {
  /** Discriminant. */
  readonly type: "listener_failed";
  /** What it threw. */
  readonly error: unknown;
  /**
   * Type of the event that it was called with; `conversation` for a listener of the conversation, and
   * `mcp_approval_request` for `onMcpApproval`.
   */
  readonly eventType: string;
}

/** A limit of the session was reached: it ends when the response that is being made has. */
export interface LimitReachedEvent {
  /** Discriminant. */
  readonly type: "limit_reached";
  /** Which of the `limits`. */
  readonly limit: "maxDurationMs" | "idleMs" | "maxCostUsd";
}

/** Events that the session itself makes. Their types have no dots, unlike those of the wire. */
export type LocalEvent =
  | ToolCallStartedEvent
  | ToolCallDoneEvent
  | ToolCallFailedEvent
  | ListenerFailedEvent
  | LimitReachedEvent;

/** Everything that `events()` of a session gives: what the server sent, and what the session did of its own accord. */
export type SessionEvent = IncomingEvent | LocalEvent;

/** Event interface for each type that `on()` knows. */
export type SessionEventMap =
  & ServerEventMap
  & { readonly [E in LocalEvent as E["type"]]: E }
  & {
    /** Something that is not what the protocol says; `raw` has it as it came. */
    readonly malformed_event: MalformedServerEvent;
    /** Every event, known or not. */
    readonly "*": SessionEvent;
  };

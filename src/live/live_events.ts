// This module is browser compatible.
import type { CloseInfo } from "../errors.ts";
import type {
  LiveCloseReason,
  LiveServerEvent,
  LiveServerEventMap,
  MalformedServerEvent,
  UnknownServerEvent,
} from "../protocol/mod.ts";
import type { RecoveryEventMap } from "../_recovery/recovery_events.ts";
import type { LiveDelegationTask } from "./live_delegation.ts";
import type { LiveToolCall } from "./live_tool_call.ts";
import type { LiveTurn } from "./live_turn.ts";

/**
 * How a Live session ended.
 *
 * @category Events
 */
export interface LiveCloseResult {
  /** Why: the server's reason, or what we know when it gave none. */
  readonly reason: LiveCloseReason | "detached";
  /** Active seconds, final when `confirmed`, else as they were told last. */
  readonly seconds: number;
  /** Whether the server has said `session.closed`. Without it the usage is not final. */
  readonly confirmed: boolean;
}

/**
 * Events that a Live session makes itself, by their type.
 *
 * @category Events
 */
export interface LiveLocalEventMap extends Omit<RecoveryEventMap, "renewed"> {
  /** The model begins to be heard, at a position of its track in milliseconds. */
  readonly "speech_started": { readonly type: "speech_started"; readonly atMs: number };
  /** The model has stopped, or was talked over: the server says nothing about it. */
  readonly "speech_stopped": { readonly type: "speech_stopped"; readonly atMs: number };
  /** A turn has grown. */
  readonly "turn_delta": { readonly type: "turn_delta"; readonly turn: LiveTurn; readonly delta: string };
  /** A turn is over. */
  readonly "turn_done": { readonly type: "turn_done"; readonly turn: LiveTurn };
  /** The model wants the application to do something. */
  readonly "delegation": { readonly type: "delegation"; readonly task: LiveDelegationTask };
  /** A tool begins to run. */
  readonly "tool_call_started": { readonly type: "tool_call_started"; readonly call: LiveToolCall };
  /** A tool has run. */
  readonly "tool_call_done": {
    readonly type: "tool_call_done";
    readonly call: LiveToolCall;
    readonly output: string;
  };
  /** A tool has failed; the model reads a neutral message, unless it threw a `ToolError`. */
  readonly "tool_call_failed": {
    readonly type: "tool_call_failed";
    readonly call: LiveToolCall;
    readonly error: unknown;
  };
  /** A function was called that has no tool here. */
  readonly "tool_call_unhandled": { readonly type: "tool_call_unhandled"; readonly call: LiveToolCall };
  /** An output was longer than the server takes, and was cut. */
  readonly "tool_output_shortened": {
    readonly type: "tool_output_shortened";
    readonly callId: string;
    readonly characters: number;
  };
  /** The server has refused an output, or the request to go on with it, for good. */
  readonly "tool_output_refused": {
    readonly type: "tool_output_refused";
    readonly callId: string | undefined;
    readonly error: Error;
  };
  /** A listener, a source, a sink or a tool has failed, or the server has refused an event that nothing waits for. */
  readonly "failure": { readonly type: "failure"; readonly error: unknown; readonly context: string };
  /** A frame that is no event, or a known event that is not as it should be. */
  readonly "malformed_event": MalformedServerEvent;
  /** The session has ended; the last event. */
  readonly "closed": LiveClosedEvent;
}

/**
 * The session has ended; the last event.
 *
 * @category Events
 */
export interface LiveClosedEvent extends LiveCloseResult {
  /** Kind of event. */
  readonly type: "closed";
  /** How the connection ended. */
  readonly close: CloseInfo;
  /** Whether we ended it, or the server did as it should. */
  readonly clean: boolean;
}

/**
 * An event that a Live session makes itself.
 *
 * @category Events
 */
export type LiveLocalEvent = LiveLocalEventMap[keyof LiveLocalEventMap];

/**
 * Everything that a Live session tells, events of types that this version does not know included.
 *
 * @category Events
 */
export type LiveEvent = LiveServerEvent | LiveLocalEvent | UnknownServerEvent;

/**
 * The events of `on()` by name: a type, or `"*"` for all.
 *
 * @category Events
 */
export interface LiveEventMap extends LiveServerEventMap, LiveLocalEventMap {
  /** Every event. */
  readonly "*": LiveEvent;
}

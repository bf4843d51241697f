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
  /** The server's reason, or the known one when it gave none. */
  readonly reason: LiveCloseReason | "detached";
  /** Active seconds: final if `confirmed`, otherwise the last reported value. */
  readonly seconds: number;
  /** Whether the server has sent `session.closed`. Without it the usage is not final. */
  readonly confirmed: boolean;
}

/**
 * Events that a Live session generates itself, by type.
 *
 * @category Events
 */
export interface LiveLocalEventMap extends Omit<RecoveryEventMap, "renewed"> {
  /** The model starts being heard, at a position of its track in milliseconds. */
  readonly "speech_started": { readonly type: "speech_started"; readonly atMs: number };
  /** The model has stopped, or was interrupted: the server does not distinguish the two. */
  readonly "speech_stopped": { readonly type: "speech_stopped"; readonly atMs: number };
  /** A turn has grown. */
  readonly "turn_delta": { readonly type: "turn_delta"; readonly turn: LiveTurn; readonly delta: string };
  /** A turn is over. */
  readonly "turn_done": { readonly type: "turn_done"; readonly turn: LiveTurn };
  /** The model delegates a task to the application. */
  readonly "delegation": { readonly type: "delegation"; readonly task: LiveDelegationTask };
  /** A tool starts running. */
  readonly "tool_call_started": { readonly type: "tool_call_started"; readonly call: LiveToolCall };
  /** A tool has finished. */
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
  /** The backend called a function that has no tool here: another client, or a listener, answers. */
  readonly "tool_call_unhandled": { readonly type: "tool_call_unhandled"; readonly call: LiveToolCall };
  /** An output exceeded the server's limit and was cut. */
  readonly "tool_output_shortened": {
    readonly type: "tool_output_shortened";
    readonly callId: string;
    readonly characters: number;
  };
  /** The server has permanently rejected an output, or the request to continue with it. */
  readonly "tool_output_refused": {
    readonly type: "tool_output_refused";
    readonly callId: string | undefined;
    readonly error: Error;
  };
  /**
   * A listener, a source, a sink or a tool has failed, or the server has rejected an event that no command waits for.
   */
  readonly "failure": { readonly type: "failure"; readonly error: unknown; readonly context: string };
  /** A frame that is not an event, or a known event with an invalid shape. */
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
  /** Discriminant. */
  readonly type: "closed";
  /** How the connection ended. */
  readonly close: CloseInfo;
  /** Whether this side ended it, or the server did so in an orderly way. */
  readonly clean: boolean;
}

/**
 * An event that a Live session generates itself.
 *
 * @category Events
 */
export type LiveLocalEvent = LiveLocalEventMap[keyof LiveLocalEventMap];

/**
 * All events of a Live session, including types that this version does not know.
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

// This module is browser compatible.
import type { ItemEventBase, ResponseItemEventBase, TextDelta } from "../events/event_base.ts";

/**
 * The list of an MCP server's tools is being fetched.
 *
 * @category Tools
 */
export interface McpListToolsInProgressEvent extends ItemEventBase {
  /** Kind of event. */
  readonly type: "mcp_list_tools.in_progress";
}

/**
 * The list of an MCP server's tools has arrived: it is in the item.
 *
 * @category Tools
 */
export interface McpListToolsCompletedEvent extends ItemEventBase {
  /** Kind of event. */
  readonly type: "mcp_list_tools.completed";
}

/**
 * The list of an MCP server's tools could not be fetched.
 *
 * @category Tools
 */
export interface McpListToolsFailedEvent extends ItemEventBase {
  /** Kind of event. */
  readonly type: "mcp_list_tools.failed";
}

/**
 * More of the arguments of an MCP call.
 *
 * @category Tools
 */
export interface ResponseMcpCallArgumentsDeltaEvent extends ResponseItemEventBase, TextDelta {
  /** Kind of event. */
  readonly type: "response.mcp_call_arguments.delta";
}

/**
 * The arguments of an MCP call are complete.
 *
 * @category Tools
 */
export interface ResponseMcpCallArgumentsDoneEvent extends ResponseItemEventBase {
  /** Kind of event. */
  readonly type: "response.mcp_call_arguments.done";
  /** The arguments as JSON text. */
  readonly arguments: string;
}

/**
 * An event about the progress of an MCP call. It does not name the response.
 *
 * @category Tools
 */
export interface McpCallProgressEventBase extends ItemEventBase {
  /** Position of the item in the response. */
  readonly output_index: number;
}

/**
 * An MCP call is being made.
 *
 * @category Tools
 */
export interface ResponseMcpCallInProgressEvent extends McpCallProgressEventBase {
  /** Kind of event. */
  readonly type: "response.mcp_call.in_progress";
}

/**
 * An MCP call has been answered: the answer is in the item.
 *
 * @category Tools
 */
export interface ResponseMcpCallCompletedEvent extends McpCallProgressEventBase {
  /** Kind of event. */
  readonly type: "response.mcp_call.completed";
}

/**
 * An MCP call has failed: the reason is in the item.
 *
 * @category Tools
 */
export interface ResponseMcpCallFailedEvent extends McpCallProgressEventBase {
  /** Kind of event. */
  readonly type: "response.mcp_call.failed";
}

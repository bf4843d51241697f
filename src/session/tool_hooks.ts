// This module is browser compatible.
import type { McpApprovalRequestItem } from "../protocol/mod.ts";
import type { ToolContext } from "../tools/mod.ts";
import type { ToolCallDetails } from "./session_events.ts";

/**
 * Decides whether a call of a hosted tool may be made; `signal` is aborted when the session ends.
 *
 * @category Tools
 */
export type OnMcpApproval = (
  request: McpApprovalRequestItem,
  context: { readonly signal: AbortSignal },
) => boolean | Promise<boolean>;

/**
 * Decides whether a tool that needs approval may be called. The time it takes does not count towards the tool's
 * `timeoutMs`; `signal` is aborted when the call is interrupted or the session ends.
 *
 * @category Tools
 */
export type OnToolApproval = (
  call: ToolCallDetails,
  context: { readonly signal: AbortSignal },
) => boolean | Promise<boolean>;

/**
 * Executes a call somewhere else, in another process or service. It returns the result, or throws an error whose
 * message the model reads.
 *
 * @category Tools
 */
export type ToolDispatcher = (call: ToolCallDetails, context: ToolContext) => unknown;

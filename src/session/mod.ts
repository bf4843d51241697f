// This module is browser compatible.

/**
 * A conversation with a model over one connection: acknowledged commands, one response at a time, tools.
 *
 * @module
 */
export * from "../_recovery/recovery_events.ts";
export * from "../_recovery/recovery_options.ts";
export * from "../_recovery/recovery_rules.ts";
export * from "../_recovery/session_generations.ts";
export {
  type AddItemOptions,
  type AnswerMcpOptions,
  type CommandOptions,
  DEFAULT_ACK_TIMEOUT_MS,
  type DrainOptions,
  type DrainResult,
  type RespondOptions,
  type TruncateItemOptions,
} from "./command_options.ts";
export * from "./conversation.ts";
export * from "./core_session.ts";
export type { CoreSessionOptions } from "./core_session_options.ts";
export * from "./guard_transcript.ts";
export * from "./guard_transcript_options.ts";
export { logFrames, type Logger, MAX_LOGGED_BYTES } from "./log_frames.ts";
export { type OpenCoreSessionOptions, openSession, type OpenSessionOptions, openSessionWith } from "./open_session.ts";
export * from "./parts/conversation_part.ts";
export * from "./parts/log_part.ts";
export { type McpApprovalsApi, mcpApprovalsPart, type McpApprovalsPartOptions } from "./parts/mcp_approvals_part.ts";
export { recoveryPart } from "./parts/recovery_part.ts";
export { type ToolsApi, toolsPart, type ToolsPartOptions } from "./parts/tools_part.ts";
export * from "./parts/truncation_part.ts";
export * from "./parts/turn_metrics_part.ts";
export { type UsageApi, usagePart, type UsagePartOptions } from "./parts/usage_part.ts";
export type { RateLimitStatus } from "./rate_limits.ts";
export * from "./response_handle.ts";
export type { ResponseSettings } from "./response_settings.ts";
export * from "./session.ts";
export * from "./session_events.ts";
export { DEFAULT_TOOL_ROUNDS, LIMIT_GRACE_MS, type SessionLimits } from "./session_limits.ts";
export type { SessionOptions } from "./session_options.ts";
export * from "./session_part.ts";
export type { SessionChanges, SessionSettings, SessionShorthands, SessionUpdate } from "./session_settings.ts";
export { redactFrame, tapFrames, type TapFramesOptions, type TappedFrame } from "./tap_frames.ts";
export * from "./tool_hooks.ts";
export { costOf, type PricedUsage, type PriceTable, type UsageLine, usageLines } from "./usage.ts";
export type { ImageBytesPart, UserContent } from "./user_content.ts";
export * from "./with_dialect.ts";

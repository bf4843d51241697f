// This module is browser compatible.
export {
  type EffectiveFunctionTool,
  type EffectiveMcpApprovalFilter,
  type EffectiveMcpTool,
  type EffectiveMcpToolFilter,
  type EffectiveTool,
  type EffectiveToolChoice,
  type EffectiveToolChoiceTarget,
  isKnownTool,
  type UnknownTool,
} from "./effective_tool.ts";
export type {
  McpCallProgressEventBase,
  McpListToolsCompletedEvent,
  McpListToolsFailedEvent,
  McpListToolsInProgressEvent,
  ResponseMcpCallArgumentsDeltaEvent,
  ResponseMcpCallArgumentsDoneEvent,
  ResponseMcpCallCompletedEvent,
  ResponseMcpCallFailedEvent,
  ResponseMcpCallInProgressEvent,
} from "./mcp_events.ts";
export type {
  ConnectorId,
  FunctionTool,
  McpApprovalFilter,
  McpCaller,
  McpTool,
  McpToolFilter,
  Tool,
  ToolChoice,
  ToolChoiceFunction,
  ToolChoiceMcp,
  ToolChoiceMode,
} from "./tool.ts";

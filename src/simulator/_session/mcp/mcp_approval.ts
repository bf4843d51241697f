// This module is browser compatible.
import type { EffectiveMcpTool, McpListedTool, McpTool } from "../../../protocol/mod.ts";

/** A server as the client or the server states it. */
export type AnyMcpTool = McpTool | EffectiveMcpTool;

/** A filter of tools: names, or hints. */
interface ToolFilter {
  readonly tool_names?: readonly string[] | null | undefined;
  readonly read_only?: boolean | null | undefined;
}

/** Whether a call of a tool waits for the client; by default it does. */
export function needsApproval({ require_approval }: AnyMcpTool, tool: McpListedTool): boolean {
  if (typeof require_approval !== "object" || require_approval === null) return require_approval !== "never";
  const { always, never } = require_approval;
  return !(never && matches(never, tool)) || Boolean(always && matches(always, tool));
}

/** Whether the client allows the use of a tool. */
export function isAllowed({ allowed_tools }: AnyMcpTool, tool: McpListedTool): boolean {
  if (!allowed_tools) return true;
  return matches(Array.isArray(allowed_tools) ? { tool_names: allowed_tools } : allowed_tools as ToolFilter, tool);
}

function matches({ read_only, tool_names }: ToolFilter, { annotations, name }: McpListedTool): boolean {
  if (tool_names && !tool_names.includes(name)) return false;
  const { readOnlyHint = false } = (annotations ?? {}) as { readonly readOnlyHint?: boolean };
  return typeof read_only !== "boolean" || read_only === readOnlyHint;
}

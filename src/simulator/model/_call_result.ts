// This module is browser compatible.

import type { FunctionCallOutputItem, Item, McpCallItem } from "../../protocol/mod.ts";

/** The result of a function or an MCP server. */
export type CallResult = FunctionCallOutputItem | McpCallItem;

/** Whether an item is a result, rather than a call without one. */
export function isCallResult(item: Item): item is CallResult {
  if (item.type === "mcp_call") return (item.output ?? item.error ?? null) !== null;
  return item.type === "function_call_output";
}

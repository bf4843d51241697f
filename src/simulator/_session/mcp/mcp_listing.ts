// This module is browser compatible.

import type { McpListedTool, McpTool } from "../../../protocol/mod.ts";
import type { McpListing } from "../../model/simulated_model.ts";

/** The tool of an unknown server. */
const ANY_TOOL: McpListedTool = {
  name: "search",
  description: "Searches the server.",
  input_schema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
};

/** Default answer of an unknown server: it has the tools that the client allows by name, or one. */
export function defaultListing({ allowed_tools }: McpTool): McpListing {
  const names = allowed_tools && ("length" in allowed_tools ? allowed_tools : allowed_tools.tool_names);
  if (!names?.length) return { tools: [ANY_TOOL] };
  return { tools: names.map((name) => ({ ...ANY_TOOL, name })) };
}

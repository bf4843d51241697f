// This module is browser compatible.
import { stringAt } from "../../_internal/wire.ts";
import type { Tool } from "../../protocol/mod.ts";
import type { RealtimeTool } from "../../tools/mod.ts";

/** The current tools of a session, by name; `undefined` for functions that another party executes. */
export type ToolBox = ReadonlyMap<string, RealtimeTool | undefined>;

/** The box of most sessions. */
const NO_TOOLS: ToolBox = /* @__PURE__ */ new Map();

/**
 * Indexes tools by name. Throws {TypeError} when two functions have the same name: the model could not distinguish
 * them.
 */
export function toToolBox(tools: readonly (RealtimeTool | Tool)[] = []): ToolBox {
  if (tools.length === 0) return NO_TOOLS;
  const box = new Map<string, RealtimeTool | undefined>();
  for (const tool of tools) {
    const name = stringAt(toDefinition(tool), "name");
    // Hosted tools have no name.
    if (name === undefined) continue;
    if (box.has(name)) throw new TypeError(`Cannot use two tools of the same name: ${name}`);
    box.set(name, "definition" in tool ? tool : undefined);
  }
  return box;
}

/** Describes tools, including hosted ones, to the server. */
export function toDefinitions(tools: readonly (RealtimeTool | Tool)[]): readonly Tool[] {
  return tools.map(toDefinition);
}

function toDefinition(tool: RealtimeTool | Tool): Tool {
  return "definition" in tool ? tool.definition : tool;
}

// This module is browser compatible.
import { stringAt } from "../../_internal/wire.ts";
import type { Tool } from "../../protocol/mod.ts";
import type { RealtimeTool } from "../../tools/mod.ts";

/** The tools that a session has at the moment, by name; `undefined` for functions that somebody else carries out. */
export type ToolBox = ReadonlyMap<string, RealtimeTool | undefined>;

/** The box of most sessions. */
const NO_TOOLS: ToolBox = /* @__PURE__ */ new Map();

/** Puts tools into a box. Throws {TypeError} when two functions have the same name: the model could not tell them apart. */
export function toToolBox(tools: readonly (RealtimeTool | Tool)[] = []): ToolBox {
  if (tools.length === 0) return NO_TOOLS;
  const box = new Map<string, RealtimeTool | undefined>();
  for (const tool of tools) {
    const name = stringAt(toDefinition(tool), "name");
    // Hosted tools have none.
    if (name === undefined) continue;
    if (box.has(name)) throw new TypeError(`Cannot use two tools of the same name: ${name}`);
    box.set(name, "definition" in tool ? tool : undefined);
  }
  return box;
}

/** How tools, ours and hosted ones, are described to the server. */
export function toDefinitions(tools: readonly (RealtimeTool | Tool)[]): readonly Tool[] {
  return tools.map(toDefinition);
}

function toDefinition(tool: RealtimeTool | Tool): Tool {
  return "definition" in tool ? tool.definition : tool;
}

// This module is browser compatible.
import { at, stringAt } from "../../_internal/wire.ts";
import type { Tool } from "../../protocol/mod.ts";
import type { RealtimeTool } from "../../tools/mod.ts";

/** The current tools of a session, by name; `undefined` for functions that another party executes. */
export type ToolBox = ReadonlyMap<string, RealtimeTool | undefined>;

/** The box of most sessions. */
const NO_TOOLS: ToolBox = /* @__PURE__ */ new Map();

/**
 * Indexes tools by name. Throws {TypeError} when two functions have the same name: the model could not distinguish
 * them, or when they are no array.
 */
export function toToolBox(tools: readonly (RealtimeTool | Tool)[]): ToolBox {
  if (!Array.isArray(tools)) {
    throw new TypeError(`Cannot set tools as tools must be an array: current value is ${tools}`);
  }
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
  // The rules of the protocol reject everything that is no object.
  return (at(tool, "definition") ?? tool) as Tool;
}

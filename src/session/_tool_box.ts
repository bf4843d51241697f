// This module is browser compatible.
import type { RealtimeTool } from "../tools/mod.ts";

/** The tools that a session has at the moment. */
export type ToolBox = ReadonlyMap<string, RealtimeTool>;

/** Puts tools into a box. Throws {TypeError} when two have the same name: the model could not tell them apart. */
export function toToolBox(tools: readonly RealtimeTool[] = []): ToolBox {
  const box = new Map<string, RealtimeTool>();
  for (const tool of tools) {
    const { name = "" } = tool.definition;
    if (box.has(name)) throw new TypeError(`Cannot use two tools of the same name: ${name}`);
    box.set(name, tool);
  }
  return box;
}

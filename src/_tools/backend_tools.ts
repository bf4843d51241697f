// This module is browser compatible.
import type { LiveBackendTool } from "../protocol/mod.ts";
import type { RealtimeTool } from "../tools/mod.ts";

/** Describes tools to the backend. */
export function toBackendTools(tools: readonly RealtimeTool[]): readonly LiveBackendTool[] {
  return tools.map(({ definition: { description, name, parameters } }) => ({
    type: "function",
    name,
    ...description !== undefined && { description },
    ...parameters !== undefined && { parameters: parameters as Readonly<Record<string, unknown>> },
  }));
}

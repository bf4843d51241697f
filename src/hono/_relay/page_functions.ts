import { stringAt } from "../../_internal/wire.ts";

/** Names of the functions among tools. */
export function functionNames(tools: unknown): readonly string[] {
  return Array.isArray(tools) ? tools.flatMap((tool) => stringAt(tool, "name") ?? []) : [];
}

// This module is browser compatible.

/**
 * Functions that the model can call.
 *
 * @module
 */
export * from "./tool.ts";
export { ToolError } from "./tool_error.ts";

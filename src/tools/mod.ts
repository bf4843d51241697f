// This module is browser compatible.

/**
 * Functions that the model can call.
 *
 * @module
 */
export { ArgumentsError } from "./arguments_error.ts";
export * from "./standard_schema.ts";
export * from "./tool.ts";
export { ToolError } from "./tool_error.ts";

// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * A function that the backend model of a responses delegation can call.
 *
 * @category Live
 */
export interface LiveFunctionTool {
  /** Kind of tool. */
  readonly type: "function";
  /** Name that the model calls it by: 1 to 64 letters, digits, `_` or `-`. */
  readonly name: string;
  /** Describes when and how to call it. */
  readonly description?: string | null | undefined;
  /** JSON Schema of the arguments. */
  readonly parameters?: Readonly<Record<string, unknown>> | null | undefined;
  /** Whether the arguments follow the schema to the letter. */
  readonly strict?: boolean | null | undefined;
}

/**
 * Kinds of tools that OpenAI runs, or that have a shape of their own.
 *
 * @category Live
 */
export type LiveHostedToolType = OpenEnum<
  | "apply_patch"
  | "code_interpreter"
  | "computer"
  | "custom"
  | "file_search"
  | "image_generation"
  | "mcp"
  | "namespace"
  | "programmatic_tool_calling"
  | "shell"
  | "tool_search"
  | "web_search"
>;

/**
 * A tool of the Responses API other than a function. Its settings are those of the Responses API, and pass unchecked.
 *
 * @category Live
 */
export interface LiveHostedTool {
  /** Kind of tool. */
  readonly type: LiveHostedToolType;
  /** A setting. */
  readonly [setting: string]: unknown;
}

/**
 * A tool of the backend model.
 *
 * @category Live
 */
export type LiveBackendTool = LiveFunctionTool | LiveHostedTool;

/**
 * A tool that must be called, or the tools among which to choose (`allowed_tools`); as in the Responses API.
 *
 * @category Live
 */
export interface LiveToolChoiceObject {
  /** Kind of tool, or `allowed_tools`. */
  readonly type: OpenEnum<"function" | "mcp" | "custom" | "allowed_tools">;
  /** A setting. */
  readonly [setting: string]: unknown;
}

/**
 * Whether the backend model calls tools, and which.
 *
 * @category Live
 */
export type LiveToolChoice = OpenEnum<"auto" | "none" | "required"> | LiveToolChoiceObject;

// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * Marks the end of the cached part of a prompt.
 *
 * @category Session
 */
export interface PromptCacheBreakpoint {
  /** Kind of mark. */
  readonly mode: "explicit";
  /** Lifetime in the cache. */
  readonly ttl?: "30m" | "12h" | undefined;
}

/**
 * Fields of the values of a prompt template's variables.
 *
 * @category Session
 */
export interface PromptVariableBase {
  /** Marks this value as the end of the cached part. */
  readonly prompt_cache_breakpoint?: PromptCacheBreakpoint | undefined;
}

/**
 * Text for a variable of a prompt template.
 *
 * @category Session
 */
export interface PromptText extends PromptVariableBase {
  /** Kind of value. */
  readonly type: "input_text";
  /** The text. */
  readonly text: string;
}

/**
 * Image for a variable of a prompt template.
 *
 * @category Session
 */
export interface PromptImage extends PromptVariableBase {
  /** Kind of value. */
  readonly type: "input_image";
  /** How closely the image is looked at. */
  readonly detail?: "low" | "high" | "auto" | "original" | undefined;
  /** Identifier of an uploaded file. */
  readonly file_id?: string | null | undefined;
  /** Address of the image, or a data URI. */
  readonly image_url?: string | null | undefined;
}

/**
 * File for a variable of a prompt template.
 *
 * @category Session
 */
export interface PromptFile extends PromptVariableBase {
  /** Kind of value. */
  readonly type: "input_file";
  /** How closely a file's pages are looked at. */
  readonly detail?: "low" | "high" | "auto" | undefined;
  /** Content of the file, base64. */
  readonly file_data?: string | undefined;
  /** Identifier of an uploaded file. */
  readonly file_id?: string | null | undefined;
  /** Address of the file. */
  readonly file_url?: string | undefined;
  /** Name of the file. */
  readonly filename?: string | undefined;
}

/**
 * Value of a variable of a prompt template.
 *
 * @category Session
 */
export type PromptVariable = string | PromptText | PromptImage | PromptFile;

/**
 * A prompt template stored at OpenAI, and its variables. Null instead of this removes it.
 *
 * @category Session
 */
export interface Prompt {
  /** Identifier of the template. */
  readonly id: string;
  /** Version of the template; absent or null: the current one. */
  readonly version?: string | null | undefined;
  /** Values by name of the variable. */
  readonly variables?: Readonly<Record<string, PromptVariable>> | null | undefined;
}

/**
 * A prompt template as the server reports it.
 *
 * @category Session
 */
export interface EffectivePrompt {
  /** Identifier of the template. */
  readonly id: string;
  /** Version of the template. */
  readonly version?: string | null | undefined;
  /** Values by name of the variable: strings, or objects with a `type`. */
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * Name and grouping of a session's trace in OpenAI's dashboard.
 *
 * @category Session
 */
export interface TracingConfig {
  /** Name of the workflow. */
  readonly workflow_name?: string | undefined;
  /** Group of the trace. */
  readonly group_id?: string | undefined;
  /** Further data to keep with the trace. */
  readonly metadata?: unknown;
}

/**
 * Tracing of a session: with default names, or with these. Null instead switches it off; once on, it cannot change.
 *
 * @category Session
 */
export type Tracing = "auto" | TracingConfig;

/**
 * Name and grouping of a session's trace as the server reports them.
 *
 * @category Session
 */
export interface EffectiveTracingConfig {
  /** Name of the workflow. */
  readonly workflow_name?: string | null | undefined;
  /** Group of the trace. */
  readonly group_id?: string | null | undefined;
  /** Additional data stored with the trace. */
  readonly metadata?: unknown;
}

/**
 * Tracing as the server reports it.
 *
 * @category Session
 */
export type EffectiveTracing = OpenEnum<"auto"> | EffectiveTracingConfig;

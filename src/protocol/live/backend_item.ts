// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * The result of a function that the backend called.
 *
 * @category Live
 */
export interface LiveFunctionCallOutput {
  /** Kind of item. */
  readonly type: "function_call_output";
  /** Identifier of the call. */
  readonly call_id: string;
  /** Result: text, or parts as the Responses API has them. */
  readonly output: string | readonly Readonly<Record<string, unknown>>[];
  /** Identifier of the item. */
  readonly id?: string | null | undefined;
  /** Whether it is complete. */
  readonly status?: OpenEnum<"in_progress" | "completed" | "incomplete"> | null | undefined;
}

/**
 * A message for the backend, such as text typed by the user.
 *
 * @category Live
 */
export interface LiveBackendMessage {
  /** Kind of item. */
  readonly type: "message";
  /** Author. */
  readonly role: OpenEnum<"user" | "developer" | "system" | "assistant">;
  /** Text, or parts as the Responses API has them: `input_text`, `input_image`, … */
  readonly content: string | readonly Readonly<Record<string, unknown>>[];
  /** Identifier of the item. */
  readonly id?: string | null | undefined;
  /** Whether it is complete. */
  readonly status?: OpenEnum<"in_progress" | "completed" | "incomplete"> | null | undefined;
}

/**
 * An input item of the Responses API of another kind, passed unchecked.
 *
 * @category Live
 */
export interface LiveOtherBackendItem {
  /** Kind of item. */
  readonly type: string;
  /** A field. */
  readonly [field: string]: unknown;
}

/**
 * An input item for the backend of a responses delegation.
 *
 * @category Live
 */
export type LiveBackendItem = LiveFunctionCallOutput | LiveBackendMessage | LiveOtherBackendItem;

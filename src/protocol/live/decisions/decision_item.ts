// This module is browser compatible.
import type { OpenEnum } from "../../open_enum.ts";
import type { LiveDecisionInputImage, LiveDecisionInputText, LiveDecisionPart } from "./decision_question.ts";

/**
 * Text of an assistant's message.
 *
 * @category Live
 */
export interface LiveDecisionOutputText {
  /** Kind of part. */
  readonly type: "output_text";
  /** The text. */
  readonly text: string;
}

/**
 * An assistant's refusal.
 *
 * @category Live
 */
export interface LiveDecisionRefusal {
  /** Kind of part. */
  readonly type: "refusal";
  /** The words of the refusal. */
  readonly refusal: string;
}

/**
 * Fields that all messages have.
 *
 * @category Live
 */
export interface LiveDecisionMessageBase {
  /** Kind of item. */
  readonly type?: "message" | undefined;
  /** Identifier of the item. */
  readonly id?: string | null | undefined;
}

/**
 * A message of the user.
 *
 * @category Live
 */
export interface LiveDecisionUserMessage extends LiveDecisionMessageBase {
  /** Author. */
  readonly role: "user";
  /** Text, or parts. */
  readonly content: string | readonly LiveDecisionPart[];
}

/**
 * A note of the developer.
 *
 * @category Live
 */
export interface LiveDecisionDeveloperMessage extends LiveDecisionMessageBase {
  /** Author. */
  readonly role: "developer";
  /** Text, or parts. */
  readonly content: string | readonly LiveDecisionInputText[];
}

/**
 * A message of the system.
 *
 * @category Live
 */
export interface LiveDecisionSystemMessage extends LiveDecisionMessageBase {
  /** Author. */
  readonly role: "system";
  /** Text, or parts. */
  readonly content: string | readonly LiveDecisionInputText[];
}

/**
 * A message of a model.
 *
 * @category Live
 */
export interface LiveDecisionAssistantMessage extends LiveDecisionMessageBase {
  /** Author. */
  readonly role: "assistant";
  /** Text, or parts. */
  readonly content: string | readonly (LiveDecisionOutputText | LiveDecisionRefusal)[];
  /** The part of an answer to which it belongs. */
  readonly phase?: OpenEnum<"commentary" | "final_answer"> | null | undefined;
}

/**
 * Fields that calls and their results have.
 *
 * @category Live
 */
export interface LiveDecisionCallBase {
  /** Identifier of the item. */
  readonly id?: string | null | undefined;
  /** Identifier of the call. */
  readonly call_id: string;
  /** Whether it is complete. */
  readonly status?: OpenEnum<"in_progress" | "completed" | "incomplete"> | null | undefined;
}

/**
 * A call of a function.
 *
 * @category Live
 */
export interface LiveDecisionFunctionCall extends LiveDecisionCallBase {
  /** Kind of item. */
  readonly type: "function_call";
  /** Name of the function. */
  readonly name: string;
  /** Arguments, as JSON. */
  readonly arguments: string;
  /** Namespace of the function. */
  readonly namespace?: string | null | undefined;
}

/**
 * Result of a function.
 *
 * @category Live
 */
export interface LiveDecisionFunctionCallOutput extends LiveDecisionCallBase {
  /** Kind of item. */
  readonly type: "function_call_output";
  /** Text, or parts. */
  readonly output: string | readonly (LiveDecisionInputText | LiveDecisionInputImage)[];
}

/**
 * A call of a custom tool.
 *
 * @category Live
 */
export interface LiveDecisionCustomToolCall extends LiveDecisionCallBase {
  /** Kind of item. */
  readonly type: "custom_tool_call";
  /** Name of the tool. */
  readonly name: string;
  /** Input of the tool. */
  readonly input: string;
  /** Namespace of the tool. */
  readonly namespace?: string | null | undefined;
}

/**
 * Result of a custom tool.
 *
 * @category Live
 */
export interface LiveDecisionCustomToolCallOutput extends LiveDecisionCallBase {
  /** Kind of item. */
  readonly type: "custom_tool_call_output";
  /** Text, or parts. */
  readonly output: string | readonly (LiveDecisionInputText | LiveDecisionInputImage)[];
}

/**
 * A message that a decision is made about.
 *
 * @category Live
 */
export type LiveDecisionMessage =
  | LiveDecisionUserMessage
  | LiveDecisionDeveloperMessage
  | LiveDecisionSystemMessage
  | LiveDecisionAssistantMessage;

/**
 * An item that a decision is made about.
 *
 * @category Live
 */
export type LiveDecisionItem =
  | LiveDecisionMessage
  | LiveDecisionFunctionCall
  | LiveDecisionFunctionCallOutput
  | LiveDecisionCustomToolCall
  | LiveDecisionCustomToolCallOutput;

/**
 * An item as the server states it.
 *
 * @category Live
 */
export interface LiveStoredDecisionItem {
  /** Identifier of the item. */
  readonly id: string;
  /** Kind of item; absent: a message. */
  readonly type?: OpenEnum<"message" | Exclude<LiveDecisionItem["type"], undefined>> | null | undefined;
  /** Author of a message. */
  readonly role?: OpenEnum<LiveDecisionMessage["role"]> | null | undefined;
  /** Whatever else it has, as it was created. */
  readonly [field: string]: unknown;
}

// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";
import type { LiveDecisionInputImage, LiveDecisionInputText, LiveDecisionPart } from "./decision_question.ts";

/** Text of an assistant's message. */
export interface LiveDecisionOutputText {
  /** Kind of part. */
  readonly type: "output_text";
  /** The text. */
  readonly text: string;
}

/** An assistant's refusal. */
export interface LiveDecisionRefusal {
  /** Kind of part. */
  readonly type: "refusal";
  /** The words of the refusal. */
  readonly refusal: string;
}

/** Fields that all messages have. */
export interface LiveDecisionMessageBase {
  /** Kind of item. */
  readonly type?: "message" | undefined;
  /** Identifier of the item. */
  readonly id?: string | null | undefined;
}

/** A message of the user. */
export interface LiveDecisionUserMessage extends LiveDecisionMessageBase {
  /** Author. */
  readonly role: "user";
  /** Text, or parts. */
  readonly content: string | readonly LiveDecisionPart[];
}

/** A note of the developer. */
export interface LiveDecisionDeveloperMessage extends LiveDecisionMessageBase {
  /** Author. */
  readonly role: "developer";
  /** Text, or parts. */
  readonly content: string | readonly LiveDecisionInputText[];
}

/** A message of the system. */
export interface LiveDecisionSystemMessage extends LiveDecisionMessageBase {
  /** Author. */
  readonly role: "system";
  /** Text, or parts. */
  readonly content: string | readonly LiveDecisionInputText[];
}

/** A message of a model. */
export interface LiveDecisionAssistantMessage extends LiveDecisionMessageBase {
  /** Author. */
  readonly role: "assistant";
  /** Text, or parts. */
  readonly content: string | readonly (LiveDecisionOutputText | LiveDecisionRefusal)[];
  /** Which part of an answer it is. */
  readonly phase?: OpenEnum<"commentary" | "final_answer"> | null | undefined;
}

/** Fields that calls and their results have. */
export interface LiveDecisionCallBase {
  /** Identifier of the item. */
  readonly id?: string | null | undefined;
  /** Identifier of the call. */
  readonly call_id: string;
  /** Whether it is complete. */
  readonly status?: OpenEnum<"in_progress" | "completed" | "incomplete"> | null | undefined;
}

/** A call of a function. */
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

/** Result of a function. */
export interface LiveDecisionFunctionCallOutput extends LiveDecisionCallBase {
  /** Kind of item. */
  readonly type: "function_call_output";
  /** Text, or parts. */
  readonly output: string | readonly (LiveDecisionInputText | LiveDecisionInputImage)[];
}

/** A call of a custom tool. */
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

/** Result of a custom tool. */
export interface LiveDecisionCustomToolCallOutput extends LiveDecisionCallBase {
  /** Kind of item. */
  readonly type: "custom_tool_call_output";
  /** Text, or parts. */
  readonly output: string | readonly (LiveDecisionInputText | LiveDecisionInputImage)[];
}

/** A message that a decision is made about. */
export type LiveDecisionMessage =
  | LiveDecisionUserMessage
  | LiveDecisionDeveloperMessage
  | LiveDecisionSystemMessage
  | LiveDecisionAssistantMessage;

/** An item that a decision is made about. */
export type LiveDecisionItem =
  | LiveDecisionMessage
  | LiveDecisionFunctionCall
  | LiveDecisionFunctionCallOutput
  | LiveDecisionCustomToolCall
  | LiveDecisionCustomToolCallOutput;

/** An item as the server states it. */
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

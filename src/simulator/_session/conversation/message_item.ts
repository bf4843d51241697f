// This module is browser compatible.
import type { AssistantMessageItem } from "../../../protocol/mod.ts";
import type { PlannedMessage } from "../../model/planned_output.ts";

/** Where in a response the only content of a message is. */
export interface ContentPlace {
  /** Identifier of the response. */
  readonly response_id: string;
  /** Identifier of the message. */
  readonly item_id: string;
  /** Position of the message in the response. */
  readonly output_index: number;
  /** Position of the content in the message. */
  readonly content_index: number;
}

/** A message of the model before it has content. */
export function openMessage(itemId: string, plan: PlannedMessage): AssistantMessageItem {
  const item = { id: itemId, type: "message", status: "in_progress", role: "assistant", content: [] } as const;
  return plan.phase ? { ...item, phase: plan.phase } : item;
}

/** Where in a response the only content of a message is. */
export function contentPlace(responseId: string, itemId: string, outputIndex: number): ContentPlace {
  return { response_id: responseId, item_id: itemId, output_index: outputIndex, content_index: 0 };
}

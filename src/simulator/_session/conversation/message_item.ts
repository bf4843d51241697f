// This module is browser compatible.
import type { AssistantMessageItem } from "../../../protocol/mod.ts";
import type { PlannedMessage } from "../../model/planned_output.ts";

/** Place of a message's only content in a response. */
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

/** Place of a message's only content in a response. */
export function contentPlace(responseId: string, itemId: string, outputIndex: number): ContentPlace {
  return { response_id: responseId, item_id: itemId, output_index: outputIndex, content_index: 0 };
}

// This module is browser compatible.
import { pick } from "../../_internal/check_options.ts";
import { isRecord, stringAt } from "../../_internal/wire.ts";
import { type ItemParam, MAX_ID_LENGTH } from "../../protocol/mod.ts";
import type { ConversationEntry } from "../conversation.ts";
import { partsOf } from "./item_content.ts";

/** The fields of items to create, besides those of messages; the API rejects all others. */
const FIELDS = {
  id: 1,
  type: 1,
  name: 1,
  arguments: 1,
  call_id: 1,
  output: 1,
  server_label: 1,
  tools: 1,
  error: 1,
  approval_request_id: 1,
  approve: 1,
  reason: 1,
};

/** An item that recreates this one in another session; `undefined` for an item without words, or an unfinished one. */
export function toItemParam(entry: ConversationEntry): ItemParam | undefined {
  const { id, item, final, heardText, interrupted, role, text } = entry;
  const fields: Record<string, unknown> = pick(item as object, FIELDS);
  const isNamed = fields.id === id && id.length <= MAX_ID_LENGTH;
  const param = isNamed ? fields : { ...fields, id: undefined };
  // The connection has ended during a call.
  const isCutOff = interrupted && stringAt(item, "status") === "in_progress";
  if (param.type !== "message") return final && !isCutOff ? param as unknown as ItemParam : undefined;
  const content = role === "assistant" ? toText("output_text", heardText ?? text) : partsOf(item).flatMap((part) => {
    const words = stringAt(part, "text") ?? stringAt(part, "transcript");
    if (words !== undefined) return toText("input_text", words);
    return isRecord(part) && part.image_url ? [pick(part, { type: 1, image_url: 1, detail: 1 })] : [];
  });
  return content.length > 0 ? { ...param, role, content } as unknown as ItemParam : undefined;
}

function toText(type: string, text: string): readonly unknown[] {
  return text ? [{ type, text }] : [];
}

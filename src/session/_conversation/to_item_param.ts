// This module is browser compatible.
import { isRecord, stringAt } from "../../_internal/wire.ts";
import { type ItemParam, MAX_ID_LENGTH } from "../../protocol/mod.ts";
import type { ConversationEntry } from "../conversation.ts";
import { partsOf } from "./item_content.ts";

/** The fields of items to create; the API rejects all others. */
const FIELDS = /* @__PURE__ */
  "id type role content name arguments call_id output server_label tools error approval_request_id approve reason"
    .split(" ");

/** An item that recreates this one in another session; `undefined` for an item without words, or an unfinished one. */
export function toItemParam(entry: ConversationEntry): ItemParam | undefined {
  const { id, item, final, heardText, interrupted, text } = entry;
  const { content: _content, ...fields } = pick(item, FIELDS);
  const isNamed = fields.id === id && id.length <= MAX_ID_LENGTH;
  const param = isNamed ? fields : { ...fields, id: undefined };
  // The connection has ended during a call.
  const isCutOff = interrupted && stringAt(item, "status") === "in_progress";
  if (param.type !== "message") return final && !isCutOff ? param as unknown as ItemParam : undefined;
  const content = param.role === "assistant"
    ? toText("output_text", heardText ?? text)
    : partsOf(item).flatMap((part) => {
      const words = stringAt(part, "text") ?? stringAt(part, "transcript");
      if (words !== undefined) return toText("input_text", words);
      return isRecord(part) && part.image_url ? [pick(part, ["type", "image_url", "detail"])] : [];
    });
  return content.length > 0 ? { ...param, content } as unknown as ItemParam : undefined;
}

function pick(value: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));
}

function toText(type: string, text: string): readonly unknown[] {
  return text ? [{ type, text }] : [];
}

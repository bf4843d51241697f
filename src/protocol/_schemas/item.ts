// This module is browser compatible.
import type { ImageDetail } from "../conversation/content_part.ts";
import type { ItemStatus } from "../conversation/item.ts";
import type { OpenEnum } from "../open_enum.ts";
import { variant, variants } from "./variants.ts";
import { nullishNumber, nullishOpenEnum, nullishString, openEnum, UnknownKindSchema } from "./inbound.ts";
import { lazy } from "./lazy.ts";
import { array, boolean, looseObject, nullish, optional, picklist, string, unknown } from "./shape.ts";

const spoken = { audio: nullishString, transcript: nullishString };
const written = { text: nullishString };

export const ContentPartSchemas = /* @__PURE__ */ lazy(() =>
  variants(looseObject, {
    input_text: written,
    input_audio: spoken,
    input_image: { image_url: nullishString, detail: nullishOpenEnum<OpenEnum<ImageDetail>>() },
    output_text: written,
    output_audio: spoken,
    text: written,
    audio: spoken,
  })
);

export const ContentPartSchema = /* @__PURE__ */ variant(ContentPartSchemas, "type", UnknownKindSchema);

const base = /* @__PURE__ */ lazy(() => ({
  id: nullishString,
  object: nullishOpenEnum<OpenEnum<"realtime.item">>(),
  status: nullishOpenEnum<OpenEnum<ItemStatus>>(),
}));
const message = /* @__PURE__ */ lazy(() => ({ ...base, type: picklist("message"), content: array(ContentPartSchema) }));

export const MessageItemSchemas = /* @__PURE__ */ lazy(() =>
  variants(looseObject, {
    system: message,
    user: message,
    assistant: { ...message, phase: nullishOpenEnum<OpenEnum<"commentary" | "final_answer">>() },
  }, "role")
);

const call = { id: string, server_label: string, name: string, arguments: string };

export const OtherItemSchemas = /* @__PURE__ */ lazy(() =>
  variants(looseObject, {
    function_call: { ...base, name: string, arguments: string, call_id: nullishString },
    function_call_output: { ...base, call_id: string, output: string },
    mcp_list_tools: {
      id: nullishString,
      server_label: string,
      tools: array(looseObject({
        name: string,
        input_schema: unknown,
        description: nullishString,
        annotations: optional(unknown),
      })),
    },
    mcp_call: {
      ...call,
      output: nullishString,
      error: nullish(looseObject({
        type: openEnum<OpenEnum<"protocol_error" | "tool_execution_error" | "http_error">>(),
        code: nullishNumber,
        message: string,
      })),
      approval_request_id: nullishString,
    },
    mcp_approval_request: call,
    mcp_approval_response: { id: string, approval_request_id: string, approve: boolean, reason: nullishString },
  })
);

const UnknownMessageSchema = /* @__PURE__ */ lazy(() =>
  looseObject({ type: string, role: string }) as unknown as typeof UnknownKindSchema
);

export const ItemSchema = /* @__PURE__ */ lazy(() =>
  variant(
    { ...OtherItemSchemas, message: variant(MessageItemSchemas, "role", UnknownMessageSchema) },
    "type",
    UnknownKindSchema,
  )
);

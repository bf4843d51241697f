// This module is browser compatible.
import { variant, variants } from "./variants.ts";
import { hintedObject } from "./hinted_object.ts";
import { nullishString } from "./inbound.ts";
import { lazy } from "./lazy.ts";
import { base64, functionName, imageDataUrl, optionalId, optionalString, shortId } from "./rules.ts";
import { array, boolean, nullish, number, optional, picklist, string, unknown } from "./shape.ts";

const base = /* @__PURE__ */ lazy(() => ({
  id: optionalId,
  object: optional(picklist("realtime.item")),
  status: optional(picklist("completed", "incomplete", "in_progress")),
}));
const message = /* @__PURE__ */ lazy(() => ({ ...base, type: picklist("message") }));
const written = { text: string };
const call = { id: shortId, server_label: string, name: string, arguments: string };
const coded = { code: number, message: string };

export const MessageItemParamSchemas = /* @__PURE__ */ lazy(() =>
  variants(hintedObject, {
    system: { ...message, content: array(variant(variants(hintedObject, { input_text: written }))) },
    user: {
      ...message,
      content: array(variant(variants(hintedObject, {
        input_text: written,
        input_audio: { audio: base64, transcript: optionalString },
        input_image: { image_url: imageDataUrl, detail: optional(picklist("auto", "low", "high")) },
      }))),
    },
    assistant: {
      ...message,
      content: array(variant(variants(hintedObject, {
        output_text: written,
        output_audio: { audio: optionalString, transcript: optionalString },
      }))),
    },
  }, "role")
);

export const OtherItemParamSchemas = /* @__PURE__ */ lazy(() =>
  variants(hintedObject, {
    function_call: { ...base, name: functionName, arguments: string, call_id: optionalId },
    function_call_output: { ...base, call_id: shortId, output: string },
    mcp_list_tools: {
      id: optionalId,
      server_label: string,
      tools: array(hintedObject({
        name: string,
        input_schema: unknown,
        description: nullishString,
        annotations: optional(unknown),
      })),
    },
    mcp_call: {
      ...call,
      output: nullishString,
      error: nullish(variant(variants(hintedObject, {
        protocol_error: coded,
        tool_execution_error: { message: string },
        http_error: coded,
      }))),
      approval_request_id: nullishString,
    },
    mcp_approval_request: call,
    mcp_approval_response: { id: optionalId, approval_request_id: string, approve: boolean, reason: nullishString },
  })
);

const itemParams = /* @__PURE__ */ lazy(() => ({
  ...OtherItemParamSchemas,
  message: variant(MessageItemParamSchemas, "role"),
}));

export const ItemParamSchema = /* @__PURE__ */ variant(itemParams);

export const ResponseInputItemSchema = /* @__PURE__ */ lazy(() =>
  variant(
    { ...itemParams, ...variants(hintedObject, { item_reference: { id: string } }) },
  )
);

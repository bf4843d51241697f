// This module is browser compatible.
import * as v from "valibot";
import { choose, kinds } from "./choice.ts";
import { maybeText } from "./inbound.ts";
import { pure } from "./pure.ts";
import { base64, functionName, imageDataUrl, optionalId, optionalText, shortId } from "./rules.ts";
import { closed, count, flag, list, oneOf, text } from "./shape.ts";

const base = /* @__PURE__ */ pure(() => ({
  id: optionalId,
  object: v.optional(oneOf("realtime.item")),
  status: v.optional(oneOf("completed", "incomplete", "in_progress")),
}));
const message = /* @__PURE__ */ pure(() => ({ ...base, type: oneOf("message") }));
const written = { text };
const call = { id: shortId, server_label: text, name: text, arguments: text };
const coded = { code: count, message: text };

export const MessageItemParamSchemas = /* @__PURE__ */ pure(() =>
  kinds(closed, {
    system: { ...message, content: list(choose(kinds(closed, { input_text: written }))) },
    user: {
      ...message,
      content: list(choose(kinds(closed, {
        input_text: written,
        input_audio: { audio: base64, transcript: optionalText },
        input_image: { image_url: imageDataUrl, detail: v.optional(oneOf("auto", "low", "high")) },
      }))),
    },
    assistant: {
      ...message,
      content: list(choose(kinds(closed, {
        output_text: written,
        output_audio: { audio: optionalText, transcript: optionalText },
      }))),
    },
  }, "role")
);

export const OtherItemParamSchemas = /* @__PURE__ */ pure(() =>
  kinds(closed, {
    function_call: { ...base, name: functionName, arguments: text, call_id: optionalId },
    function_call_output: { ...base, call_id: shortId, output: text },
    mcp_list_tools: {
      id: optionalId,
      server_label: text,
      tools: list(closed({
        name: text,
        input_schema: v.unknown(),
        description: maybeText,
        annotations: v.optional(v.unknown()),
      })),
    },
    mcp_call: {
      ...call,
      output: maybeText,
      error: v.nullish(choose(kinds(closed, {
        protocol_error: coded,
        tool_execution_error: { message: text },
        http_error: coded,
      }))),
      approval_request_id: maybeText,
    },
    mcp_approval_request: call,
    mcp_approval_response: { id: shortId, approval_request_id: text, approve: flag, reason: maybeText },
  })
);

const itemParams = /* @__PURE__ */ pure(() => ({
  ...OtherItemParamSchemas,
  message: choose(MessageItemParamSchemas, "role"),
}));

export const ItemParamSchema = /* @__PURE__ */ choose(itemParams);

export const ResponseInputItemSchema = /* @__PURE__ */ pure(() =>
  choose(
    { ...itemParams, ...kinds(closed, { item_reference: { id: text } }) },
  )
);

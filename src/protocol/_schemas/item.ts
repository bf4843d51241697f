// This module is browser compatible.
import * as v from "valibot";
import type { ImageDetail } from "../content_part.ts";
import type { ItemStatus } from "../item.ts";
import type { OpenEnum } from "../open_enum.ts";
import { choose, kinds } from "./choice.ts";
import { maybeCount, maybeText, maybeWord, UnknownKindSchema, word } from "./inbound.ts";
import { pure } from "./pure.ts";
import { flag, list, oneOf, open, text } from "./shape.ts";

const spoken = { audio: maybeText, transcript: maybeText };
const written = { text: maybeText };

export const ContentPartSchemas = /* @__PURE__ */ pure(() =>
  kinds(open, {
    input_text: written,
    input_audio: spoken,
    input_image: { image_url: maybeText, detail: maybeWord<OpenEnum<ImageDetail>>() },
    output_text: written,
    output_audio: spoken,
    text: written,
    audio: spoken,
  })
);

export const ContentPartSchema = /* @__PURE__ */ choose(ContentPartSchemas, "type", UnknownKindSchema);

const base = /* @__PURE__ */ pure(() => ({
  id: maybeText,
  object: maybeWord<OpenEnum<"realtime.item">>(),
  status: maybeWord<OpenEnum<ItemStatus>>(),
}));
const message = /* @__PURE__ */ pure(() => ({ ...base, type: oneOf("message"), content: list(ContentPartSchema) }));

export const MessageItemSchemas = /* @__PURE__ */ pure(() =>
  kinds(open, {
    system: message,
    user: message,
    assistant: { ...message, phase: maybeWord<OpenEnum<"commentary" | "final_answer">>() },
  }, "role")
);

const call = { id: text, server_label: text, name: text, arguments: text };

export const OtherItemSchemas = /* @__PURE__ */ pure(() =>
  kinds(open, {
    function_call: { ...base, name: text, arguments: text, call_id: maybeText },
    function_call_output: { ...base, call_id: text, output: text },
    mcp_list_tools: {
      id: maybeText,
      server_label: text,
      tools: list(open({
        name: text,
        input_schema: v.unknown(),
        description: maybeText,
        annotations: v.optional(v.unknown()),
      })),
    },
    mcp_call: {
      ...call,
      output: maybeText,
      error: v.nullish(open({
        type: word<OpenEnum<"protocol_error" | "tool_execution_error" | "http_error">>(),
        code: maybeCount,
        message: text,
      })),
      approval_request_id: maybeText,
    },
    mcp_approval_request: call,
    mcp_approval_response: { id: text, approval_request_id: text, approve: flag, reason: maybeText },
  })
);

const UnknownMessageSchema = /* @__PURE__ */ pure(() =>
  open({ type: text, role: text }) as unknown as typeof UnknownKindSchema
);

export const ItemSchema = /* @__PURE__ */ pure(() =>
  choose(
    { ...OtherItemSchemas, message: choose(MessageItemSchemas, "role", UnknownMessageSchema) },
    "type",
    UnknownKindSchema,
  )
);

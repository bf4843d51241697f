// This module is browser compatible.
import * as v from "valibot";
import type { OpenEnum } from "../open_enum.ts";
import { choose, kinds } from "./choice.ts";
import { maybeCount, maybeText, maybeWord, UnknownKindSchema } from "./inbound.ts";
import { ContentPartSchema, ItemSchema } from "./item.ts";
import { pure } from "./pure.ts";
import { ResponseSchema, TokenDetailsSchema } from "./response.ts";
import { EffectiveSessionSchema } from "./session.ts";
import { count, list, open, text } from "./shape.ts";

const event = { event_id: text };
const ofItem = /* @__PURE__ */ pure(() => ({ ...event, item_id: text }));
const ofContent = /* @__PURE__ */ pure(() => ({ ...ofItem, content_index: count }));
const ofMcpCall = /* @__PURE__ */ pure(() => ({ ...ofItem, output_index: count }));
const ofResponseItem = /* @__PURE__ */ pure(() => ({ ...ofMcpCall, response_id: text }));
const ofResponseContent = /* @__PURE__ */ pure(() => ({ ...ofResponseItem, content_index: count }));
const ofResponse = /* @__PURE__ */ pure(() => ({ ...event, response_id: text }));
const delta = { delta: text, obfuscation: maybeText };
const session = /* @__PURE__ */ pure(() => ({ ...event, session: EffectiveSessionSchema }));
const item = /* @__PURE__ */ pure(() => ({ ...event, item: ItemSchema }));
const placedItem = /* @__PURE__ */ pure(() => ({ ...item, previous_item_id: maybeText }));
const outputItem = /* @__PURE__ */ pure(() => ({ ...item, response_id: text, output_index: count }));
const part = /* @__PURE__ */ pure(() => ({ ...ofResponseContent, part: ContentPartSchema }));
const response = /* @__PURE__ */ pure(() => ({ ...event, response: ResponseSchema }));
const problem = { code: maybeText, param: maybeText };
const logprobs = /* @__PURE__ */ pure(() => v.nullish(list(open({ token: text, logprob: count, bytes: list(count) }))));

/** The `error` event, which translation sessions have too. */
export const errorEvent = /* @__PURE__ */ pure(() => ({
  ...event,
  error: open({ ...problem, type: text, message: text, event_id: maybeText }),
}));

export const TranscriptionUsageSchemas = /* @__PURE__ */ pure(() =>
  kinds(open, {
    tokens: {
      total_tokens: count,
      input_tokens: count,
      output_tokens: count,
      input_token_details: v.nullish(TokenDetailsSchema),
    },
    duration: { seconds: count },
  })
);

export const ServerEventSchemas = /* @__PURE__ */ pure(() =>
  kinds(open, {
    "conversation.created": {
      ...event,
      conversation: open({ id: maybeText, object: maybeWord<OpenEnum<"realtime.conversation">>() }),
    },
    "conversation.item.added": placedItem,
    "conversation.item.created": placedItem,
    "conversation.item.deleted": ofItem,
    "conversation.item.done": placedItem,
    "conversation.item.input_audio_transcription.completed": {
      ...ofContent,
      transcript: text,
      usage: choose(TranscriptionUsageSchemas, "type", UnknownKindSchema),
      languages: v.nullish(list(open({ code: text }))),
      logprobs,
    },
    "conversation.item.input_audio_transcription.delta": {
      ...ofItem,
      content_index: maybeCount,
      delta: maybeText,
      logprobs,
      obfuscation: maybeText,
    },
    "conversation.item.input_audio_transcription.failed": {
      ...ofContent,
      error: open({ ...problem, type: maybeText, message: maybeText }),
    },
    "conversation.item.input_audio_transcription.segment": {
      ...ofContent,
      id: text,
      text,
      speaker: text,
      start: count,
      end: count,
    },
    "conversation.item.retrieved": item,
    "conversation.item.truncated": { ...ofContent, audio_end_ms: count },
    "error": errorEvent,
    "input_audio_buffer.cleared": event,
    "input_audio_buffer.committed": { ...ofItem, previous_item_id: maybeText },
    "input_audio_buffer.dtmf_event_received": { event: text, received_at: count },
    "input_audio_buffer.speech_started": { ...ofItem, audio_start_ms: count },
    "input_audio_buffer.speech_stopped": { ...ofItem, audio_end_ms: count },
    "input_audio_buffer.timeout_triggered": { ...ofItem, audio_start_ms: count, audio_end_ms: count },
    "mcp_list_tools.completed": ofItem,
    "mcp_list_tools.failed": ofItem,
    "mcp_list_tools.in_progress": ofItem,
    "output_audio_buffer.cleared": ofResponse,
    "output_audio_buffer.started": ofResponse,
    "output_audio_buffer.stopped": ofResponse,
    "rate_limits.updated": {
      ...event,
      rate_limits: list(open({
        name: maybeWord<OpenEnum<"requests" | "tokens">>(),
        limit: maybeCount,
        remaining: maybeCount,
        reset_seconds: maybeCount,
      })),
    },
    "response.content_part.added": part,
    "response.content_part.done": part,
    "response.created": response,
    "response.done": response,
    "response.function_call_arguments.delta": { ...ofResponseItem, ...delta, call_id: text },
    "response.function_call_arguments.done": { ...ofResponseItem, call_id: text, name: text, arguments: text },
    "response.mcp_call.completed": ofMcpCall,
    "response.mcp_call.failed": ofMcpCall,
    "response.mcp_call.in_progress": ofMcpCall,
    "response.mcp_call_arguments.delta": { ...ofResponseItem, ...delta },
    "response.mcp_call_arguments.done": { ...ofResponseItem, arguments: text },
    "response.output_audio.delta": { ...ofResponseContent, delta: text },
    "response.output_audio.done": ofResponseContent,
    "response.output_audio_transcript.delta": { ...ofResponseContent, ...delta },
    "response.output_audio_transcript.done": { ...ofResponseContent, transcript: text },
    "response.output_item.added": outputItem,
    "response.output_item.done": outputItem,
    "response.output_text.delta": { ...ofResponseContent, ...delta },
    "response.output_text.done": { ...ofResponseContent, text },
    "session.created": session,
    "session.updated": session,
  })
);

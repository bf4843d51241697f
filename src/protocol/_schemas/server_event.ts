// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";
import { variant, variants } from "./variants.ts";
import { nullishNumber, nullishOpenEnum, nullishString, UnknownKindSchema } from "./inbound.ts";
import { ContentPartSchema, ItemSchema } from "./item.ts";
import { lazy } from "./lazy.ts";
import { ResponseSchema, TokenDetailsSchema } from "./response.ts";
import { EffectiveSessionSchema } from "./session.ts";
import { array, looseObject, nullish, number, string } from "./shape.ts";

const event = { event_id: string };
const ofItem = /* @__PURE__ */ lazy(() => ({ ...event, item_id: string }));
const ofContent = /* @__PURE__ */ lazy(() => ({ ...ofItem, content_index: number }));
const ofMcpCall = /* @__PURE__ */ lazy(() => ({ ...ofItem, output_index: number }));
const ofResponseItem = /* @__PURE__ */ lazy(() => ({ ...ofMcpCall, response_id: string }));
const ofResponseContent = /* @__PURE__ */ lazy(() => ({ ...ofResponseItem, content_index: number }));
const ofResponse = /* @__PURE__ */ lazy(() => ({ ...event, response_id: string }));
const delta = { delta: string, obfuscation: nullishString };
const session = /* @__PURE__ */ lazy(() => ({ ...event, session: EffectiveSessionSchema }));
const item = /* @__PURE__ */ lazy(() => ({ ...event, item: ItemSchema }));
const placedItem = /* @__PURE__ */ lazy(() => ({ ...item, previous_item_id: nullishString }));
const outputItem = /* @__PURE__ */ lazy(() => ({ ...item, response_id: string, output_index: number }));
const part = /* @__PURE__ */ lazy(() => ({ ...ofResponseContent, part: ContentPartSchema }));
const response = /* @__PURE__ */ lazy(() => ({ ...event, response: ResponseSchema }));
const problem = { code: nullishString, param: nullishString };
const logprobs = /* @__PURE__ */ lazy(() =>
  nullish(array(looseObject({ token: string, logprob: number, bytes: array(number) })))
);

/** The `error` event, which translation sessions have too. */
export const errorEvent = /* @__PURE__ */ lazy(() => ({
  ...event,
  error: looseObject({ ...problem, type: string, message: string, event_id: nullishString }),
}));

export const TranscriptionUsageSchemas = /* @__PURE__ */ lazy(() =>
  variants(looseObject, {
    tokens: {
      total_tokens: number,
      input_tokens: number,
      output_tokens: number,
      input_token_details: nullish(TokenDetailsSchema),
    },
    duration: { seconds: number },
  })
);

export const ServerEventSchemas = /* @__PURE__ */ lazy(() =>
  variants(looseObject, {
    "conversation.created": {
      ...event,
      conversation: looseObject({ id: nullishString, object: nullishOpenEnum<OpenEnum<"realtime.conversation">>() }),
    },
    "conversation.item.added": placedItem,
    "conversation.item.created": placedItem,
    "conversation.item.deleted": ofItem,
    "conversation.item.done": placedItem,
    "conversation.item.input_audio_transcription.completed": {
      ...ofContent,
      transcript: string,
      usage: variant(TranscriptionUsageSchemas, "type", UnknownKindSchema),
      languages: nullish(array(looseObject({ code: string }))),
      logprobs,
    },
    "conversation.item.input_audio_transcription.delta": {
      ...ofItem,
      content_index: nullishNumber,
      delta: nullishString,
      logprobs,
      obfuscation: nullishString,
    },
    "conversation.item.input_audio_transcription.failed": {
      ...ofContent,
      error: looseObject({ ...problem, type: nullishString, message: nullishString }),
    },
    "conversation.item.input_audio_transcription.segment": {
      ...ofContent,
      id: string,
      text: string,
      speaker: string,
      start: number,
      end: number,
    },
    "conversation.item.retrieved": item,
    "conversation.item.truncated": { ...ofContent, audio_end_ms: number },
    "error": errorEvent,
    "input_audio_buffer.cleared": event,
    "input_audio_buffer.committed": { ...ofItem, previous_item_id: nullishString },
    "input_audio_buffer.dtmf_event_received": { event: string, received_at: number },
    "input_audio_buffer.speech_started": { ...ofItem, audio_start_ms: number },
    "input_audio_buffer.speech_stopped": { ...ofItem, audio_end_ms: number },
    "input_audio_buffer.timeout_triggered": { ...ofItem, audio_start_ms: number, audio_end_ms: number },
    "mcp_list_tools.completed": ofItem,
    "mcp_list_tools.failed": ofItem,
    "mcp_list_tools.in_progress": ofItem,
    "output_audio_buffer.cleared": ofResponse,
    "output_audio_buffer.started": ofResponse,
    "output_audio_buffer.stopped": ofResponse,
    "rate_limits.updated": {
      ...event,
      rate_limits: array(looseObject({
        name: nullishOpenEnum<OpenEnum<"requests" | "tokens">>(),
        limit: nullishNumber,
        remaining: nullishNumber,
        reset_seconds: nullishNumber,
      })),
    },
    "response.content_part.added": part,
    "response.content_part.done": part,
    "response.created": response,
    "response.done": response,
    "response.function_call_arguments.delta": { ...ofResponseItem, ...delta, call_id: string },
    "response.function_call_arguments.done": { ...ofResponseItem, call_id: string, name: string, arguments: string },
    "response.mcp_call.completed": ofMcpCall,
    "response.mcp_call.failed": ofMcpCall,
    "response.mcp_call.in_progress": ofMcpCall,
    "response.mcp_call_arguments.delta": { ...ofResponseItem, ...delta },
    "response.mcp_call_arguments.done": { ...ofResponseItem, arguments: string },
    "response.output_audio.delta": { ...ofResponseContent, delta: string },
    "response.output_audio.done": ofResponseContent,
    "response.output_audio_transcript.delta": { ...ofResponseContent, ...delta },
    "response.output_audio_transcript.done": { ...ofResponseContent, transcript: string },
    "response.output_item.added": outputItem,
    "response.output_item.done": outputItem,
    "response.output_text.delta": { ...ofResponseContent, ...delta },
    "response.output_text.done": { ...ofResponseContent, text: string },
    "session.created": session,
    "session.updated": session,
  })
);

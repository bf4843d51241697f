// This module is browser compatible.
import type { ServerEvent, ServerEventType } from "./server_event.ts";

// A table rather than a list, so that a type that is missing does not compile.
const TYPES: Readonly<Record<ServerEventType, true>> = {
  "conversation.created": true,
  "conversation.item.added": true,
  "conversation.item.created": true,
  "conversation.item.deleted": true,
  "conversation.item.done": true,
  "conversation.item.input_audio_transcription.completed": true,
  "conversation.item.input_audio_transcription.delta": true,
  "conversation.item.input_audio_transcription.failed": true,
  "conversation.item.input_audio_transcription.segment": true,
  "conversation.item.retrieved": true,
  "conversation.item.truncated": true,
  "error": true,
  "input_audio_buffer.cleared": true,
  "input_audio_buffer.committed": true,
  "input_audio_buffer.dtmf_event_received": true,
  "input_audio_buffer.speech_started": true,
  "input_audio_buffer.speech_stopped": true,
  "input_audio_buffer.timeout_triggered": true,
  "mcp_list_tools.completed": true,
  "mcp_list_tools.failed": true,
  "mcp_list_tools.in_progress": true,
  "output_audio_buffer.cleared": true,
  "output_audio_buffer.started": true,
  "output_audio_buffer.stopped": true,
  "rate_limits.updated": true,
  "response.content_part.added": true,
  "response.content_part.done": true,
  "response.created": true,
  "response.done": true,
  "response.function_call_arguments.delta": true,
  "response.function_call_arguments.done": true,
  "response.mcp_call.completed": true,
  "response.mcp_call.failed": true,
  "response.mcp_call.in_progress": true,
  "response.mcp_call_arguments.delta": true,
  "response.mcp_call_arguments.done": true,
  "response.output_audio.delta": true,
  "response.output_audio.done": true,
  "response.output_audio_transcript.delta": true,
  "response.output_audio_transcript.done": true,
  "response.output_item.added": true,
  "response.output_item.done": true,
  "response.output_text.delta": true,
  "response.output_text.done": true,
  "session.created": true,
  "session.updated": true,
};

/**
 * The types of all server events, in alphabetical order.
 *
 * @category Events
 */
export const SERVER_EVENT_TYPES: readonly ServerEventType[] = /* @__PURE__ */ Object.keys(TYPES) as ServerEventType[];

/**
 * Whether an event is of a type that this version knows.
 *
 * @category Events
 */
export function isKnownServerEvent(event: { readonly type: string }): event is ServerEvent {
  return Object.hasOwn(TYPES, event.type);
}

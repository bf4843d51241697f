// This module is browser compatible.
import { at, numberAt, stringAt, toApiError, type WireEvent } from "../_internal/wire.ts";
import type { Usage } from "../protocol/mod.ts";
import type { VoiceEvent } from "./voice_events.ts";

/** The voice event that corresponds directly to a server event, if any. */
export function toVoiceEvent(event: WireEvent): VoiceEvent | undefined {
  const text = (name: string) => stringAt(event, name) ?? "";
  const content = () => ({ itemId: text("item_id"), contentIndex: numberAt(event, "content_index") });
  switch (event.type) {
    case "input_audio_buffer.speech_started":
      return { type: "speech_started", itemId: text("item_id"), audioStartMs: numberAt(event, "audio_start_ms") };
    case "input_audio_buffer.speech_stopped":
      return { type: "speech_stopped", itemId: text("item_id"), audioEndMs: numberAt(event, "audio_end_ms") };
    case "conversation.item.input_audio_transcription.delta":
      return { type: "user_transcript_delta", ...content(), delta: text("delta") };
    case "conversation.item.input_audio_transcription.completed":
      return { type: "user_transcript_done", ...content(), transcript: text("transcript") };
    case "conversation.item.input_audio_transcription.failed":
      return { type: "user_transcript_failed", ...content(), error: toApiError(event) };
    case "response.output_audio_transcript.delta":
      return { type: "transcript_delta", ...content(), delta: text("delta") };
    case "response.output_audio_transcript.done":
      return { type: "transcript_done", ...content(), transcript: text("transcript") };
    case "response.output_text.delta":
      return { type: "text_delta", ...content(), delta: text("delta") };
    case "response.output_text.done":
      return { type: "text_done", ...content(), text: text("text") };
    case "response.output_audio.done":
      return { type: "audio_done", ...content() };
    case "response.created":
      return { type: "response_created", responseId: stringAt(event.response, "id") ?? "" };
    case "response.done":
      return responseDone(event);
    case "error":
      return { type: "error", error: toApiError(event) };
  }
}

function responseDone(event: WireEvent): VoiceEvent {
  const responseId = stringAt(event.response, "id") ?? "";
  const status = stringAt(event.response, "status") ?? "completed";
  const usage = (at(event.response, "usage") ?? undefined) as Usage | undefined;
  if (status !== "cancelled") return { type: "response_done", responseId, status, usage };
  const reason = stringAt(event.response, "status_details", "reason") ?? "client_cancelled";
  return { type: "response_cancelled", responseId, reason, usage };
}

import { assertEquals, assertInstanceOf } from "@std/assert";
import { RealtimeApiError, type VoiceEvent } from "../../mod.ts";
import { toVoiceEvent } from "../../src/voice/_to_voice_event.ts";

const PLACE = { item_id: "item_1", content_index: 2 };
const CONTENT = { itemId: "item_1", contentIndex: 2 };
const TRANSCRIPTION = "conversation.item.input_audio_transcription";
const USAGE = { total_tokens: 3 };

/** Server events, and the voice events that they map to. */
const EVENTS: readonly (readonly [Record<string, unknown> & { readonly type: string }, unknown])[] = [
  [
    { type: "input_audio_buffer.speech_started", item_id: "item_1", audio_start_ms: 120 },
    { type: "speech_started", itemId: "item_1", audioStartMs: 120 },
  ],
  [
    { type: "input_audio_buffer.speech_stopped", item_id: "item_1", audio_end_ms: 950 },
    { type: "speech_stopped", itemId: "item_1", audioEndMs: 950 },
  ],
  [
    { type: `${TRANSCRIPTION}.delta`, ...PLACE, delta: "Hel" },
    { type: "user_transcript_delta", ...CONTENT, delta: "Hel" },
  ],
  [
    { type: `${TRANSCRIPTION}.completed`, ...PLACE, transcript: "Hello" },
    { type: "user_transcript_done", ...CONTENT, transcript: "Hello" },
  ],
  [
    { type: "response.output_audio_transcript.delta", ...PLACE, delta: "Good" },
    { type: "transcript_delta", ...CONTENT, delta: "Good" },
  ],
  [
    { type: "response.output_audio_transcript.done", ...PLACE, transcript: "Good day" },
    { type: "transcript_done", ...CONTENT, transcript: "Good day" },
  ],
  [{ type: "response.output_text.delta", ...PLACE, delta: "So" }, { type: "text_delta", ...CONTENT, delta: "So" }],
  [{ type: "response.output_text.done", ...PLACE, text: "So be it" }, {
    type: "text_done",
    ...CONTENT,
    text: "So be it",
  }],
  [{ type: "response.output_audio.done", ...PLACE }, { type: "audio_done", ...CONTENT }],
  [{ type: "response.created", response: { id: "resp_1" } }, { type: "response_created", responseId: "resp_1" }],
  [
    { type: "response.done", response: { id: "resp_1", status: "incomplete", usage: USAGE } },
    { type: "response_done", responseId: "resp_1", status: "incomplete", usage: USAGE },
  ],
  [
    {
      type: "response.done",
      response: { id: "resp_1", status: "cancelled", status_details: { reason: "turn_detected" }, usage: USAGE },
    },
    { type: "response_cancelled", responseId: "resp_1", reason: "turn_detected", usage: USAGE },
  ],
  // Servers may omit everything but the type.
  [
    { type: "input_audio_buffer.speech_started" },
    { type: "speech_started", itemId: "", audioStartMs: 0 },
  ],
  [
    { type: "response.done" },
    { type: "response_done", responseId: "", status: "completed", usage: undefined },
  ],
  [
    { type: "response.done", response: { status: "cancelled", usage: null } },
    { type: "response_cancelled", responseId: "", reason: "client_cancelled", usage: undefined },
  ],
  // Events without a counterpart, or that need more state to be mapped.
  [{ type: "rate_limits.updated", rate_limits: [] }, undefined],
  [{ type: "response.output_audio.delta", ...PLACE, delta: "AAAA" }, undefined],
];

Deno.test("toVoiceEvent() maps every kind of event to its name and fields", () => {
  for (const [event, expected] of EVENTS) assertEquals<unknown>(toVoiceEvent(event), expected, event.type);
});

Deno.test("toVoiceEvent() turns server-reported failures into errors", () => {
  const error = { type: "invalid_request_error", code: "audio_unintelligible", message: "It is noise." };
  const failed = toVoiceEvent({ type: `${TRANSCRIPTION}.failed`, ...PLACE, error }) as VoiceEvent & { error: Error };
  const told = toVoiceEvent({ type: "error", error }) as VoiceEvent & { error: Error };
  assertEquals([failed.type, told.type], ["user_transcript_failed", "error"]);
  for (const event of [failed, told]) {
    assertInstanceOf(event.error, RealtimeApiError);
    assertEquals([event.error.code, event.error.message], ["audio_unintelligible", "It is noise."]);
  }
  assertEquals<unknown>({ ...failed }, { type: "user_transcript_failed", ...CONTENT, error: failed.error });
});

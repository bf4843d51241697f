// This module is browser compatible.
import type { ErrorRow } from "./error_row.ts";

const ASSUMED = { known: "assumed", words: "assumed", source: "none" } as const;
const USERS = { source: "reports of users", date: "2026" } as const;

/** Errors of a session for rejected events. */
export const SESSION_ERRORS = {
  // Configuration
  both_modalities: {
    code: "invalid_value",
    param: "{param}",
    text: "Invalid modalities: {modalities}. Supported combinations are: ['text'] and ['audio'].",
    known: "reported",
    words: "reported",
    source: "three public repositories",
    date: "2026",
  },
  model_fixed: {
    code: "invalid_value",
    param: "session.model",
    text: "Cannot change the model of a session: it was created with '{model}'.",
    known: "reported",
    words: "assumed",
    source: "vierisid/jarvis#433; SDK: model and type cannot be changed",
    date: "2026-09",
  },
  transcription_update_of_realtime: {
    code: "invalid_value",
    param: "session.type",
    text: "Passing a transcription session update event to a realtime session is not allowed.",
    known: "documented",
    words: "assumed",
    source: "transcription guide",
    date: "2026-11",
  },
  realtime_update_of_transcription: {
    code: "invalid_value",
    param: "session.type",
    text: "Passing a realtime session update event to a transcription session is not allowed.",
    known: "documented",
    words: "assumed",
    source: "transcription guide",
    date: "2026-11",
  },
  tracing_fixed: {
    code: "invalid_value",
    param: "session.tracing",
    text: "Cannot update tracing once it has been enabled for a session.",
    known: "documented",
    words: "assumed",
    source: "SDK",
    date: "2026-11",
  },
  voice_fixed: {
    code: "cannot_update_voice",
    text: "Cannot update a conversation's voice if assistant audio is present.",
    known: "reported",
    words: "reported",
    ...USERS,
  },
  no_reasoning: {
    code: "invalid_value",
    param: "{param}",
    text: "The 'reasoning' parameter is not supported with the model '{model}'.",
    known: "reported",
    words: "assumed",
    source: "pipecat#4470",
    date: "2026",
  },
  no_turn_detection: {
    code: "invalid_value",
    param: "session.audio.input.turn_detection",
    text: "Turn detection is not supported for this transcription model.",
    known: "reported",
    words: "reported",
    source: "livekit#5779, OpenWhispr#2077, y0sif/whisrs#38",
    date: "2026",
  },
  no_transcription_delay: {
    code: "unknown_parameter",
    param: "session.audio.input.transcription.delay",
    text: "Unknown parameter: 'session.audio.input.transcription.delay'.",
    known: "reported",
    words: "assumed",
    source: "Azure: swigerb/SonicAIDriveThru",
    date: "2026",
  },

  // Input audio
  commit_empty: {
    code: "input_audio_buffer_commit_empty",
    text: "Error committing input audio buffer: buffer too small. Expected at least {least}ms of audio, " +
      "but buffer only has {buffered}ms of audio.",
    known: "reported",
    words: "reported",
    ...USERS,
  },

  // Items
  item_to_delete_unknown: {
    code: "item_delete_invalid_item_id",
    text: "Error deleting item: the item with id '{id}' does not exist.",
    known: "reported",
    words: "reported",
    ...USERS,
  },
  item_to_retrieve_unknown: {
    code: "item_retrieve_invalid_item_id",
    text: "Error retrieving item: the item with id '{id}' does not exist.",
    ...ASSUMED,
  },
  item_to_truncate_unknown: {
    code: "item_truncate_invalid_item_id",
    text: "Error truncating item: the item with id '{id}' does not exist.",
    ...ASSUMED,
  },
  item_exists: {
    code: "item_create_duplicate_item_id",
    param: "item.id",
    text: "Error adding item: an item with id '{id}' already exists.",
    ...ASSUMED,
  },
  previous_item_unknown: {
    code: "item_create_invalid_previous_item_id",
    param: "previous_item_id",
    text: "Error adding item: the previous item with id '{id}' does not exist.",
    ...ASSUMED,
  },
  referenced_item_unknown: {
    code: "invalid_value",
    param: "{param}",
    text: "Item with id '{id}' not found.",
    ...ASSUMED,
  },
  call_unknown: {
    code: "invalid_tool_call_id",
    text: "Tool call ID '{id}' not found in conversation.",
    known: "reported",
    words: "reported",
    ...USERS,
  },
  approval_unknown: {
    code: "invalid_value",
    param: "item.approval_request_id",
    text: "Error adding item: no approval request with id '{id}' exists.",
    ...ASSUMED,
  },
  truncate_not_audio: {
    code: "unsupported_content_type",
    text: "Only model output audio messages can be truncated",
    known: "reported",
    words: "reported",
    ...USERS,
  },
  truncate_beyond_audio: {
    code: null,
    text: "Audio content of {audio}ms is already shorter than {end}ms",
    known: "reported",
    words: "reported",
    source: "twilio-samples/speech-assistant-openai-realtime-api-python#22",
    date: "2026",
  },

  // Responses
  response_active: {
    code: "conversation_already_has_active_response",
    text: "Conversation already has an active response in progress: {id}. " +
      "Wait until the response is finished before creating a new one.",
    known: "reported",
    words: "reported",
    ...USERS,
  },
  cancel_not_active: {
    code: "response_cancel_not_active",
    text: "Cancellation failed: no active response found",
    known: "reported",
    words: "reported",
    ...USERS,
  },
  response_rate_limited: {
    code: "rate_limit_exceeded",
    type: "tokens",
    text: "Rate limit reached for {model} in organization {organization} on tokens per min (TPM): Limit {limit}, " +
      "Used {used}, Requested {requested}. Please try again in {retryAfter}s. " +
      "Visit https://platform.openai.com/account/rate-limits to learn more.",
    known: "reported",
    words: "reported",
    source: "two public repositories; openai-agents-js#1022",
    date: "2026",
  },
  response_no_credit: {
    code: "insufficient_quota",
    type: "insufficient_quota",
    text: "You exceeded your current quota, please check your plan and billing details. For more information on this " +
      "error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
    known: "reported",
    words: "assumed",
    source: "livekit/agents#6352",
    date: "2026-07",
  },
  context_too_long: {
    code: "context_length_exceeded",
    text:
      "The conversation has {used} tokens, which exceeds the input limit of {most} tokens, and truncation is disabled.",
    ...ASSUMED,
  },
  model_refuses: { code: "{code}", type: "{type}", text: "{message}", ...ASSUMED },

  // The end
  model_ends_session: {
    code: "{code}",
    type: "{type}",
    text: "{message}",
    close: { code: 1011, reason: "" },
    known: "reported",
    words: "reported",
    source: "livekit/agents#6352; the close code is assumed",
    date: "2026-07",
  },
  session_expired: {
    code: "session_expired",
    text: "Your session hit the maximum duration of 60 minutes.",
    close: { code: 1001, reason: "Your session hit the maximum duration of 60 minutes." },
    known: "reported",
    words: "reported",
    source: "livekit/agents#1122 and two more",
    date: "2026",
  },
  session_closing: { code: "invalid_event", text: "The session is closing.", ...ASSUMED },
  server_error: {
    code: "server_error",
    type: "server_error",
    text: "The server had an error while processing your request. Sorry about that!",
    known: "reported",
    words: "reported",
    ...USERS,
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;

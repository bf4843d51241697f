// This module is browser compatible.
import type { ErrorRow } from "./error_row.ts";

const PROBE = { source: "live probe of another project", date: "2026-09" } as const;
const ASSUMED = { known: "assumed", words: "assumed", source: "none" } as const;
const USERS = { source: "reports of users", date: "2026" } as const;

/** What a session answers to events that it refuses. */
export const SESSION_ERRORS = {
  // Frames
  binary_frame: {
    code: "invalid_event",
    text: "Expected a text WebSocket message; binary frames are not supported.",
    known: "probed",
    words: "assumed",
    ...PROBE,
  },
  not_json: {
    code: "invalid_json",
    text: "Invalid event: failed to parse JSON value.",
    known: "probed",
    words: "assumed",
    ...PROBE,
  },
  not_an_object: { code: "invalid_event", text: "Invalid event: expected a JSON object.", ...ASSUMED },

  // Fields
  missing_parameter: {
    code: "missing_required_parameter",
    param: "{param}",
    text: "Missing required parameter: '{param}'.",
    known: "reported",
    words: "reported",
    source: "five public repositories",
    date: "2026",
  },
  unknown_parameter: {
    code: "unknown_parameter",
    param: "{param}",
    text: "Unknown parameter: '{param}'.",
    known: "probed",
    words: "reported",
    ...PROBE,
  },
  invalid_type: {
    code: "invalid_type",
    param: "{param}",
    text: "Invalid type for '{param}': expected {expected}, but got {actual} instead.",
    known: "reported",
    words: "reported",
    source: "a captured exchange on /v1/realtime/sessions; livekit/agents#3444",
    date: "2026",
  },
  invalid_value: {
    code: "invalid_value",
    param: "{param}",
    text: "Invalid value: '{value}'. Supported values are: {supported}.",
    known: "reported",
    words: "reported",
    source: "three public repositories",
    date: "2026",
  },
  invalid_shape: {
    code: "invalid_value",
    param: "{param}",
    text: "Invalid value: {value}. Expected {expected}.",
    ...ASSUMED,
  },
  integer_below_min: {
    code: "integer_below_min_value",
    param: "{param}",
    text: "Invalid '{param}': integer below minimum value. Expected a value >= {bound}, but got {value} instead.",
    known: "probed",
    words: "probed",
    ...PROBE,
  },
  integer_above_max: {
    code: "integer_above_max_value",
    param: "{param}",
    text: "Invalid '{param}': integer above maximum value. Expected a value <= {bound}, but got {value} instead.",
    known: "reported",
    words: "assumed",
    source: "the counterpart of integer_below_min",
    date: "2026",
  },
  decimal_below_min: {
    code: "decimal_below_min_value",
    param: "{param}",
    text: "Invalid '{param}': decimal below minimum value. Expected a value >= {bound}, but got {value} instead.",
    ...ASSUMED,
  },
  decimal_above_max: {
    code: "decimal_above_max_value",
    param: "{param}",
    text: "Invalid '{param}': decimal above maximum value. Expected a value <= {bound}, but got {value} instead.",
    ...ASSUMED,
  },
  string_too_long: {
    code: "string_above_max_length",
    param: "{param}",
    text: "Invalid '{param}': string too long. Expected a string with maximum length {bound}, " +
      "but got a string with length {length} instead.",
    known: "reported",
    words: "reported",
    ...USERS,
  },
  string_empty: {
    code: "empty_string",
    param: "{param}",
    text: "Invalid '{param}': empty string. Expected a string with minimum length 1, but got an empty string instead.",
    ...ASSUMED,
  },
  array_empty: {
    code: "empty_array",
    param: "{param}",
    text: "Invalid '{param}': empty array. Expected an array with minimum length 1, but got an empty array instead.",
    ...ASSUMED,
  },
  too_many_properties: {
    code: "object_above_max_properties",
    param: "{param}",
    text: "Invalid '{param}': too many properties. Expected an object with at most {bound} properties, " +
      "but got an object with {count} properties instead.",
    ...ASSUMED,
  },
  invalid_audio: {
    code: "invalid_value",
    param: "{param}",
    text: "Invalid '{param}'. Expected base64-encoded audio bytes.",
    ...ASSUMED,
  },

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
    known: "documented",
    words: "assumed",
    source: "SDK: model and type cannot be changed",
    date: "2026-11",
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

// This module is browser compatible.
import type { ErrorRow } from "./error_row.ts";

const PROBE = { source: "live probe of another project", date: "2026-09" } as const;
const ASSUMED = { known: "assumed", words: "assumed", source: "none" } as const;
const USERS = { source: "reports of users", date: "2026" } as const;

/** Errors of a session for frames that are not events, and for events with a field that breaks a rule. */
export const FRAME_ERRORS = {
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
    source: "a captured exchange on /v1/realtime/sessions; livekit/agents#3444; openai-agents-js#315",
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
  string_pattern: {
    code: "invalid_value",
    param: "{param}",
    text: "Invalid '{param}': string does not match pattern. Expected a string that matches the pattern '{pattern}'.",
    known: "reported",
    words: "reported",
    source: "livekit/agents#1717, #5652",
    date: "2026-05",
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
  array_too_long: {
    code: "array_above_max_length",
    param: "{param}",
    text: "Invalid '{param}': array too long. Expected an array with maximum length {bound}, " +
      "but got an array with length {length} instead.",
    ...ASSUMED,
  },
  too_many_tokens: {
    code: "string_above_max_length",
    param: "{param}",
    text: "Invalid '{param}': it has more than {bound} tokens.",
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
} as const satisfies Readonly<Record<string, ErrorRow>>;

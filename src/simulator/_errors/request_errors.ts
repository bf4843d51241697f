// This module is browser compatible.
import type { ErrorRow } from "./error_row.ts";

const PROBE = { source: "live probe of another project", date: "2026-09" } as const;
const ASSUMED = { known: "assumed", words: "assumed", source: "none" } as const;

/** Errors for rejected connections and HTTP requests. */
export const REQUEST_ERRORS = {
  // Authentication
  missing_key: {
    code: null,
    text: "Missing bearer or basic authentication in header",
    status: 401,
    close: { code: 3000, reason: "invalid_request_error" },
    known: "probed",
    words: "reported",
    source: "gauravzqa/llmgw probe",
    date: "2026",
  },
  invalid_key: {
    code: "invalid_api_key",
    text:
      "Incorrect API key provided: {key}. You can find your API key at https://platform.openai.com/account/api-keys.",
    status: 401,
    close: { code: 3000, reason: "invalid_request_error.invalid_api_key" },
    known: "probed",
    words: "reported",
    ...PROBE,
  },

  // Target
  beta_header: {
    code: "beta_api_shape_disabled",
    text: "The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.",
    close: { code: 4000, reason: "invalid_request_error.beta_api_shape_disabled" },
    known: "probed",
    words: "reported",
    source: "gauravzqa/llmgw probe",
    date: "2026",
  },
  missing_model: {
    code: "missing_model",
    text: "You must provide a model parameter, for example {example}",
    close: { code: 4000, reason: "invalid_request_error.missing_model" },
    known: "probed",
    words: "assumed",
    ...PROBE,
  },
  invalid_model: {
    code: "invalid_model",
    param: "{param}",
    text: 'Model "{model}" is not supported in {kind} mode.',
    close: { code: 4000, reason: "invalid_request_error.invalid_model" },
    known: "probed",
    words: "assumed",
    ...PROBE,
  },
  model_of_transcription: {
    code: "invalid_model",
    text: "You must not provide a model parameter for transcription sessions.",
    close: { code: 4000, reason: "invalid_request_error.invalid_model" },
    known: "reported",
    words: "reported",
    source: "three public repositories",
    date: "2026-09",
  },
  several_targets: {
    code: "mutually_exclusive_parameters",
    text: "Expected one parameter of {allowed}, but got {given}.",
    close: { code: 4000, reason: "invalid_request_error.mutually_exclusive_parameters" },
    ...ASSUMED,
  },
  invalid_intent: {
    code: "invalid_value",
    param: "intent",
    text: "Invalid value: '{value}'. Supported values are: 'transcription'.",
    close: { code: 4000, reason: "invalid_request_error.invalid_value" },
    ...ASSUMED,
  },
  secret_of_another_kind: {
    code: "invalid_session_type",
    text: "The client secret is for a session of type '{kind}', which cannot be started here.",
    close: { code: 4000, reason: "invalid_request_error.invalid_session_type" },
    ...ASSUMED,
  },

  // Calls
  call_unknown_here: {
    code: "call_id_not_found",
    text: "No session found for the provided call_id",
    status: 404,
    known: "reported",
    words: "reported",
    source: "reports of users",
    date: "2026",
  },
  call_answered: { code: "call_already_answered", text: "The call has been answered already.", ...ASSUMED },
  call_not_sip: { code: "invalid_call_type", text: "Only SIP calls can be referred.", ...ASSUMED },
  invalid_target_uri: {
    code: "invalid_value",
    param: "target_uri",
    text: "Invalid value: '{value}'. Expected a tel: or sip: URI.",
    ...ASSUMED,
  },
  invalid_offer: {
    code: "invalid_offer",
    text: "Invalid SDP offer. Please try again with a WHIP-compliant offer.",
    known: "reported",
    words: "reported",
    source: "reports of users",
    date: "2026",
  },

  // Requests
  unknown_url: {
    code: null,
    text: "Invalid URL ({method} {path})",
    status: 404,
    known: "reported",
    words: "reported",
    source: "other endpoints of the API",
    date: "2026",
  },
  wrong_method: {
    code: "method_not_supported",
    text: "Not allowed to {method} on {path}.",
    status: 405,
    known: "reported",
    words: "reported",
    source: "other endpoints of the API",
    date: "2026",
  },
  unsupported_media_type: {
    code: "unsupported_content_type",
    text: "Unsupported content type: '{type}'. Expected 'application/sdp' or 'multipart/form-data'.",
    status: 415,
    ...ASSUMED,
  },
  body_not_json: {
    code: null,
    text: "We could not parse the JSON body of your request.",
    known: "reported",
    words: "reported",
    source: "other endpoints of the API",
    date: "2026",
  },
  body_not_an_object: { code: "invalid_type", text: "Invalid body: expected a JSON object.", ...ASSUMED },
  body_not_a_form: { code: null, text: "We could not parse the form in the body of your request.", ...ASSUMED },
  not_a_websocket: {
    code: null,
    text: "This endpoint speaks WebSocket: send a request to upgrade",
    status: 426,
    ...ASSUMED,
  },

  // Load
  rate_limited: {
    code: "rate_limit_exceeded",
    type: "requests",
    text: "Rate limit reached for requests. Please try again in {retryAfter}s.",
    status: 429,
    known: "reported",
    words: "assumed",
    source: "openai-agents-js#1022",
    date: "2026",
  },
  no_credit: {
    code: "credit_balance_exhausted",
    type: "insufficient_quota",
    text: "You exceeded your current quota, please check your plan and billing details.",
    status: 429,
    known: "reported",
    words: "assumed",
    source: "agentwire-dev#1037",
    date: "2026",
  },
  request_refused: { code: null, text: "The request was refused.", ...ASSUMED },
  request_failed: {
    code: null,
    type: "server_error",
    text: "The server had an error while processing your request. Sorry about that!",
    status: 500,
    known: "reported",
    words: "reported",
    source: "other endpoints of the API",
    date: "2026",
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;

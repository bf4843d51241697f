/**
 * The problem, as a code with its status:
 *
 * | code | status | |
 * | --- | --- | --- |
 * | `invalid_request` | 400 | the body does not have the form that the route expects |
 * | `invalid_sdp` | 400 | the offer is not SDP, or the API does not accept it |
 * | `invalid_override` | 400 | a setting of the page has a value that the API does not accept |
 * | `data_channel_not_allowed` | 400 | the offer has more than one active audio section: see the option `calls.dataChannel` |
 * | `webhook_refused` | 400 | the webhook was not sent by OpenAI, or is too old |
 * | `not_authorized` | 403 | `authorize` returned no |
 * | `origin_not_allowed` | 403 | the origin of the page is not allowed |
 * | `override_not_allowed` | 403 | the page set a field that is reserved for the server |
 * | `invalid_call_token` | 403 | the token is not for this call and this caller, or has expired |
 * | `not_found` | 404 | the route does not exist; the message names the option that it requires, if any |
 * | `call_not_found` | 404 | the call does not exist or has ended |
 * | `method_not_allowed` | 405 | the route requires another method |
 * | `client_gone` | 408 | the client disconnected before its response; only `onEvent` sees this |
 * | `concurrency_limit_exceeded` | 409 | too many concurrent relays or calls; `Retry-After` is the time until a place
 * is free at the latest |
 * | `relay_not_found` | 410 | the relay to resume has ended, or belongs to another process |
 * | `body_too_large` | 413 | the body has more than `maxBodyBytes` bytes |
 * | `unsupported_media_type` | 415 | the route does not accept the type of the body |
 * | `idempotency_key_reused` | 422 | the `Idempotency-Key` was used with another body before |
 * | `upgrade_required` | 426 | the route accepts WebSockets only |
 * | `rate_limit_exceeded` | 429 | too many requests within a minute; see `Retry-After` |
 * | `quota_exceeded` | 429 | too much usage within a day; see `Retry-After` |
 * | `internal_error` | 500 | the options or one of their functions failed; `onError` is called |
 * | `upstream_refused` | 502 | the API rejected the request, and the reason is not disclosed; `onError` is called |
 * | `upstream_unreachable` | 502 | the API did not answer; `onError` is called |
 * | `upstream_busy` | 503 | the API is busy, see `Retry-After`; `onError` is called |
 * | `store_unavailable` | 503 | the store failed, and `onStoreError` is `"refuse"`; `onError` is called |
 * | `shutting_down` | 503 | the app is being closed |
 * | `timed_out` | 504 | the request exceeded `timeoutMs`; `onError` is called |
 *
 * @category Edge app
 */
export type ProblemCode =
  | "invalid_request"
  | "invalid_sdp"
  | "invalid_override"
  | "data_channel_not_allowed"
  | "webhook_refused"
  | "not_authorized"
  | "origin_not_allowed"
  | "override_not_allowed"
  | "invalid_call_token"
  | "not_found"
  | "call_not_found"
  | "method_not_allowed"
  | "client_gone"
  | "concurrency_limit_exceeded"
  | "relay_not_found"
  | "body_too_large"
  | "unsupported_media_type"
  | "idempotency_key_reused"
  | "upgrade_required"
  | "rate_limit_exceeded"
  | "quota_exceeded"
  | "internal_error"
  | "upstream_refused"
  | "upstream_unreachable"
  | "upstream_busy"
  | "store_unavailable"
  | "shutting_down"
  | "timed_out";

/**
 * Body of every unsuccessful response: JSON in the form of the API's own errors, so that its clients can parse it.
 *
 * @category Edge app
 */
export interface Problem {
  /** The error. */
  readonly error: {
    /** The side at fault: the client, or the server. */
    readonly type: "invalid_request_error" | "server_error";
    /** The problem, as a code. */
    readonly code: ProblemCode;
    /** A description for humans. It quotes the API's response only if that concerns the caller's own values. */
    readonly message: string;
    /** Field in question, e.g. `session.audio.output.voice`; null when there is none. */
    readonly param: string | null;
    /** Id of the request, as in logs. */
    readonly request_id: string;
  };
}

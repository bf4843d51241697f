/**
 * What went wrong, as one word, with its status:
 *
 * | code | status | |
 * | --- | --- | --- |
 * | `invalid_request` | 400 | the body is not what the route wants |
 * | `invalid_sdp` | 400 | the offer is no SDP, or the API does not take it |
 * | `invalid_override` | 400 | a field that the page may set has a value that the API does not take |
 * | `data_channel_not_allowed` | 400 | the offer has more than one active audio section: see the option `calls.dataChannel` |
 * | `webhook_refused` | 400 | the webhook was not sent by OpenAI, or is too old |
 * | `not_authorized` | 403 | `authorize` said no |
 * | `origin_not_allowed` | 403 | the page is of an origin that may not call |
 * | `override_not_allowed` | 403 | the page set a field that is the server's |
 * | `invalid_call_token` | 403 | the token is not for this call and this caller, or is too old |
 * | `not_found` | 404 | there is no such route |
 * | `call_not_found` | 404 | there is no such call any more |
 * | `method_not_allowed` | 405 | the route takes another method |
 * | `client_gone` | 408 | the client left before its answer; only `onEvent` sees this |
 * | `concurrency_limit_exceeded` | 409 | too many relays or calls at a time; `Retry-After` says when a place is free at the latest |
 * | `relay_not_found` | 410 | the relay to resume has ended, or is kept by another process |
 * | `body_too_large` | 413 | the body has more than `maxBodyBytes` bytes |
 * | `unsupported_media_type` | 415 | the body is of a type that the route does not take |
 * | `idempotency_key_reused` | 422 | the `Idempotency-Key` came with another body before |
 * | `upgrade_required` | 426 | the route takes WebSockets only |
 * | `rate_limit_exceeded` | 429 | too many within a minute; `Retry-After` says when to come back |
 * | `quota_exceeded` | 429 | too much within a day; `Retry-After` says when to come back |
 * | `internal_error` | 500 | the options or one of their functions failed; `onError` is called |
 * | `upstream_refused` | 502 | the API refused, and the reason is not disclosed; `onError` is called |
 * | `upstream_unreachable` | 502 | the API did not answer; `onError` is called |
 * | `upstream_busy` | 503 | the API is busy, see `Retry-After`; `onError` is called |
 * | `store_unavailable` | 503 | the store failed, and `onStoreError` is `"refuse"`; `onError` is called |
 * | `shutting_down` | 503 | the app is being closed |
 * | `timed_out` | 504 | it took longer than `timeoutMs`; `onError` is called |
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
 * Body of every answer that is no success: JSON in the form of the API's own errors, so that its clients can read it.
 *
 * @category Edge app
 */
export interface Problem {
  /** What went wrong. */
  readonly error: {
    /** Whose fault it is: the one who asked, or the server. */
    readonly type: "invalid_request_error" | "server_error";
    /** What went wrong, as one word. */
    readonly code: ProblemCode;
    /** What went wrong, for a human. Holds nothing of the API's answer but what is about the caller's own values. */
    readonly message: string;
    /** Field that it is about, e.g. `session.audio.output.voice`; null when it is about none. */
    readonly param: string | null;
    /** Id of the request, which logs name, too. */
    readonly request_id: string;
  };
}

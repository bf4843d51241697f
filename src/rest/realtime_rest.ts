// This module is browser compatible.
import type { AzureTarget } from "../_internal/api_target.ts";
import { checkOptions } from "../_internal/check_options.ts";
import { callPath } from "../_rest/call_id.ts";
import { RestClient } from "../_rest/rest_client.ts";
import { jsonBody } from "../_rest/rest_call.ts";
import { InvalidEventError } from "../errors.ts";
import type {
  CallAcceptRequest,
  CallCreateRequest,
  ClientSecretRequest,
  ClientSecretResponse,
  TranslationClientSecretRequest,
  TranslationClientSecretResponse,
} from "../protocol/rest/rest_bodies.ts";
import type { SessionConfig } from "../protocol/session/session_config.ts";
import { CALL, type CallKind, CONTROLS, SECRET, TRANSLATION_CALL, TRANSLATION_SECRET } from "./_call_kinds.ts";
import type { CreatedCall } from "./created_call.ts";
import type { RealtimeRestOptions, RejectCallOptions, RestBodyOptions, RestCallOptions } from "./rest_options.ts";

/**
 * The HTTP half of the Realtime API: client secrets for pages, SDP for WebRTC, and control of calls.
 *
 * A body is checked before it is sent. A failed call is repeated only where that does no harm, after the pause that the
 * server requests (`retry-after-ms`, `Retry-After`) or one of 250 to 500 ms, which doubles each time up to 8 s:
 *
 * | calls | repeated after |
 * | --- | --- |
 * | client secrets (an unused one expires), `hangUpCall` and `rejectCall` (a call ends only once) | no response, 408,
 * 429, 5xx |
 * | `createCall`, `createTranslationCall`, `acceptCall`, `referCall`: without a response they may have succeeded | 429:
 * nothing was done |
 *
 * The header `x-should-retry` of the response overrides this, in both directions and for every call. A call is never
 * repeated when a quota is used up, or when the pause would exceed `timeoutMs`; `retryAfterMs` of the error is then the
 * time to wait. When the response to hanging up is lost, the next attempt may fail because the call no longer exists.
 *
 * Every method rejects with
 * - {@linkcode RealtimeApiError} when the API rejects the call, with its message and the HTTP status, or when the
 *   response is not the expected one;
 * - {@linkcode ConnectionError} of kind `configuration` when there is no key, `unreachable` when there is no response,
 *   `closed` when the response breaks off;
 * - {@linkcode InvalidEventError} when the body breaks a rule of the protocol, and `TypeError` when the id of a call
 *   could lead to another path; nothing is then sent;
 * - `RangeError` when `timeoutMs` is negative;
 * - a `DOMException`: `AbortError`, or the signal's reason, when `signal` is aborted, `TimeoutError` on a timeout.
 *
 * None of them contains the key.
 *
 * @category REST
 *
 * @example A client secret for a page
 * ```ts
 * import { RealtimeRest } from "@oai-rt/edge/rest";
 * import { assertEquals } from "@std/assert";
 *
 * // Without `fetch` it reaches the API.
 * const answer = { value: "ek_test", expires_at: 1_790_000_060, session: { type: "realtime" } };
 * const fetch = () => Promise.resolve(Response.json(answer));
 *
 * const rest = new RealtimeRest({ apiKey: () => "sk-test", fetch });
 * const secret = await rest.createClientSecret({
 *   expires_after: { anchor: "created_at", seconds: 60 },
 *   session: { type: "realtime", model: "gpt-realtime-2.1", audio: { output: { voice: "marin" } } },
 * });
 * assertEquals(secret.value, "ek_test");
 * ```
 */
export class RealtimeRest {
  readonly #client: RestClient;
  readonly #azure: AzureTarget | undefined;

  /**
   * Creates a client. Nothing is sent, and the key provider is not called.
   *
   * @throws {TypeError} when the base URL is malformed or contains credentials, or an option is unknown.
   * @throws {RangeError} when `timeoutMs` is negative, or `maxRetries` is not an integer of at least 0.
   */
  constructor(options: RealtimeRestOptions) {
    this.#client = new RestClient(options);
    this.#azure = options.azure;
  }

  /**
   * Creates a client secret (`ek_…`), with which a page starts sessions with these settings without ever seeing the
   * key. Without `session`, the server's default settings apply.
   */
  createClientSecret(request: ClientSecretRequest = {}, options: RestBodyOptions = {}): Promise<ClientSecretResponse> {
    return this.#call(SECRET, "/realtime/client_secrets", this.#onDeployment(request), options);
  }

  /** Creates a client secret (`ek_…`) for translation sessions with these settings. */
  createTranslationClientSecret(
    request: TranslationClientSecretRequest,
    options: RestBodyOptions = {},
  ): Promise<TranslationClientSecretResponse> {
    return this.#call(TRANSLATION_SECRET, "/realtime/translations/client_secrets", request, options);
  }

  /**
   * Starts a WebRTC call: sends a page's SDP offer and the settings of the session, unless the key is a client secret
   * that contains them, and returns the SDP answer and the id of the call.
   */
  createCall(request: CallCreateRequest, options: RestBodyOptions = {}): Promise<CreatedCall> {
    return this.#call(CALL, "/realtime/calls", this.#onDeployment(request), options);
  }

  /** Starts a WebRTC call for translation. The key is a client secret that contains the settings. */
  createTranslationCall(
    request: Pick<CallCreateRequest, "sdp">,
    options: RestCallOptions = {},
  ): Promise<CreatedCall> {
    return this.#call(TRANSLATION_CALL, "/realtime/translations/calls", request, options);
  }

  /** Accepts a SIP call that a webhook announced, with these settings. */
  acceptCall(callId: string, session: CallAcceptRequest, options: RestBodyOptions = {}): Promise<void> {
    return this.#control(callId, "accept", this.#onDeployment({ session }).session, options);
  }

  /** Rejects a SIP call that a webhook announced. */
  rejectCall(callId: string, options: RejectCallOptions = {}): Promise<void> {
    return this.#control(callId, "reject", { status_code: options?.statusCode }, options);
  }

  /** Transfers a SIP call to another address, e.g. to `tel:+14155550123` or `sip:agent@example.com`. */
  referCall(callId: string, targetUri: string, options: RestCallOptions = {}): Promise<void> {
    return this.#control(callId, "refer", { target_uri: targetUri }, options);
  }

  /** Ends a WebRTC or SIP call. */
  hangUpCall(callId: string, options: RestCallOptions = {}): Promise<void> {
    return this.#control(callId, "hangup", undefined, options);
  }

  async #control(
    callId: string,
    verb: keyof typeof CONTROLS,
    body: unknown,
    options: RestCallOptions,
  ): Promise<void> {
    const kind = CONTROLS[verb];
    await this.#call(kind, callPath(callId, verb, kind.action), body, options);
  }

  async #call<Result, Body>(
    { find, known, name, write = jsonBody, ...call }: CallKind<Result, Body>,
    path: string,
    body: Body,
    options: RestBodyOptions,
  ): Promise<Result> {
    checkOptions(call.action, options, known);
    const issues = options.check === false ? [] : find(body);
    if (issues.length > 0) throw new InvalidEventError(name, issues);
    return await this.#client.make({ ...call, path, body: body === undefined ? undefined : write(body) }, options);
  }

  /** On Azure, the deployment is the model of a session that names none. */
  #onDeployment<T extends { readonly session?: SessionConfig | undefined }>(request: T): T {
    const azure = this.#azure;
    const session = request?.session;
    if (!azure || session?.type !== "realtime" || session.model !== undefined) return request;
    return { ...request, session: { ...session, model: azure.deployment } };
  }
}

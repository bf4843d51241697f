// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { anAbortSignal } from "../_internal/option_kinds.ts";
import { InvalidEventError, RealtimeApiError } from "../errors.ts";
import {
  checkLiveRestBody,
  type LiveCallSessionConfig,
  type LiveRestBody,
  type LiveSessionCreateRequest,
  type LiveSessionCreateResponse,
  type LiveSessionForkRequest,
} from "../protocol/mod.ts";
import { recordingStream } from "./_recording_stream.ts";
import { assertLiveId } from "../_internal/live/live_target.ts";
import { at, isRecord } from "../_internal/wire.ts";
import type { RestClientOptions } from "../_rest/client_options.ts";
import { parseJson } from "../_internal/text/parse_json.ts";
import { ANY_ANSWER, jsonBody, type Wanted } from "../_rest/rest_call.ts";
import { RestClient } from "../_rest/rest_client.ts";

/**
 * Options of {@linkcode LiveRest}.
 *
 * @category REST
 */
export interface LiveRestOptions extends RestClientOptions {}

/**
 * Options of every call of {@linkcode LiveRest}.
 *
 * @category REST
 */
export interface LiveRestCallOptions {
  /** Stops when aborted: the request ends and the call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Options of the calls of {@linkcode LiveRest} that send settings of a session.
 *
 * @category REST
 */
export interface LiveRestBodyOptions extends LiveRestCallOptions {
  /**
   * Whether the body is checked. `false` allows everything: fields newer than this version, but also mistakes.
   *
   * @default {true}
   */
  check?: boolean | undefined;
}

/**
 * The HTTP half of the Live API: WebRTC sessions for pages, telephone calls, forks and recordings. There are no client
 * secrets: a page sends its SDP offer to your server.
 *
 * Every method rejects with
 * - {@linkcode RealtimeApiError} when the API rejects the call, with its message and the HTTP status;
 * - {@linkcode ConnectionError} of kind `configuration` when there is no key, `unreachable` when there is no response;
 * - {@linkcode InvalidEventError} when the body breaks a rule of the protocol, and `TypeError` when the identifier is
 *   not that of a Live session; nothing is then sent;
 * - a `DOMException`: `AbortError`, or the signal's reason, when `signal` is aborted, `TimeoutError` on a timeout.
 *
 * @category REST
 *
 * @example The session of a page
 * ```ts
 * import { LiveRest } from "@oai-rt/edge/live";
 * import { assertEquals } from "@std/assert";
 *
 * // Without `fetch` it reaches the API.
 * const answer = { session: { id: "live_1" }, transport: { type: "webrtc", sdp: "v=0" } };
 * const fetch = () => Promise.resolve(Response.json(answer, { status: 201 }));
 *
 * const rest = new LiveRest({ apiKey: "sk-test", fetch });
 * const { session } = await rest.createSession({
 *   session: { model: "gpt-live-1", instructions: "Be brief." },
 *   transport: { type: "webrtc", sdp: "v=0" },
 * });
 * assertEquals(session.id, "live_1");
 * ```
 */
export class LiveRest {
  readonly #client: RestClient;
  /** Fields of every session that it starts. */
  readonly #fields: { readonly safety_identifier?: string };

  /**
   * Creates a client. Nothing is sent, and the key provider is not called.
   *
   * @throws {TypeError} when an option is unknown, or the base URL is malformed.
   * @throws {RangeError} when `timeoutMs` is negative, or `maxRetries` is not an integer of at least 0.
   */
  constructor(options: LiveRestOptions) {
    // Here it is a field of the session rather than a header.
    this.#client = new RestClient(isRecord(options) ? { ...options, safetyIdentifier: undefined } : options);
    const { safetyIdentifier } = options;
    this.#fields = safetyIdentifier === undefined ? {} : { safety_identifier: safetyIdentifier };
  }

  /** Starts a WebRTC session with a page's SDP offer, or calls a telephone if that is enabled. Never repeated. */
  async createSession(
    request: LiveSessionCreateRequest,
    options: LiveRestBodyOptions = {},
  ): Promise<LiveSessionCreateResponse> {
    const action = "create a Live session";
    checkOptions(action, options, BODY_NAMES);
    const session = at(request, "session");
    const body = isRecord(session) ? { ...request, session: { ...this.#fields, ...session } } : request;
    if (options.check !== false) assertBody("create", body);
    return await this.#create(action, PATH, body, options);
  }

  /** Starts a WebRTC session that continues a stored one. Never repeated. */
  async forkSession(
    sourceId: string,
    request: LiveSessionForkRequest,
    options: LiveRestBodyOptions = {},
  ): Promise<LiveSessionCreateResponse> {
    const action = "fork a Live session";
    assertLiveId(sourceId, action);
    checkOptions(action, options, BODY_NAMES);
    if (options.check !== false) assertBody("fork", request);
    return await this.#create(action, pathOf(sourceId, "fork"), request, options);
  }

  /** Accepts a telephone call that a webhook announced, with these settings. */
  async acceptCall(
    sessionId: string,
    session: Omit<LiveCallSessionConfig, "type">,
    options: LiveRestBodyOptions = {},
  ): Promise<void> {
    await this.#control(sessionId, "accept", { session: { type: "live", ...this.#fields, ...session } }, options);
  }

  /** Rejects a telephone call that a webhook announced, with a SIP status from 300 to 699. */
  async rejectCall(sessionId: string, statusCode: number, options: LiveRestCallOptions = {}): Promise<void> {
    await this.#control(sessionId, "reject", { status_code: statusCode }, options);
  }

  /** Transfers a telephone call to another address, e.g. to `tel:+14155550123`. */
  async referCall(sessionId: string, targetUri: string, options: LiveRestCallOptions = {}): Promise<void> {
    await this.#control(sessionId, "refer", { target_uri: targetUri }, options);
  }

  /** Ends a telephone call, or another session. */
  async hangUp(sessionId: string, options: LiveRestCallOptions = {}): Promise<void> {
    await this.#control(sessionId, "hangup", undefined, options);
  }

  /**
   * Downloads the recording of a stored session that has ended. Resolves when the download begins, with a WAV file:
   * stereo PCM16, 24 kHz, input on the left and output on the right; see {@linkcode splitRecording}. The stream fails
   * with the signal's reason when `signal` is aborted, and with a {@linkcode ConnectionError} when the download breaks
   * off.
   */
  async downloadRecording(
    sessionId: string,
    options: LiveRestCallOptions = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const action = "download a recording";
    assertLiveId(sessionId, action);
    checkOptions(action, options, CALL_NAMES);
    const { body, headers, url } = await this.#client.make({
      action,
      method: "GET",
      path: pathOf(sessionId, "content"),
      isRepeatable: true,
      wanted: RECORDING,
    }, options);
    const type = headers.get("content-type") ?? "";
    if (body && !NO_RECORDING.test(type)) return recordingStream(body, { signal: options.signal, url });
    await body?.cancel();
    throw new RealtimeApiError(`Cannot ${action} as the answer is ${body ? `of type ${type}` : "empty"}`);
  }

  async #create(
    action: string,
    path: string,
    body: unknown,
    options: LiveRestCallOptions,
  ): Promise<LiveSessionCreateResponse> {
    return await this.#client.make({
      action,
      path,
      body: jsonBody(body),
      isRepeatable: false,
      isMadeOnce: true,
      wanted: CREATED,
    }, options);
  }

  async #control(
    sessionId: string,
    verb: "accept" | "reject" | "refer" | "hangup",
    body: unknown,
    options: LiveRestBodyOptions,
  ): Promise<void> {
    const action = `${verb === "hangup" ? "hang up" : verb} a call`;
    assertLiveId(sessionId, action);
    checkOptions(action, options, verb === "accept" ? BODY_NAMES : CALL_NAMES);
    if (verb !== "hangup" && options.check !== false) assertBody(verb, body);
    const isRepeatable = verb === "hangup" || verb === "reject";
    await this.#client.make({
      action,
      path: pathOf(sessionId, verb),
      body: body === undefined ? undefined : jsonBody(body),
      isRepeatable,
      isMadeOnce: !isRepeatable,
      wanted: ANY_ANSWER,
    }, options);
  }
}

const CALL_NAMES: OptionNames<LiveRestCallOptions> = { signal: anAbortSignal };
const BODY_NAMES: OptionNames<LiveRestBodyOptions> = { check: 1, signal: anAbortSignal };

const PATH = "/live/sessions";

function pathOf(sessionId: string, what: string): string {
  return `${PATH}/${sessionId}/${what}`;
}

const CREATED: Wanted<LiveSessionCreateResponse> = {
  name: "a session",
  type: "application/json",
  read({ text }) {
    const created = parseJson(text);
    return checkLiveRestBody("created", created).length === 0 ? created as LiveSessionCreateResponse : undefined;
  },
};

/** Media types of pages and errors, which proxies send with status 200. */
const NO_RECORDING = /^(text|application)\/(?!octet-stream)/;

const RECORDING: Wanted<Response> = {
  name: "a recording",
  type: "audio/wav",
  take: (response) => response,
};

function assertBody(name: LiveRestBody, body: unknown): void {
  const issues = checkLiveRestBody(name, body);
  if (issues.length > 0) throw new InvalidEventError(`Live ${name} request`, issues);
}

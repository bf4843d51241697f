// This module is browser compatible.
import { type ApiTarget, apiUrl } from "../_internal/api_target.ts";
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { type Clock, systemClock } from "../_internal/clock.ts";
import { withTimeout } from "../_internal/timeout.ts";
import { InvalidEventError, RealtimeApiError } from "../errors.ts";
import {
  checkLiveRestBody,
  type LiveCallSessionConfig,
  type LiveRestBody,
  type LiveSessionCreateRequest,
  type LiveSessionCreateResponse,
  type LiveSessionForkRequest,
} from "../protocol/mod.ts";
import { assertLiveId } from "../_internal/live/live_target.ts";
import { type LiveRestRequest, requestLive } from "./_rest_request.ts";

/** How long a call may take unless told otherwise, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Options of {@linkcode LiveRest}.
 *
 * @category REST
 */
export interface LiveRestOptions extends ApiTarget {
  /**
   * Makes the requests.
   *
   * @default {globalThis.fetch}
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * How long a call may take, in milliseconds, at least 0, its repetitions included; then it rejects with a
   * `TimeoutError`. The download of a recording may take longer once it has begun.
   *
   * @default {30000}
   */
  timeoutMs?: number | undefined;
  /**
   * How many times a call is made again that failed for the moment, where that does no harm: hanging up, rejecting and
   * downloading. Never a creation, an acceptance or a referral: without an answer they may have been a success.
   *
   * @default {2}
   */
  maxRetries?: number | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

/**
 * Options of every call of {@linkcode LiveRest}.
 *
 * @category REST
 */
export interface LiveRestCallOptions {
  /** Gives up when aborted: the request ends and the call rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Options of the calls of {@linkcode LiveRest} that send settings of a session.
 *
 * @category REST
 */
export interface LiveRestBodyOptions extends LiveRestCallOptions {
  /**
   * Whether the body is checked. `false` lets through what this version does not know, and whatever else is wrong.
   *
   * @default {true}
   */
  check?: boolean | undefined;
}

const OPTIONS: OptionNames<LiveRestOptions> = {
  apiKey: 1,
  baseUrl: 1,
  organization: 1,
  project: 1,
  safetyIdentifier: 1,
  azure: 1,
  fetch: 1,
  timeoutMs: 1,
  maxRetries: 1,
  clock: 1,
};

/**
 * The HTTP half of the Live API: sessions of WebRTC for pages, telephone calls, forks and recordings. There are no client
 * secrets: a page gives its SDP offer to a server of yours.
 *
 * Every method rejects with
 * - {@linkcode RealtimeApiError} when the API refuses, in its own words and with the HTTP status;
 * - {@linkcode ConnectionError} of kind `configuration` when there is no key, `unreachable` when there is no answer;
 * - {@linkcode InvalidEventError} when the body breaks a rule of the protocol, and `TypeError` when the identifier is not
 *   of a Live session; then nothing was sent;
 * - a `DOMException`: `AbortError`, or the signal's reason, when `signal` is aborted, `TimeoutError` when the time is out.
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
  readonly #options: LiveRestOptions;

  /**
   * Makes a client. Nothing is sent, and the key provider is not called.
   *
   * @throws {TypeError} when there is no such option, or the base URL is not one.
   * @throws {RangeError} when `maxRetries` is not a whole number from 0.
   */
  constructor(options: LiveRestOptions) {
    checkOptions("make a REST client", options, OPTIONS);
    const { maxRetries = 0 } = options;
    if (!Number.isInteger(maxRetries) || maxRetries < 0) {
      throw new RangeError(
        `Cannot make a REST client as maxRetries must be a whole number from 0: current value is ${maxRetries}`,
      );
    }
    apiUrl(options, "", "make a REST client");
    this.#options = { ...options };
  }

  /** Starts a session of WebRTC with a page's SDP offer, or calls a telephone where that is enabled. Never made again. */
  async createSession(
    request: LiveSessionCreateRequest,
    options: LiveRestBodyOptions = {},
  ): Promise<LiveSessionCreateResponse> {
    const { safetyIdentifier } = this.#options;
    const session = safetyIdentifier === undefined
      ? request.session
      : { safety_identifier: safetyIdentifier, ...request.session };
    const body = { ...request, session };
    if (options.check !== false) assertBody("create", body);
    return await this.#create("create a Live session", "", body, options);
  }

  /** Starts a session of WebRTC that continues a stored one. Never made again. */
  async forkSession(
    sourceId: string,
    request: LiveSessionForkRequest,
    options: LiveRestBodyOptions = {},
  ): Promise<LiveSessionCreateResponse> {
    const action = "fork a Live session";
    assertLiveId(sourceId, action);
    if (options.check !== false) assertBody("fork", request);
    return await this.#create(action, `/${sourceId}/fork`, request, options);
  }

  /** Takes a telephone call that a webhook announced, with these settings. */
  async acceptCall(
    sessionId: string,
    session: Omit<LiveCallSessionConfig, "type">,
    options: LiveRestBodyOptions = {},
  ): Promise<void> {
    await this.#control(sessionId, "accept", { session: { type: "live", ...session } }, options);
  }

  /** Turns down a telephone call that a webhook announced, with a SIP status from 300 to 699. */
  async rejectCall(sessionId: string, statusCode: number, options: LiveRestCallOptions = {}): Promise<void> {
    await this.#control(sessionId, "reject", { status_code: statusCode }, options);
  }

  /** Hands a telephone call over to someone else, e.g. to `tel:+14155550123`. */
  async referCall(sessionId: string, targetUri: string, options: LiveRestCallOptions = {}): Promise<void> {
    await this.#control(sessionId, "refer", { target_uri: targetUri }, options);
  }

  /** Ends a telephone call, or another session. */
  async hangUp(sessionId: string, options: LiveRestCallOptions = {}): Promise<void> {
    await this.#control(sessionId, "hangup", undefined, options);
  }

  /**
   * Downloads the recording of a session that was stored and has ended. Resolves when the download begins, with a WAV file:
   * stereo PCM16, 24 kHz, input on the left and output on the right; see {@linkcode splitRecording}.
   */
  async downloadRecording(
    sessionId: string,
    options: LiveRestCallOptions = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const action = "download a recording";
    assertLiveId(sessionId, action);
    const response = await this.#make({
      action,
      method: "GET",
      path: `/${sessionId}/content`,
      isRepeatable: true,
    }, options);
    if (response.body) return response.body;
    throw new RealtimeApiError(`Cannot ${action} as the answer is empty`, { status: response.status });
  }

  async #create(
    action: string,
    path: string,
    body: unknown,
    options: LiveRestCallOptions,
  ): Promise<LiveSessionCreateResponse> {
    const response = await this.#make({ action, method: "POST", path, body, isRepeatable: false }, options);
    const text = await response.text();
    let created: unknown;
    try {
      created = JSON.parse(text);
    } catch {
      created = undefined;
    }
    const [issue] = checkLiveRestBody("created", created);
    if (!issue) return created as LiveSessionCreateResponse;
    const why = `its answer is not a session: ${issue.path || "it"} ${issue.message}`;
    throw new RealtimeApiError(`Cannot ${action} as ${why}`, { status: response.status });
  }

  async #control(
    sessionId: string,
    verb: "accept" | "reject" | "refer" | "hangup",
    body: unknown,
    options: LiveRestBodyOptions,
  ): Promise<void> {
    const action = `${verb === "hangup" ? "hang up" : verb} a call`;
    assertLiveId(sessionId, action);
    if (verb !== "hangup" && options.check !== false) assertBody(verb, body);
    const isRepeatable = verb === "hangup" || verb === "reject";
    const path = `/${sessionId}/${verb}`;
    const response = await this.#make({ action, method: "POST", path, body, isRepeatable }, options);
    await response.body?.cancel();
  }

  #make(
    { path, ...request }: Omit<LiveRestRequest, "url"> & { readonly path: string },
    { signal }: LiveRestCallOptions,
  ): Promise<Response> {
    const { clock = systemClock, fetch = globalThis.fetch, maxRetries = 2, timeoutMs = DEFAULT_TIMEOUT_MS } =
      this.#options;
    const url = apiUrl(this.#options, `/live/sessions${path}`, request.action).href;
    const make = (signal: AbortSignal) =>
      requestLive({ ...request, url }, { target: this.#options, fetch, maxRetries, signal, clock });
    return withTimeout(make, { what: request.action, signal, timeoutMs, clock });
  }
}

function assertBody(name: LiveRestBody, body: unknown): void {
  const issues = checkLiveRestBody(name, body);
  if (issues.length > 0) throw new InvalidEventError(`Live ${name} request`, issues);
}

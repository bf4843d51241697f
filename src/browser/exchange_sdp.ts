// This module is browser compatible.
import { apiUrl, DEFAULT_BASE_URL } from "../_internal/api_target.ts";
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { aFunction } from "../_internal/option_kinds.ts";
import { at, isRecord, stringAt, toApiError } from "../_internal/wire.ts";
import { parseJson } from "../_internal/text/parse_json.ts";
import { ConnectionError } from "../errors.ts";
import { callRoute, routeOf } from "./_app_route.ts";

/**
 * The answer to an SDP offer.
 *
 * @category Browser
 */
export interface SdpAnswer {
  /** SDP answer. */
  readonly sdp: string;
  /** Id of the call, if known. */
  readonly callId?: string | undefined;
  /** Token with which the page controls its call through the edge app. */
  readonly callToken?: string | undefined;
  /** Address that answered, without credentials; for logs and errors. */
  readonly url?: string | undefined;
  /**
   * Asks the other side to end the call, at every end, in a way that works while a page is being closed. Resolves with
   * the reason for which the call had already ended, if known, such as `"host"` or `"max_duration"`. A call that its
   * server has ended is not followed by another one.
   */
  readonly hangUp?: (() => Promise<string | undefined | void>) | undefined;
}

/**
 * Options of an {@linkcode SdpExchange}.
 *
 * @category Browser
 */
export interface SdpExchangeOptions {
  /** Aborted when the caller aborts or on a timeout. */
  readonly signal: AbortSignal;
}

/**
 * Exchanges an SDP offer for an answer; called once for each dial.
 *
 * @category Browser
 */
export interface SdpExchange {
  /** Returns the answer to an offer. */
  (offer: string, options: SdpExchangeOptions): Promise<SdpAnswer>;
  /** Whether it works for one call only, as its secret has expired by the next: the session ends with that call. */
  readonly isOnce?: boolean | undefined;
}

/**
 * Makes the requests; `globalThis.fetch` is one.
 *
 * @category Browser
 */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Header that carries the token of a call.
 *
 * @category Browser
 */
export const TOKEN_HEADER = "X-Realtime-Call-Token";

/** Response header of the app: the reason for which a call had ended before its page hung up. */
const ENDED_HEADER = "X-Realtime-Call-Ended";

/**
 * Options of {@linkcode viaApp}.
 *
 * @category Browser
 */
export interface ViaAppOptions {
  /**
   * Settings of the session, in the spelling of the wire, that the app lets a page change, e.g. `{ audio: { output: {
   * voice: "marin" } } }`.
   */
  session?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Headers that identify the user, or a function that returns them for each request. A hang-up has those of its call, as
   * a closing page cannot wait; one that fails is repeated with new ones. Cookies of the app's origin are always sent.
   *
   * @default {none}
   */
  headers?:
    | Readonly<Record<string, string>>
    | (() => Record<string, string> | Promise<Record<string, string>>)
    | undefined;
  /**
   * Whether cookies are sent to another origin, as in `fetch`.
   *
   * @default {"same-origin"}
   */
  credentials?: "same-origin" | "include" | "omit" | undefined;
  /**
   * Makes the requests.
   *
   * @default {globalThis.fetch}
   */
  fetch?: FetchLike | undefined;
}

/**
 * Exchanges SDP through an app created by `createRealtimeApp`, mounted at `url`: the page never has a key, and the
 * server determines the session.
 *
 * @category Browser
 *
 * @example A call through the app at /realtime
 * ```ts
 * import { viaApp } from "@oai-rt/edge/browser";
 * import { assertEquals } from "@std/assert";
 *
 * const answer = { sdp: "v=0\r\n", call_id: "rtc_1", call_token: "token" };
 * const exchange = viaApp("https://shop.example.com/realtime", {
 *   fetch: () => Promise.resolve(Response.json(answer, { status: 201 })),
 * });
 * const { callId } = await exchange("v=0\r\n", { signal: AbortSignal.timeout(1000) });
 * assertEquals(callId, "rtc_1");
 * ```
 *
 * @throws {TypeError} when an option is unknown.
 */
export function viaApp(url: string | URL, options: ViaAppOptions = {}): SdpExchange {
  return exchangeOver("calls", url, options);
}

/**
 * Exchanges SDP for a session of the Live API through an app created by `createRealtimeApp({ live })`, mounted at
 * `url`; like {@linkcode viaApp}.
 *
 * @category Browser
 *
 * @throws {TypeError} when an option is unknown.
 */
export function viaLiveApp(url: string | URL, options: ViaAppOptions = {}): SdpExchange {
  return exchangeOver("live/sessions", url, options);
}

function exchangeOver(route: "calls" | "live/sessions", url: string | URL, options: ViaAppOptions): SdpExchange {
  checkOptions(
    "exchange SDP",
    options,
    { session: 1, headers: 1, credentials: 1, fetch: aFunction } satisfies OptionNames<ViaAppOptions>,
  );
  const { credentials = "same-origin", fetch = globalThis.fetch, session } = options;
  const given = () => typeof options.headers === "function" ? options.headers() : options.headers;
  return async (offer, { signal }) => {
    const calls = routeOf(url, route);
    let headers = await given();
    const body = session ? JSON.stringify({ sdp: offer, session }) : offer;
    const type = session ? "application/json" : "application/sdp";
    const { response, text } = await post(fetch, calls, {
      body,
      credentials,
      headers: { ...headers, "Accept": "application/json", "Content-Type": type },
      signal,
    });
    const json = parseJson(text);
    const sdp = stringAt(json, "sdp") ?? text;
    assertSdp(sdp, response, calls);
    const callId = stringAt(json, "call_id") ?? response.headers.get("X-Realtime-Call-Id") ?? undefined;
    const callToken = stringAt(json, "call_token") ?? response.headers.get(TOKEN_HEADER) ?? undefined;
    if (!callId || !callToken) return { sdp, callId, callToken, url: calls };
    const ask = async () => {
      const init = { credentials, headers: { ...headers, [TOKEN_HEADER]: callToken }, keepalive: true };
      const { response } = await post(fetch, callRoute(calls, callId, "hangup"), init, { task: "hang up at" });
      return response.headers.get(ENDED_HEADER) ?? undefined;
    };
    // A page that is being closed cannot wait for new headers, but those of the offer may have expired.
    const hangUp = (online?: unknown): Promise<string | void> =>
      ask().catch(async () => {
        headers = await given();
        return await ask();
      }).catch((error) => {
        // Without a network, the call would keep its place at the app until it expires. A refusal is final.
        if (!(error?.status < 500)) globalThis.addEventListener?.("online", hangUp, { once: true });
        if (!online) throw error;
      });
    return { sdp, callId, callToken, url: calls, hangUp };
  };
}

/**
 * Options of {@linkcode withSecret}.
 *
 * @category Browser
 */
export interface WithSecretOptions {
  /**
   * Base URL of the API.
   *
   * @default {"https://api.openai.com/v1"}
   */
  baseUrl?: string | URL | undefined;
  /**
   * Makes the requests.
   *
   * @default {globalThis.fetch}
   */
  fetch?: FetchLike | undefined;
}

/**
 * Exchanges SDP with the API itself, using a client secret (`ek_…`) minted by a server. A function that returns a
 * secret is called for each dial, as secrets expire soon. With a plain secret, a lost call cannot be replaced.
 *
 * @category Browser
 *
 * @throws {TypeError} when an option is unknown, or `baseUrl` is not a valid URL.
 */
export function withSecret(
  secret: string | (() => string | Promise<string>),
  options: WithSecretOptions = {},
): SdpExchange {
  checkOptions("exchange SDP", options, { baseUrl: 1, fetch: aFunction } satisfies OptionNames<WithSecretOptions>);
  const { baseUrl = DEFAULT_BASE_URL, fetch = globalThis.fetch } = options;
  const calls = apiUrl({ baseUrl }, "/realtime/calls", "exchange SDP").href;
  const exchange: SdpExchange = async (offer, { signal }) => {
    const given: unknown = typeof secret === "function" ? await secret() : secret;
    const value = typeof given === "string" ? given.trim() : "";
    const fault = secretFault(given, value);
    if (fault !== undefined) {
      throw new ConnectionError(`Cannot exchange SDP as the secret must be a client secret (ek_…): ${fault}`, {
        kind: "configuration",
        url: calls,
      });
    }
    const { response, text } = await post(fetch, calls, {
      body: offer,
      headers: { "Authorization": `Bearer ${value}`, "Content-Type": "application/sdp" },
      signal,
    }, { secret: value });
    assertSdp(text, response, calls);
    const callId = /\/(rtc_[\w-]+)\/?(?:[?#]|$)/.exec(response.headers.get("Location") ?? "")?.[1];
    return { sdp: text, callId, url: calls };
  };
  return typeof secret === "string" ? Object.assign(exchange, { isOnce: true }) : exchange;
}

/** The reason why a value is no client secret, without repeating it; `undefined` when it is one. */
function secretFault(given: unknown, value: string): string | undefined {
  if (given && typeof given !== "string") return "it is not a text, such as the field value of the response";
  if (value === "") return "it is empty";
  if (value.startsWith("sk-")) return "it is an API key, which must stay on a server";
  return /^[\x21-\x7e]+$/.test(value) ? undefined : "it contains characters that are invalid in a header";
}

/** Sends a POST request and reads the response; a rejection becomes an error, which does not repeat the secret. */
async function post(
  fetch: FetchLike,
  url: string,
  init: RequestInit,
  { secret, task = "exchange SDP with" }: { readonly secret?: string; readonly task?: string } = {},
): Promise<{ response: Response; text: string }> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...init, method: "POST" });
    text = await response.text();
    if (secret) text = text.replaceAll(secret, "[secret]");
  } catch (cause) {
    init.signal?.throwIfAborted();
    throw new ConnectionError(`Cannot ${task} ${url} as there was no answer from the host`, {
      kind: "unreachable",
      url,
      cause,
    });
  }
  const { ok, status } = response;
  if (ok) return { response, text };
  const body = parseJson(text) ?? text;
  const error = isRecord(at(body, "error")) ? toApiError(body, { status }) : undefined;
  const message = `Cannot ${task} ${url} as it was refused with status ${status}`;
  throw new ConnectionError(error ? `${message}: ${error.message}` : message, {
    kind: "refused",
    url,
    status,
    body,
    cause: error,
  });
}

function assertSdp(text: string, { status }: Response, url: string): void {
  if (text.startsWith("v=0")) return;
  const value = text ? JSON.stringify(text.slice(0, 60)) : "nothing";
  throw new ConnectionError(
    `Cannot exchange SDP with ${url} as the answer must begin with v=0: current value is ${value}`,
    {
      kind: "refused",
      url,
      status,
      body: text.slice(0, 1000),
    },
  );
}

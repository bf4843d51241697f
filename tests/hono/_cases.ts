import { OFFER } from "./_edge.ts";

/** A webhook that is signed when it is sent. */
export interface SignedWebhook {
  /** The event; by default, a call of a telephone with a number. */
  readonly event?: unknown;
  /** The header `webhook-id`. */
  readonly id: string;
  /** How old it is, in seconds. */
  readonly ageSeconds?: number;
  /** Secret that it is signed with; absent: the right one. */
  readonly secret?: string;
}

/**
 * A request, and the expected response. In paths and headers `{alice}` and `{bob}` stand for their cookies, `{origin}`
 * for the origin of the app, and `{token}` for the last call token in a response.
 */
export interface Case {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the body is sent without telling its length. */
  readonly isChunked?: boolean;
  /** A webhook, in place of a body. */
  readonly webhook?: SignedWebhook;
  /** Status, and for a problem its code and its parameter. */
  readonly wanted: string;
}

const SECRETS = "/realtime/client_secrets";
const CALLS = "/realtime/calls";
const HANG_UP = "/realtime/calls/rtc_1/hangup";
const LIVE = "/realtime/live/sessions";
const WEBHOOKS = "/realtime/webhooks";
const RELAY = "/realtime/relay";
const JSON_TYPE = "application/json";
const SDP_TYPE = "application/sdp";

type Extras = Partial<Pick<Case, "body" | "headers" | "isChunked" | "method" | "webhook">> & { readonly type?: string };

/** A request of Alice, by POST unless it says otherwise. */
function asAlice(name: string, path: string, wanted: string, { headers, type, ...extras }: Extras = {}): Case {
  const all = { cookie: "{alice}", ...type === undefined ? {} : { "content-type": type }, ...headers };
  return { name, method: "POST", path, wanted, headers: all, ...extras };
}

function mint(name: string, session: string, wanted: string): Case {
  return asAlice(name, SECRETS, wanted, { type: JSON_TYPE, body: `{"session":${session}}` });
}

function offer(name: string, body: string, wanted: string, extras: Extras = {}): Case {
  return asAlice(name, CALLS, wanted, { type: SDP_TYPE, body, ...extras });
}

function live(name: string, session: string, wanted: string): Case {
  return asAlice(name, LIVE, wanted, {
    type: JSON_TYPE,
    body: `{"sdp":${JSON.stringify(OFFER)},"session":${session}}`,
  });
}

function webhook(name: string, webhook: SignedWebhook, wanted: string): Case {
  return asAlice(name, WEBHOOKS, wanted, { webhook, headers: { cookie: "" } });
}

const named = (name: string) => OFFER.replace("s=-", `s=${name}`);
const voice = (name: string) => `{"audio":{"output":{"voice":"${name}"}}}`;

/** The list of requests that every host gives the same answers to. */
export const CASES: readonly Case[] = [
  asAlice("the host's own page", "/", "200", { method: "GET" }),
  asAlice("a path that is not there", "/elsewhere", "404", { method: "GET" }),
  asAlice("a path that the app does not have", "/realtime/elsewhere", "404 not_found"),

  // Client secrets.
  asAlice("a secret for the policy", SECRETS, "200"),
  asAlice("a secret, asked for with an empty object", SECRETS, "200", { type: JSON_TYPE, body: "{}" }),
  asAlice("a secret, asked for with a type in capitals", SECRETS, "200", {
    type: "Application/JSON; Charset=UTF-8",
    body: "{}",
  }),
  mint("a voice of one's own", voice("marin"), "200"),
  mint("turns without detection", `{"audio":{"input":{"turn_detection":null}}}`, "200"),
  mint("the kind of session, said again", `{"type":"realtime"}`, "200"),
  mint("no settings at all", "{}", "200"),
  mint("another kind of session", `{"type":"transcription"}`, "403 override_not_allowed session.type"),
  mint("another model", `{"model":"gpt-realtime-expensive"}`, "403 override_not_allowed session.model"),
  mint("other instructions", `{"instructions":"Obey."}`, "403 override_not_allowed session.instructions"),
  mint(
    "tools",
    `{"tools":[{"type":"mcp","server_label":"x","server_url":"https://evil.test"}]}`,
    "403 override_not_allowed session.tools",
  ),
  mint("a prompt", `{"prompt":{"id":"pmpt_1"}}`, "403 override_not_allowed session.prompt"),
  mint("a prototype", `{"__proto__":{"tools":[]}}`, "403 override_not_allowed session.__proto__"),
  mint("a nested prototype", `{"audio":{"__proto__":{"x":1}}}`, "403 override_not_allowed session.audio.__proto__"),
  mint("a constructor", `{"constructor":1}`, "403 override_not_allowed session.constructor"),
  mint("a path with dots", `{"audio.output.voice":"marin"}`, "403 override_not_allowed session.audio.output.voice"),
  mint("a voice that is none", `{"audio":{"output":{"voice":1}}}`, "400 invalid_override session.audio.output.voice"),
  mint(
    "turn detection with tools",
    `{"audio":{"input":{"turn_detection":{"type":"server_vad","tools":[]}}}}`,
    "400 invalid_override session.audio.input.turn_detection.tools",
  ),
  mint("settings in a list", "[]", "400 invalid_request session"),
  mint("settings that are null", "null", "400 invalid_request session"),
  mint("a voice that the API does not take", voice("cedar"), "400 invalid_override session.audio.output.voice"),
  mint("a policy that the API does not take", voice("sage"), "502 upstream_refused"),
  mint("a key that the API does not take", voice("coral"), "502 upstream_refused"),
  mint("a page in place of an answer", voice("verse"), "502 upstream_refused"),
  mint("a redirection in place of an answer", voice("ash"), "502 upstream_refused"),
  asAlice("a body that is no JSON", SECRETS, "400 invalid_request", { type: JSON_TYPE, body: "{" }),
  asAlice("a body with other fields", SECRETS, "400 invalid_request expires_after", {
    type: JSON_TYPE,
    body: `{"expires_after":{}}`,
  }),
  asAlice("a body of another type", SECRETS, "415 unsupported_media_type", { type: "text/plain", body: "{}" }),
  asAlice("a body that is too long", SECRETS, "413 body_too_large", {
    type: JSON_TYPE,
    body: `"${"a".repeat(70_000)}"`,
  }),
  asAlice("a body that turns out to be too long", SECRETS, "413 body_too_large", {
    type: JSON_TYPE,
    body: `"${"a".repeat(70_000)}"`,
    isChunked: true,
  }),
  asAlice("a body in pieces", SECRETS, "200", { type: JSON_TYPE, body: "{}", isChunked: true }),
  asAlice("a secret, asked for by GET", SECRETS, "405 method_not_allowed", { method: "GET" }),
  asAlice("a secret, asked for by HEAD", SECRETS, "405", { method: "HEAD" }),
  asAlice("a secret, asked for by PUT", SECRETS, "405 method_not_allowed", {
    method: "PUT",
    type: JSON_TYPE,
    body: "{}",
  }),
  asAlice("a secret, with a slash too many", `${SECRETS}/`, "404 not_found"),

  // Callers and origins.
  asAlice("a stranger who wants a secret", SECRETS, "403 not_authorized", { headers: { cookie: "" } }),
  asAlice("a visitor with a forged cookie", SECRETS, "403 not_authorized", { headers: { cookie: "user=alice.AAAA" } }),
  asAlice("a visitor with a cookie that is not signed", SECRETS, "403 not_authorized", {
    headers: { cookie: "user=alice" },
  }),
  asAlice("a page of the app", SECRETS, "200", { headers: { origin: "{origin}" } }),
  asAlice("a page of another origin", SECRETS, "403 origin_not_allowed", { headers: { origin: "https://evil.test" } }),
  asAlice("a page without an origin", SECRETS, "403 origin_not_allowed", { headers: { origin: "null" } }),
  asAlice("a preflight of the app", SECRETS, "204", {
    method: "OPTIONS",
    headers: {
      "origin": "{origin}",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    },
  }),
  asAlice("a preflight of another origin", SECRETS, "403 origin_not_allowed", {
    method: "OPTIONS",
    headers: { "origin": "https://evil.test", "access-control-request-method": "POST" },
  }),
  asAlice("a request with an id", SECRETS, "200", { headers: { "x-request-id": "trace-1" } }),
  asAlice("a request with an id that is not one", SECRETS, "200", { headers: { "x-request-id": "<script>" } }),

  // Calls.
  offer("an offer", OFFER, "201"),
  offer("an offer with other ends of lines", OFFER.replaceAll("\r", ""), "201"),
  offer("an offer in JSON", JSON.stringify({ sdp: OFFER }), "201", { type: JSON_TYPE }),
  offer(
    "an offer in JSON, for an answer in JSON",
    JSON.stringify({ sdp: OFFER, session: { type: "realtime" } }),
    "201",
    { type: JSON_TYPE, headers: { accept: JSON_TYPE } },
  ),
  offer("an offer of a page of the app", OFFER, "201", { headers: { origin: "{origin}" } }),
  offer(
    "an offer with settings of the server",
    JSON.stringify({ sdp: OFFER, session: { tools: [] } }),
    "403 override_not_allowed session.tools",
    { type: JSON_TYPE },
  ),
  offer("an offer that is no SDP", "{}", "400 invalid_sdp"),
  offer("an offer that is empty", "", "400 invalid_sdp"),
  offer("an offer that is no SDP, in JSON", `{"sdp":"hello"}`, "400 invalid_sdp sdp", { type: JSON_TYPE }),
  offer("an offer without an offer", "{}", "400 invalid_sdp sdp", { type: JSON_TYPE }),
  offer("an offer of another type", OFFER, "415 unsupported_media_type", { type: "text/plain" }),
  offer("an offer of a stranger", OFFER, "403 not_authorized", { headers: { cookie: "" } }),
  offer("an offer that the API refuses", named("refused"), "502 upstream_refused"),
  offer("an offer that the API does not understand", named("invalid"), "400 invalid_sdp"),
  offer("an offer whose call has no name", named("nameless"), "502 upstream_refused"),
  offer("an offer that is answered in JSON", named("json"), "502 upstream_refused"),
  asAlice("an offer, asked for by GET", CALLS, "405 method_not_allowed", { method: "GET" }),

  // Hanging up.
  offer("an offer, to hang up", OFFER, "201"),
  asAlice("hanging up without a token", HANG_UP, "403 invalid_call_token"),
  asAlice("hanging up with a forged token", HANG_UP, "403 invalid_call_token", {
    headers: { "x-realtime-call-token": `9999999999.${"A".repeat(43)}` },
  }),
  asAlice("hanging up the call of another", HANG_UP, "403 invalid_call_token", {
    headers: { "cookie": "{bob}", "x-realtime-call-token": "{token}" },
  }),
  asAlice("hanging up another call", "/realtime/calls/rtc_2/hangup", "403 invalid_call_token", {
    headers: { "x-realtime-call-token": "{token}" },
  }),
  asAlice(
    "hanging up with an id that leads elsewhere",
    "/realtime/calls/..%2Fclient_secrets/hangup",
    "403 invalid_call_token",
    { headers: { "x-realtime-call-token": "{token}" } },
  ),
  asAlice("hanging up with an id that is cut", "/realtime/calls/rtc_1%00/hangup", "403 invalid_call_token", {
    headers: { "x-realtime-call-token": "{token}" },
  }),
  asAlice("hanging up", HANG_UP, "204", { headers: { "x-realtime-call-token": "{token}" } }),
  offer("an offer, whose call ends by itself", named("gone"), "201"),
  asAlice("hanging up a call that is over", "/realtime/calls/rtc_gone/hangup", "204", {
    headers: { "x-realtime-call-token": "{token}" },
  }),
  asAlice("accepting a call, which pages cannot", "/realtime/calls/rtc_1/accept", "404 not_found"),

  // Sessions of the Live API.
  asAlice("an offer for the Live API", LIVE, "201", { type: SDP_TYPE, body: OFFER }),
  asAlice("ending another Live session", `${LIVE}/live_2/hangup`, "403 invalid_call_token", {
    headers: { "x-realtime-call-token": "{token}" },
  }),
  asAlice("ending a Live session", `${LIVE}/live_1/hangup`, "204", { headers: { "x-realtime-call-token": "{token}" } }),
  live("a Live session with a voice of one's own", voice("cedar"), "201"),
  live(
    "a Live session with instructions of one's own",
    `{"instructions":"Obey."}`,
    "403 override_not_allowed session.instructions",
  ),
  live(
    "a Live session with another backend",
    `{"delegation":{"type":"client"}}`,
    "403 override_not_allowed session.delegation",
  ),
  live("a Live session that the API refuses", voice("coral"), "502 upstream_refused"),
  asAlice("an offer for the Live API by a stranger", LIVE, "403 not_authorized", {
    type: SDP_TYPE,
    body: OFFER,
    headers: { cookie: "" },
  }),
  asAlice("the Live relay, without an upgrade", "/realtime/live/relay", "426 upgrade_required", { method: "GET" }),
  asAlice("the Live relay, for a stranger", "/realtime/live/relay", "403 not_authorized", {
    method: "GET",
    headers: { cookie: "" },
  }),

  // Webhooks.
  webhook("a call that is accepted", { id: "wh_1" }, "200"),
  webhook("the same call again", { id: "wh_1" }, "200"),
  webhook("a call that is rejected", {
    id: "wh_2",
    event: {
      id: "evt_2",
      type: "realtime.call.incoming",
      created_at: 1,
      data: { call_id: "rtc_2", sip_headers: [{ name: "From", value: "sip:anonymous@example.com" }] },
    },
  }, "200"),
  webhook("a call that is over", {
    id: "wh_3",
    event: {
      id: "evt_3",
      type: "realtime.call.incoming",
      created_at: 1,
      data: { call_id: "rtc_gone", sip_headers: [] },
    },
  }, "200"),
  webhook(
    "something else",
    { id: "wh_4", event: { id: "evt_4", type: "response.completed", created_at: 1, data: {} } },
    "200",
  ),
  webhook("a webhook that is forged", { id: "wh_5", secret: "whsec_YW5vdGhlciBzZWNyZXQ=" }, "400 webhook_refused"),
  webhook("a webhook that is too old", { id: "wh_6", ageSeconds: 400 }, "400 webhook_refused"),
  webhook("a webhook of the future", { id: "wh_7", ageSeconds: -400 }, "400 webhook_refused"),
  webhook("a webhook that is no event", { id: "wh_8", event: "no JSON" }, "400 webhook_refused"),
  asAlice("a webhook that is not signed", WEBHOOKS, "400 webhook_refused", { type: JSON_TYPE, body: "{}" }),
  asAlice("a webhook by GET", WEBHOOKS, "405 method_not_allowed", { method: "GET" }),

  // The relay, where no WebSocket is asked for.
  asAlice("the relay, without an upgrade", RELAY, "426 upgrade_required", { method: "GET" }),
  asAlice("the relay, by POST", RELAY, "405 method_not_allowed"),
  asAlice("the relay, for a stranger", RELAY, "403 not_authorized", { method: "GET", headers: { cookie: "" } }),
  asAlice("the relay, for a page of another origin", RELAY, "403 origin_not_allowed", {
    method: "GET",
    headers: { origin: "https://evil.test" },
  }),
];

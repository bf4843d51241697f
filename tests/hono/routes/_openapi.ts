/**
 * Writes the OpenAPI document of the edge app, `src/hono/_openapi/document.ts`: `deno task openapi`. What pages may set
 * comes from the schemas of the protocol, by asking them which values they take; the problems come from the table that the
 * app answers by. `openapi_test.ts` fails when the document is not as this writes it.
 *
 * @module
 */
import { PROBLEM_CODES, statusOf } from "../../../src/hono/_http/problem_error.ts";
import { LIVE_OVERRIDABLE_FIELDS } from "../../../src/hono/live_overridable_field.ts";
import { OVERRIDABLE_FIELDS } from "../../../src/hono/overridable_field.ts";
import {
  checkLiveClientEvent,
  checkSessionConfig,
  checkTranslationClientSecretRequest,
} from "../../../src/protocol/mod.ts";
import { ROOT } from "../../_tools/repository.ts";

type Json = { [name: string]: unknown };

/** Where the document is. */
export const PATH = "src/hono/_openapi/document.ts";

/** A value of each type. */
const SAMPLES: readonly (readonly [type: string, values: readonly unknown[]])[] = [
  ["string", ["auto", "x", "marin", "minimal"]],
  ["number", [1, 4096, 0.5]],
  ["boolean", [true]],
  ["null", [null]],
  ["array", [[], ["audio"], ["item.input_audio_transcription.logprobs"]]],
  ["object", [
    {},
    { type: "audio/pcmu" },
    { type: "near_field" },
    { type: "server_vad" },
    { type: "audio/pcm", rate: 24_000 },
    { model: "whisper-1" },
    { id: "voice_1" },
    { type: "function", name: "x" },
    { type: "retention_ratio", retention_ratio: 0.5 },
  ]],
];

/** Whether the schemas of the protocol take a value at a path. */
type Takes = (path: string, value: unknown) => boolean;

function nestedAt(path: string, value: unknown): Json {
  return path.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Json;
}

const takesLive: Takes = (path, value) => {
  const session = { model: "gpt-live-1", ...nestedAt(path, value) };
  const issues = checkLiveClientEvent({ type: "session.start", session });
  return !issues.some((issue) => issue.path === `session.${path}` || issue.path.startsWith(`session.${path}.`));
};

function takes(path: string, value: unknown): boolean {
  const nested = nestedAt(path, value);
  if (path === "audio.output.language") {
    const session = { model: "gpt-realtime-translate", ...nested };
    return checkTranslationClientSecretRequest({ session }).length === 0;
  }
  const issues = checkSessionConfig({ type: "realtime", model: "gpt-realtime-2.1", ...nested });
  return !issues.some((issue) => issue.path === path || issue.path.startsWith(`${path}.`));
}

function typesOf(path: string, takes: Takes): readonly string[] {
  return SAMPLES.filter(([, values]) => values.some((value) => takes(path, value))).map(([type]) => type);
}

/** Schema of the session settings that a page may change. */
function fieldsSchema(fields: readonly string[], takes: Takes): Json {
  const root: Json = { type: "object", properties: {}, additionalProperties: false };
  for (const field of fields) {
    const names = field.split(".");
    let parent = root;
    for (const name of names.slice(0, -1)) {
      const properties = parent.properties as Json;
      parent = (properties[name] ??= { type: "object", properties: {} }) as Json;
      parent.properties ??= {};
    }
    const types = typesOf(field, takes);
    const inner = (parent.properties as Json)[names.at(-1)!] as Json | undefined;
    (parent.properties as Json)[names.at(-1)!] = { ...inner, type: types.length === 1 ? types[0] : types };
  }
  const description =
    "What a page may set of its session, as far as the server leaves it to pages; other fields are refused.";
  return { ...root, description };
}

function sessionSchema(): Json {
  const root = fieldsSchema(OVERRIDABLE_FIELDS, takes);
  return {
    ...root,
    properties: {
      type: { type: "string", description: "Kind of session, as the server decided it." },
      ...root.properties as Json,
    },
  };
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json) => ({ "application/json": { schema } });

/** The problems that a route may answer with, by their status. */
function problems(...more: readonly string[]): Json {
  const always = [
    "invalid_request",
    "not_authorized",
    "method_not_allowed",
    "internal_error",
    "shutting_down",
    "timed_out",
  ];
  const statuses = new Set(
    PROBLEM_CODES.filter((code) => always.includes(code) || more.includes(code)).map((code) => `${statusOf(code)}`),
  );
  return Object.fromEntries([...statuses].map((status) => [status, { $ref: "#/components/responses/Problem" }]));
}

const UPSTREAM = ["upstream_refused", "upstream_busy"] as const;
const COUNTED = ["rate_limit_exceeded", "concurrency_limit_exceeded"] as const;
const BODY = ["body_too_large", "unsupported_media_type"] as const;

const CALL_PARAMETERS = [
  { name: "callId", in: "path", required: true, schema: { type: "string" } },
  { name: "X-Realtime-Call-Token", in: "header", schema: { type: "string" }, description: "As it came with the call." },
];

const HUNG_UP = {
  description: "The call has ended",
  headers: {
    "X-Realtime-Call-Ended": {
      schema: { type: "string" },
      description: "Why it was over already, where that is known.",
    },
  },
};
const CALL_HEADERS = Object.fromEntries(
  ["Location", "X-Realtime-Call-Id", "X-Realtime-Call-Token"].map((name) => [name, { schema: { type: "string" } }]),
);

/** How the operations of calls are named. */
interface CallOperations {
  readonly offer: string;
  readonly create: readonly [id: string, summary: string];
  readonly hangUp: readonly [id: string, summary: string];
  readonly follow: readonly [id: string, summary: string];
}

/** The routes of calls of one of the APIs. */
function callPaths(path: string, { create, follow, hangUp, offer }: CallOperations): Json {
  return {
    [path]: {
      post: {
        operationId: create[0],
        summary: create[1],
        parameters: [{
          name: "Idempotency-Key",
          in: "header",
          schema: { type: "string" },
          description: "A repetition with the same key gets the same call.",
        }],
        requestBody: {
          required: true,
          content: { "application/sdp": { schema: { type: "string" } }, ...json(ref(offer)) },
        },
        responses: {
          "201": {
            description: "The call",
            headers: CALL_HEADERS,
            content: { "application/sdp": { schema: { type: "string" } }, ...json(ref("Call")) },
          },
          ...problems(...UPSTREAM, ...COUNTED, ...BODY, "invalid_sdp", "idempotency_key_reused"),
        },
      },
    },
    [`${path}/{callId}/hangup`]: {
      post: {
        operationId: hangUp[0],
        summary: hangUp[1],
        parameters: CALL_PARAMETERS,
        responses: { "204": HUNG_UP, ...problems(...UPSTREAM, "invalid_call_token") },
      },
    },
    [`${path}/{callId}/events`]: {
      get: {
        operationId: follow[0],
        summary: follow[1],
        parameters: [
          ...CALL_PARAMETERS,
          { name: "call_token", in: "query", schema: { type: "string" }, description: "For an EventSource." },
          { name: "Last-Event-ID", in: "header", schema: { type: "string" }, description: "Go on after this event." },
        ],
        responses: {
          "200": {
            description: "The events; the last one is call.ended",
            content: { "text/event-stream": { schema: { type: "string" } } },
          },
          ...problems(...UPSTREAM, "invalid_call_token", "call_not_found"),
        },
      },
    },
  };
}

/** The route of relays of one of the APIs. */
function relayPath(operationId: string, summary: string, api: string): Json {
  return {
    get: {
      operationId,
      summary,
      parameters: [
        {
          name: "resume",
          in: "query",
          schema: { type: "string" },
          description: "Token of a relay to come back to.",
        },
        {
          name: "last_event_id",
          in: "query",
          schema: { type: "string" },
          description: "The last event that was seen.",
        },
        { name: "heartbeat", in: "query", schema: { type: "string" }, description: "The page answers relay.ping." },
      ],
      responses: {
        "101": { description: `The session, in the events of the ${api} API` },
        ...problems(...COUNTED, "upgrade_required", "relay_not_found"),
      },
    },
  };
}

/** The document. */
export function openApiDocument(version: string): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "Realtime edge app",
      version,
      description: "Voice sessions for pages that never see the key.",
    },
    paths: {
      "/client_secrets": {
        post: {
          operationId: "mintClientSecret",
          summary: "Mint a client secret",
          requestBody: { content: json(ref("SessionWish")) },
          responses: {
            "200": { description: "The secret", content: json(ref("ClientSecret")) },
            ...problems(...UPSTREAM, ...COUNTED, ...BODY),
          },
        },
      },
      ...callPaths("/calls", {
        offer: "Offer",
        create: ["createCall", "Start a WebRTC call"],
        hangUp: ["hangUpCall", "Hang up a call"],
        follow: ["followCall", "Follow a call by server-sent events"],
      }),
      ...callPaths("/live/sessions", {
        offer: "LiveOffer",
        create: ["createLiveSession", "Start a WebRTC session of the Live API"],
        hangUp: ["endLiveSession", "End a session of the Live API"],
        follow: ["followLiveSession", "Follow a session of the Live API by server-sent events"],
      }),
      "/webhooks": {
        post: {
          operationId: "receiveWebhook",
          summary: "Take a webhook of OpenAI",
          description: "There when the server takes telephone calls. Signed by Standard Webhooks.",
          responses: { "200": { description: "Taken" }, ...problems(...UPSTREAM, ...BODY, "webhook_refused") },
        },
      },
      "/relay": relayPath("openRelay", "Open a session over a WebSocket", "Realtime"),
      "/live/relay": relayPath("openLiveRelay", "Open a session of the Live API over a WebSocket", "Live"),
      "/health": {
        get: {
          operationId: "health",
          summary: "Whether the server takes requests",
          responses: {
            "200": { description: "It does", content: json(ref("Health")) },
            "503": { description: "It is about to stop", content: json(ref("Health")) },
          },
        },
      },
      "/openapi.json": {
        get: {
          operationId: "openApi",
          summary: "This document",
          responses: { "200": { description: "This document", content: json({ type: "object" }) } },
        },
      },
    },
    components: {
      responses: { Problem: { description: "What went wrong", content: json(ref("Problem")) } },
      schemas: {
        Session: sessionSchema(),
        SessionWish: { type: "object", additionalProperties: false, properties: { session: ref("Session") } },
        Offer: {
          type: "object",
          additionalProperties: false,
          required: ["sdp"],
          properties: { sdp: { type: "string" }, session: ref("Session") },
        },
        LiveSession: fieldsSchema(LIVE_OVERRIDABLE_FIELDS, takesLive),
        LiveOffer: {
          type: "object",
          additionalProperties: false,
          required: ["sdp"],
          properties: { sdp: { type: "string" }, session: ref("LiveSession") },
        },
        ClientSecret: {
          type: "object",
          required: ["value", "expires_at"],
          properties: {
            value: { type: "string" },
            expires_at: { type: "integer", description: "Unix time in seconds" },
          },
        },
        Call: {
          type: "object",
          required: ["sdp", "call_id", "call_token"],
          properties: { sdp: { type: "string" }, call_id: { type: "string" }, call_token: { type: "string" } },
        },
        Health: { type: "object", required: ["status"], properties: { status: { enum: ["ok", "closing"] } } },
        Problem: {
          type: "object",
          required: ["error"],
          properties: {
            error: {
              type: "object",
              required: ["type", "code", "message", "param", "request_id"],
              properties: {
                type: { enum: ["invalid_request_error", "server_error"] },
                code: { enum: PROBLEM_CODES },
                message: { type: "string" },
                param: { type: ["string", "null"] },
                request_id: { type: "string" },
              },
            },
          },
        },
      },
    },
  };
}

/** The module with the document as a string, which is the route's response. */
export async function openApiModule(): Promise<string> {
  const { version } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`));
  const json = JSON.stringify(openApiDocument(version)).replaceAll("\\", "\\\\").replaceAll("`", "\\`");
  return `// Written by "deno task openapi", not by hand.

/** The routes of the app as OpenAPI describes them, in JSON. */
export const OPENAPI: string =
  \`${json}\`;
`;
}

if (import.meta.main) await Deno.writeTextFile(`${ROOT}/${PATH}`, await openApiModule());

/**
 * Writes the OpenAPI document of the edge app, `src/hono/_openapi/document.ts`: `deno task openapi`. What pages may set
 * comes from the schemas of the protocol, by asking them which values they take; the problems come from the table that the
 * app answers by. `openapi_test.ts` fails when the document is not as this writes it.
 *
 * @module
 */
import { PROBLEM_CODES, statusOf } from "../../../src/hono/_http/problem_error.ts";
import { OVERRIDABLE_FIELDS } from "../../../src/hono/overridable_field.ts";
import { checkSessionConfig, checkTranslationClientSecretRequest } from "../../../src/protocol/mod.ts";
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
    { model: "whisper-1" },
    { id: "voice_1" },
    { type: "function", name: "x" },
    { type: "retention_ratio", retention_ratio: 0.5 },
  ]],
];

/** Whether the schemas of the protocol take a value at a path. */
function takes(path: string, value: unknown): boolean {
  const nested = path.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Json;
  if (path === "audio.output.language") {
    const session = { model: "gpt-realtime-translate", ...nested };
    return checkTranslationClientSecretRequest({ session }).length === 0;
  }
  const issues = checkSessionConfig({ type: "realtime", model: "gpt-realtime-2.1", ...nested });
  return !issues.some((issue) => issue.path === path || issue.path.startsWith(`${path}.`));
}

function typesOf(path: string): readonly string[] {
  return SAMPLES.filter(([, values]) => values.some((value) => takes(path, value))).map(([type]) => type);
}

function sessionSchema(): Json {
  const root: Json = { type: "object", properties: {}, additionalProperties: false };
  for (const field of OVERRIDABLE_FIELDS) {
    const names = field.split(".");
    let parent = root;
    for (const name of names.slice(0, -1)) {
      const properties = parent.properties as Json;
      parent = (properties[name] ??= { type: "object", properties: {} }) as Json;
      parent.properties ??= {};
    }
    const types = typesOf(field);
    const inner = (parent.properties as Json)[names.at(-1)!] as Json | undefined;
    (parent.properties as Json)[names.at(-1)!] = { ...inner, type: types.length === 1 ? types[0] : types };
  }
  return {
    ...root,
    description:
      "What a page may set of its session, as far as the server leaves it to pages; other fields are refused.",
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

const CALL_HEADERS = Object.fromEntries(
  ["Location", "X-Realtime-Call-Id", "X-Realtime-Call-Token"].map((name) => [name, { schema: { type: "string" } }]),
);

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
      "/calls": {
        post: {
          operationId: "createCall",
          summary: "Start a WebRTC call",
          parameters: [{
            name: "Idempotency-Key",
            in: "header",
            schema: { type: "string" },
            description: "A repetition with the same key gets the same call.",
          }],
          requestBody: {
            required: true,
            content: { "application/sdp": { schema: { type: "string" } }, ...json(ref("Offer")) },
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
      "/calls/{callId}/hangup": {
        post: {
          operationId: "hangUpCall",
          summary: "Hang up a call",
          parameters: CALL_PARAMETERS,
          responses: { "204": { description: "The call has ended" }, ...problems(...UPSTREAM, "invalid_call_token") },
        },
      },
      "/calls/{callId}/events": {
        get: {
          operationId: "followCall",
          summary: "Follow a call by server-sent events",
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
      "/webhooks": {
        post: {
          operationId: "receiveWebhook",
          summary: "Take a webhook of OpenAI",
          description: "There when the server takes telephone calls. Signed by Standard Webhooks.",
          responses: { "200": { description: "Taken" }, ...problems(...UPSTREAM, ...BODY, "webhook_refused") },
        },
      },
      "/relay": {
        get: {
          operationId: "openRelay",
          summary: "Open a session over a WebSocket",
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
            "101": { description: "The session, in the events of the Realtime API" },
            ...problems(...COUNTED, "upgrade_required", "relay_not_found"),
          },
        },
      },
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

/** The module that has the document: as a text, which is what the route answers. */
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

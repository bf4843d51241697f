/**
 * An app for the edge: logged-in visitors get a voice session, and telephone calls are answered. The files next to this
 * one serve it on Deno, Bun, Node and Cloudflare Workers.
 *
 * Its environment: `OPENAI_API_KEY`; `OPENAI_WEBHOOK_SECRET` for telephones; `COOKIE_SECRET`, with which the login (not
 * shown here) has signed the cookie `user` by Hono's `setSignedCookie`; `PUBLIC_URL`, such as `https://www.example.com`,
 * when something in front of the server ends TLS; `OPENAI_BASE_URL` for another server than OpenAI's.
 *
 * @module
 */
import { createRealtimeApp, type RealtimeAppOptions, type RealtimeContext } from "@oai-rt/edge/hono";
import { Hono } from "hono";
import { env } from "hono/adapter";
import { getSignedCookie } from "hono/cookie";
import { auditLog } from "./audit_log.ts";
import { LIMITS } from "./limits.ts";
import { tools } from "./tools.ts";

const POLICY = {
  type: "realtime",
  model: "gpt-realtime-2.1",
  instructions: "You are the calm voice of a bakery. You know its opening hours by a tool.",
  audio: { output: { voice: "marin" } },
} as const;

/** The same voice over the Live API, with a model of the Responses API as its backend. */
const LIVE_POLICY = {
  model: "gpt-live-1",
  instructions: POLICY.instructions,
  delegation: { type: "responses", responses: { model: "gpt-5.2" } },
} as const;

/** The app of a host, which can be closed. */
export type EdgeApp<Bindings extends object> = Hono<{ Bindings: Bindings }> & { close(): Promise<void> };

/** Creates the app. The host passes everything that depends on it. */
export function createEdgeApp<Bindings extends object>(
  host: Pick<RealtimeAppOptions<Bindings>, "onCall" | "store" | "upgradeWebSocket">,
): EdgeApp<Bindings> {
  const realtime = createRealtimeApp<Bindings>({
    authorize: async (c) => {
      const { COOKIE_SECRET = "" } = variables(c);
      return COOKIE_SECRET !== "" && await getSignedCookie(c, COOKIE_SECRET, "user") || false;
    },
    session: POLICY,
    clientMayOverride: ["audio.output.voice", "audio.input.turn_detection"],
    baseUrl: (c) => variables(c).OPENAI_BASE_URL,
    publicUrl: (c) => variables(c).PUBLIC_URL,
    limits: LIMITS,
    tools,
    live: { session: LIVE_POLICY, clientMayOverride: ["audio.output.voice"], tools },
    onEvent: auditLog(),
    onIncomingCall: (call) =>
      call.header("From")?.includes("anonymous") ? { action: "reject" } : { action: "accept", session: POLICY },
    ...host,
  });
  const app = new Hono<{ Bindings: Bindings }>()
    .get("/", (c) => c.text("The bakery is open."))
    .route("/realtime", realtime);
  return Object.assign(app, { close: () => realtime.close() }) as EdgeApp<Bindings>;
}

function variables<Bindings extends object>(c: RealtimeContext<Bindings>): Record<string, string | undefined> {
  return env<Record<string, string | undefined>>(c);
}

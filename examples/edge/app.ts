/**
 * An app for the edge: visitors who have logged in get a voice session, and telephones are answered. The files beside
 * this one serve it on Deno, Bun, Node and Cloudflare Workers.
 *
 * Its environment: `OPENAI_API_KEY`; `OPENAI_WEBHOOK_SECRET` for telephones; `COOKIE_SECRET`, with which the login (not
 * shown here) has signed the cookie `user` by Hono's `setSignedCookie`; `OPENAI_BASE_URL` for another server than OpenAI's.
 *
 * @module
 */
import { createRealtimeApp, type RealtimeAppOptions, type RealtimeContext } from "@oai-rt/edge/hono";
import { Hono } from "hono";
import { env } from "hono/adapter";
import { getSignedCookie } from "hono/cookie";

const POLICY = {
  type: "realtime",
  model: "gpt-realtime-2.1",
  instructions: "You are the calm voice of a bakery. You know its opening hours by a tool.",
  audio: { output: { voice: "marin" } },
} as const;

/** Makes the app. What differs from host to host is left to it. */
export function createEdgeApp<Bindings extends object>(
  host: Pick<RealtimeAppOptions<Bindings>, "onCall" | "upgradeWebSocket">,
): Hono<{ Bindings: Bindings }> {
  const realtime = createRealtimeApp<Bindings>({
    authorize: async (c) => {
      const { COOKIE_SECRET = "" } = variables(c);
      return COOKIE_SECRET !== "" && await getSignedCookie(c, COOKIE_SECRET, "user") || false;
    },
    session: POLICY,
    clientMayOverride: ["audio.output.voice", "audio.input.turn_detection"],
    baseUrl: (c) => variables(c).OPENAI_BASE_URL,
    onIncomingCall: (call) =>
      call.header("From")?.includes("anonymous") ? { action: "reject" } : { action: "accept", session: POLICY },
    ...host,
  });
  return new Hono<{ Bindings: Bindings }>()
    .get("/", (c) => c.text("The bakery is open."))
    .route("/realtime", realtime);
}

function variables<Bindings extends object>(c: RealtimeContext<Bindings>): Record<string, string | undefined> {
  return env<Record<string, string | undefined>>(c);
}

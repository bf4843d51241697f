/**
 * A telephone number that answers: a bridge between Twilio Media Streams and the Realtime API. The files next to this
 * one serve it on Deno, Bun, Node and Cloudflare Workers. Point the number's webhook, "A call comes in", to `POST
 * /incoming`.
 *
 * Environment variables: `OPENAI_API_KEY`; `TWILIO_AUTH_TOKEN`, with which Twilio signs its requests (others are
 * rejected); `PUBLIC_URL`, such as `https://calls.example`, where Twilio reaches the app, unless that is the requested
 * host; `GREETING`, instructions for the model's first words; `MAX_CALLS` and `MAX_CALL_SECONDS`, by default 100 and
 * 1800; `OPENAI_BASE_URL` for a server other than OpenAI's, such as that of `deno task simulator`.
 *
 * @module
 */
import { memoryStore, type RealtimeStore } from "@oai-rt/edge/hono";
import { type Context, Hono } from "hono";
import { env } from "hono/adapter";
import { bodyLimit } from "hono/body-limit";
import type { UpgradeWebSocket } from "hono/ws";
import { connectAgent } from "./agent.ts";
import { holdCall } from "./hold_call.ts";
import { type AnnouncedCall, Tickets } from "./tickets.ts";
import { isSignedByTwilio, type SignedRequest } from "./twilio_signature.ts";

/** Maximum size of a webhook, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/** Default limits. */
const DEFAULT_MAX_CALLS = 100;
const DEFAULT_MAX_CALL_SECONDS = 1_800;

/** The environment of the app, by the names of its variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Creates the app. The host upgrades requests to WebSockets; `variables` returns the environment, which is found
 * automatically on Deno, Bun and Workers; `storeFor` returns state shared by several servers.
 */
export function createTelephoneApp(
  upgradeWebSocket: UpgradeWebSocket,
  variables: (c: Context) => Variables = (c) => env<Record<string, string>>(c),
  storeFor: (c: Context) => RealtimeStore = inMemory(),
): Hono {
  const app = new Hono();
  const onError = (error: unknown) => console.error("telephony:", error instanceof Error ? error.message : error);
  const bounds = (c: Context) => ({
    maxCalls: Number(variables(c).MAX_CALLS ?? DEFAULT_MAX_CALLS),
    maxCallMs: Number(variables(c).MAX_CALL_SECONDS ?? DEFAULT_MAX_CALL_SECONDS) * 1000,
  });
  const tickets = (c: Context) => new Tickets(storeFor(c), bounds(c));

  app.post("/incoming", bodyLimit({ maxSize: MAX_BODY_BYTES }), async (c) => {
    const url = publicUrl(c, "https:", variables(c));
    const params = new URLSearchParams(await c.req.text());
    if (!await isFromTwilio(c, variables(c), { url, params })) return c.text("Not signed by Twilio", 403);
    const ticket = await tickets(c).issue({ callSid: params.get("CallSid") ?? "", from: numberIn(params) });
    const stream = new URL(`/media/${ticket}`, publicUrl(c, "wss:", variables(c)));
    const answer = ticket === undefined ? `<Reject reason="busy"/>` : `<Connect><Stream url="${stream}"/></Connect>`;
    return c.body(`<Response>${answer}</Response>`, 200, { "content-type": "text/xml" });
  });

  app.get("/media/:ticket", async (c, next) => {
    const url = publicUrl(c, "wss:", variables(c));
    if (!await isFromTwilio(c, variables(c), { url })) return c.text("Not signed by Twilio", 403);
    const call = await tickets(c).take(c.req.param("ticket"));
    if (!call) return c.text("This stream was opened before, or never announced", 403);
    return await upgradeWebSocket(() => hold(c, call))(c, next);
  });

  function hold(c: Context, call: AnnouncedCall) {
    const ended = tickets(c);
    return holdCall({
      connect: (control) => connectAgent({ call, control, variables: variables(c) }),
      greeting: variables(c).GREETING,
      maxDurationMs: bounds(c).maxCallMs,
      onEnd: () => ended.end(call).catch(onError),
      onError,
    });
  }
  return app;
}

function inMemory(): () => RealtimeStore {
  const store = memoryStore();
  return () => store;
}

/** The caller's number. Other text comes from the caller, and must not reach the model. */
function numberIn(params: URLSearchParams): string | undefined {
  return /^\+?\d{3,15}$/.exec(params.get("From") ?? "")?.[0];
}

function isFromTwilio(c: Context, { TWILIO_AUTH_TOKEN }: Variables, request: SignedRequest): Promise<boolean> {
  return isSignedByTwilio(c.req.header("x-twilio-signature"), request, TWILIO_AUTH_TOKEN);
}

/** The address of a request as Twilio knows it: public servers use TLS, possibly behind a proxy. */
function publicUrl(c: Context, scheme: "https:" | "wss:", { PUBLIC_URL }: Variables): string {
  const { host, pathname, search } = new URL(c.req.url);
  return `${scheme}//${PUBLIC_URL ? new URL(PUBLIC_URL).host : host}${pathname}${search}`;
}

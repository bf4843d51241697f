/**
 * A telephone number that answers: a bridge between Twilio Media Streams and the Realtime API. The files beside this one
 * serve it on Deno, Bun and Cloudflare Workers. Point the number's webhook, "A call comes in", to `POST /incoming`.
 *
 * Its environment: `OPENAI_API_KEY`; `TWILIO_AUTH_TOKEN`, with which Twilio signs its requests: others are refused;
 * `PUBLIC_URL`, such as `https://calls.example`, where Twilio reaches the app, unless that is the host that it is asked
 * for; `OPENAI_BASE_URL` for another server than OpenAI's, such as that of `deno task simulator`.
 *
 * @module
 */
import { connectVoice, VOICE_PRESETS, type VoiceSession } from "@oai-rt/edge";
import { type Context, Hono } from "hono";
import { env } from "hono/adapter";
import { bodyLimit } from "hono/body-limit";
import type { UpgradeWebSocket } from "hono/ws";
import { holdCall } from "./hold_call.ts";
import { isSignedByTwilio, type SignedRequest } from "./twilio_signature.ts";

/** Most bytes of a webhook. */
const MAX_BODY_BYTES = 64 * 1024;

/** The environment of the app, by the names of its variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Makes the app. How a request becomes a WebSocket is left to the host; `variables` gives the environment, which is found
 * by itself on Deno, Bun and Workers.
 */
export function createTelephoneApp(
  upgradeWebSocket: UpgradeWebSocket,
  variables: (c: Context) => Variables = (c) => env<Record<string, string>>(c),
): Hono {
  const app = new Hono();
  app.post("/incoming", bodyLimit({ maxSize: MAX_BODY_BYTES }), async (c) => {
    const url = publicUrl(c, "https:", variables(c));
    const params = new URLSearchParams(await c.req.text());
    if (!await isFromTwilio(c, variables(c), { url, params })) return c.text("Not signed by Twilio", 403);
    const stream = new URL("/media", publicUrl(c, "wss:", variables(c)));
    const twiml = `<Response><Connect><Stream url="${stream}"/></Connect></Response>`;
    return c.body(twiml, 200, { "content-type": "text/xml" });
  });
  const upgrade = upgradeWebSocket((c) =>
    holdCall({
      connect: () => connect(variables(c)),
      onError: (error) => console.error("telephony:", error instanceof Error ? error.message : error),
    })
  );
  app.get("/media", async (c, next) => {
    const url = publicUrl(c, "wss:", variables(c));
    if (!await isFromTwilio(c, variables(c), { url })) return c.text("Not signed by Twilio", 403);
    return await upgrade(c, next);
  });
  return app;
}

function isFromTwilio(c: Context, { TWILIO_AUTH_TOKEN }: Variables, request: SignedRequest): Promise<boolean> {
  return isSignedByTwilio(c.req.header("x-twilio-signature"), request, TWILIO_AUTH_TOKEN);
}

/** The address of a request as Twilio knows it: there is no plain HTTP in public, and there may be a proxy in between. */
function publicUrl(c: Context, scheme: "https:" | "wss:", { PUBLIC_URL }: Variables): string {
  const { host, pathname, search } = new URL(c.req.url);
  return `${scheme}//${PUBLIC_URL ? new URL(PUBLIC_URL).host : host}${pathname}${search}`;
}

function connect({ OPENAI_API_KEY, OPENAI_BASE_URL }: Variables): Promise<VoiceSession> {
  return connectVoice({
    ...VOICE_PRESETS.phone,
    apiKey: OPENAI_API_KEY,
    baseUrl: OPENAI_BASE_URL,
    instructions: "You are on the telephone. Be brief.",
    turnDetection: "server_vad",
    playbackSource: "reported",
    // A telephone does not wait.
    overflow: "drop-oldest",
  });
}

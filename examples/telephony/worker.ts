// npx wrangler secret put OPENAI_API_KEY, the same for TWILIO_AUTH_TOKEN, then npx wrangler deploy
import { type DurableObjectNamespaceLike, durableObjectStore } from "@oai-rt/edge/hono";
import { upgradeWebSocket } from "hono/cloudflare-workers";
import { createTelephoneApp } from "./app.ts";

export { RealtimeStoreObject } from "@oai-rt/edge/hono";

/** Bindings of wrangler. */
type Bindings = Record<string, string> & { readonly REALTIME_STORE: DurableObjectNamespaceLike };

// A Worker lives as long as the WebSocket of its call. Tickets are known to all isolates.
export default createTelephoneApp(
  upgradeWebSocket,
  undefined,
  (c) => durableObjectStore((c.env as Bindings).REALTIME_STORE),
);

// npx wrangler secret put OPENAI_API_KEY, the same for COOKIE_SECRET, then npx wrangler deploy
import { type DurableObjectNamespaceLike, durableObjectStore } from "@oai-rt/edge/hono";
import { upgradeWebSocket } from "hono/cloudflare-workers";
import { createEdgeApp } from "./app.ts";
import { type CallBindings, openCallRoom } from "./call_room.ts";

export { RealtimeStoreObject } from "@oai-rt/edge/hono";
export { CallRoom } from "./call_room.ts";

/** Bindings of wrangler. */
interface Bindings extends CallBindings {
  readonly REALTIME_STORE: DurableObjectNamespaceLike;
}

// A Worker does not outlive its requests: Durable Objects hold the calls, and the state shared by all isolates.
export default createEdgeApp<Bindings>({
  onCall: (call, c) => openCallRoom(call.callId, c.env),
  store: (c) => durableObjectStore(c.env.REALTIME_STORE),
  upgradeWebSocket,
});

// npx wrangler secret put OPENAI_API_KEY, the same for COOKIE_SECRET, then npx wrangler deploy
import { type DurableObjectNamespaceLike, durableObjectStore } from "@oai-rt/edge/hono";
import { upgradeWebSocket } from "hono/cloudflare-workers";
import { createEdgeApp } from "./app.ts";
import { type CallBindings, openCallRoom } from "./call_room.ts";

export { RealtimeStoreObject } from "@oai-rt/edge/hono";
export { CallRoom } from "./call_room.ts";

/** What wrangler binds. */
interface Bindings extends CallBindings {
  readonly REALTIME_STORE: DurableObjectNamespaceLike;
}

// A Worker does not outlive its requests: calls are kept by Durable Objects, as is what all isolates have to know.
export default createEdgeApp<Bindings>({
  onCall: (call, c) => openCallRoom(call.callId, c.env),
  store: (c) => durableObjectStore(c.env.REALTIME_STORE),
  upgradeWebSocket,
});

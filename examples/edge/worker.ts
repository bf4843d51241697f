// npx wrangler secret put OPENAI_API_KEY, the same for COOKIE_SECRET, then npx wrangler deploy
import { upgradeWebSocket } from "hono/cloudflare-workers";
import { createEdgeApp } from "./app.ts";
import { type CallBindings, openCallRoom } from "./call_room.ts";

export { CallRoom } from "./call_room.ts";

// A Worker does not outlive its requests: calls are kept by Durable Objects.
export default createEdgeApp<CallBindings>({
  onCall: (call, c) => openCallRoom(call.callId, c.env),
  upgradeWebSocket,
});

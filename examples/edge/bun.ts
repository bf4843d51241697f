// PORT=8080 OPENAI_API_KEY=… COOKIE_SECRET=… bun examples/edge/bun.ts
import { upgradeWebSocket, websocket } from "hono/bun";
import { createEdgeApp } from "./app.ts";
import { sideband } from "./sideband.ts";

const app = createEdgeApp({ onCall: sideband(), upgradeWebSocket });

/** Bun serves what a program exports, at the port that PORT names. */
export default { fetch: app.fetch, websocket };

// PORT=8080 OPENAI_API_KEY=… COOKIE_SECRET=… bun examples/edge/bun.ts
import process from "node:process";
import { upgradeWebSocket, websocket } from "hono/bun";
import { createEdgeApp } from "./app.ts";
import { MAX_FRAME_BYTES } from "./limits.ts";
import { sideband } from "./sideband.ts";

const app = createEdgeApp({ onCall: sideband(), upgradeWebSocket });

process.on("SIGTERM", () => void app.close().then(() => process.exit()));

/** Bun serves the default export of a program, on the port in PORT. */
export default { fetch: app.fetch, websocket: { ...websocket, maxPayloadLength: MAX_FRAME_BYTES } };

// PORT=8080 OPENAI_API_KEY=… COOKIE_SECRET=… node node.js, bundled by `deno bundle --platform deno --config tests/deno.json`
import process from "node:process";
import { serve, upgradeWebSocket, type WebSocketServerLike } from "@hono/node-server";
import { WebSocketServer } from "ws";
import { createEdgeApp } from "./app.ts";
import { MAX_FRAME_BYTES } from "./limits.ts";
import { sideband } from "./sideband.ts";

const app = createEdgeApp({ onCall: sideband(), upgradeWebSocket });

// The package ws accepts frames of 100 MiB by default.
const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });

const server = serve({
  fetch: app.fetch,
  port: Number(process.env.PORT ?? 8080),
  websocket: { server: sockets as WebSocketServerLike },
}, ({ port }) => console.log(`Listening on http://localhost:${port}/`));

process.on("SIGTERM", () => void app.close().then(() => server.close()));

// PORT=8080 OPENAI_API_KEY=… COOKIE_SECRET=… node node.js, bundled by `deno bundle --platform deno`
import process from "node:process";
import { serve, upgradeWebSocket, type WebSocketServerLike } from "@hono/node-server";
import { WebSocketServer } from "ws";
import { createEdgeApp } from "./app.ts";
import { sideband } from "./sideband.ts";

const app = createEdgeApp({ onCall: sideband(), upgradeWebSocket });

serve({
  fetch: app.fetch,
  port: Number(process.env.PORT ?? 8080),
  websocket: { server: new WebSocketServer({ noServer: true }) as WebSocketServerLike },
}, ({ port }) => console.log(`Listening on http://localhost:${port}/`));

// PORT=8788 OPENAI_API_KEY=… TWILIO_AUTH_TOKEN=… node node.js, bundled by `deno bundle --platform deno`
import process from "node:process";
import { serve, upgradeWebSocket, type WebSocketServerLike } from "@hono/node-server";
import { WebSocketServer } from "ws";
import { createTelephoneApp } from "./app.ts";

// A frame has 20 ms of µ-law.
const sockets = new WebSocketServer({ noServer: true, maxPayload: 65_536 });

serve({
  fetch: createTelephoneApp(upgradeWebSocket).fetch,
  port: Number(process.env.PORT ?? 8788),
  websocket: { server: sockets as WebSocketServerLike },
}, ({ port }) => console.log(`Listening on http://localhost:${port}/`));

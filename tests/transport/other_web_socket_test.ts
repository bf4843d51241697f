import { assertEquals, assertMatch } from "@std/assert";
import { WebSocket as NodeWebSocket } from "ws";
import { createDialer } from "../../src/transport/dialer.ts";
import type { WebSocketClass } from "../../src/transport/web_socket_like.ts";
import { CANARY, refusal, requestTo } from "./_dialing.ts";
import { connectOverLoopback } from "./_loopback.ts";
import { httpAnswer, serveRaw } from "./_raw_server.ts";
import { testTransport } from "./contract.ts";

const dial = createDialer({ WebSocket: NodeWebSocket as WebSocketClass });

testTransport("The transport over another WebSocket class", () => connectOverLoopback(dial));

Deno.test("createDialer() reports why the handshake of another WebSocket class was refused", async () => {
  await using server = serveRaw(async ({ connection }) => {
    await connection.write(httpAnswer("401 Unauthorized", `{"error":{"message":"Wrong key ${CANARY}"}}`));
    await connection.closeWrite();
  });
  const error = await refusal(dial(requestTo(server.baseUrl)));
  assertEquals([error.kind, error.status], ["refused", 401]);
  assertMatch(error.message, /refused with status 401: Wrong key \[API key\]$/);
});

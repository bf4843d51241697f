import { assertEquals, assertMatch } from "@std/assert";
import { createDialer } from "../../src/transport/dialer.ts";
import { BrowserWebSocket } from "./_browser_web_socket.ts";
import { CANARY, refusal, requestTo } from "./_dialing.ts";
import { inPage } from "./_page.ts";
import { httpAnswer, serveRaw } from "./_raw_server.ts";
import { createWorkersPair, upgradeResponse } from "./_workers_pair.ts";

const WebSocket = BrowserWebSocket as unknown as typeof globalThis.WebSocket;

Deno.test("createDialer() sends headers if the runtime's WebSocket accepts them, and probes a refusal once", async () => {
  await using server = serveRaw(async ({ connection }) => {
    await connection.write(httpAnswer("401 Unauthorized", ""));
    await connection.closeWrite();
  });
  await refusal(createDialer()(requestTo(server.baseUrl)));
  assertEquals(server.requests.map(({ isUpgrade }) => isUpgrade), [true, false]);
  const { head } = server.requests[0]!;
  assertMatch(head, new RegExp(`^authorization: Bearer ${CANARY}\r$`, "im"));
  assertEquals(/^sec-websocket-protocol/im.test(head), false);
});

Deno.test("createDialer() sends a client secret as a subprotocol if WebSocket accepts no headers", async () => {
  BrowserWebSocket.offers.length = 0;
  const request = requestTo("wss://api.example.com/v1");
  request.headers.set("authorization", "Bearer ek_canary");
  const socket = await inPage(() => createDialer({ WebSocket })(request));
  assertEquals(BrowserWebSocket.offers, [["realtime", "openai-insecure-api-key.ek_canary", "openai-project.proj"]]);
  assertEquals(socket.bufferedAmount, 0);
});

Deno.test("createDialer() does not send an API key if WebSocket accepts no headers", async () => {
  BrowserWebSocket.offers.length = 0;
  const error = await refusal(createDialer({ WebSocket })(requestTo("wss://api.example.com/v1")));
  assertEquals([error.kind, BrowserWebSocket.offers], ["configuration", []]);
  assertMatch(error.message, /needs a client secret \(ek_…\)/);
});

Deno.test("createDialer() does not mistake another constructor error for missing header support", async () => {
  class MixedContentWebSocket {
    constructor() {
      throw new DOMException("An insecure WebSocket connection may not be initiated.", "SecurityError");
    }
  }
  const WebSocket = MixedContentWebSocket as unknown as typeof globalThis.WebSocket;
  const request = requestTo("ws://api.example.com/v1");
  request.headers.set("authorization", "Bearer ek_canary");
  const error = await refusal(createDialer({ WebSocket })(request));
  assertEquals([error.kind, (error.cause as Error).name], ["configuration", "SecurityError"]);
});

Deno.test("createDialer() upgrades with fetch() in runtimes with a WebSocketPair", async () => {
  Object.defineProperty(globalThis, "WebSocketPair", { value: class {}, configurable: true });
  try {
    const addresses: string[] = [];
    const [client] = createWorkersPair();
    const fetch = (address: string | URL | Request) => {
      addresses.push(`${address}`);
      return Promise.resolve(upgradeResponse(client));
    };
    await createDialer({ fetch, WebSocket })(requestTo("wss://api.example.com/v1"));
    assertEquals(addresses, ["https://api.example.com/v1/realtime?model=m"]);
  } finally {
    Reflect.deleteProperty(globalThis, "WebSocketPair");
  }
});

import { assert, assertEquals, assertMatch } from "@std/assert";
import { toLiveDialer } from "../../src/live/_live_dialer.ts";
import { connectLive } from "../../src/live/mod.ts";
import { BrowserWebSocket } from "../transport/_browser_web_socket.ts";
import { CANARY, refusal, requestTo } from "../transport/_dialing.ts";
import { inPage } from "../transport/_page.ts";
import { httpAnswer, serveRaw } from "../transport/_raw_server.ts";

const WebSocket = BrowserWebSocket as unknown as typeof globalThis.WebSocket;

Deno.test("connectLive() sends its key in a header", async () => {
  await using server = serveRaw(async ({ connection }) => {
    await connection.write(httpAnswer("401 Unauthorized", ""));
    await connection.closeWrite();
  });
  const error = await refusal(connectLive({ apiKey: CANARY, baseUrl: server.baseUrl }));
  assertEquals([error.kind, error.status], ["refused", 401]);
  const { head } = server.requests[0]!;
  assertMatch(head, new RegExp(`^GET [^ ]*/live/sessions HTTP.*^authorization: Bearer ${CANARY}\r$`, "ims"));
  assertEquals(/^sec-websocket-protocol/im.test(head), false);
});

Deno.test("a page with a key gets an error that the Live API has no client secrets, and does not dial", async () => {
  for (const key of [CANARY, "ek_canary"]) {
    BrowserWebSocket.offers.length = 0;
    const request = requestTo("wss://api.example.com/v1");
    request.headers.set("authorization", `Bearer ${key}`);
    const error = await refusal(inPage(() => toLiveDialer({ WebSocket })(request)));
    assertEquals([error.kind, BrowserWebSocket.offers], ["configuration", []]);
    assert(error.message.includes("no client secrets") && error.message.includes("connectLiveRelay"), error.message);
  }
});

Deno.test("a page connects to a relay without sending a key", async () => {
  BrowserWebSocket.offers.length = 0;
  const socket = await inPage(() =>
    toLiveDialer({ WebSocket })({ ...requestTo("wss://app.example.com"), headers: new Headers() })
  );
  assertEquals([BrowserWebSocket.offers, socket.bufferedAmount], [[[]], 0]);
});

Deno.test("another constructor error is not mistaken for missing header support", async () => {
  class MixedContentWebSocket {
    constructor() {
      throw new DOMException("An insecure WebSocket connection may not be initiated.", "SecurityError");
    }
  }
  const dial = toLiveDialer({ WebSocket: MixedContentWebSocket as unknown as typeof globalThis.WebSocket });
  const error = await refusal(dial(requestTo("ws://api.example.com/v1")));
  assertEquals([error.message.includes("secrets"), (error.cause as Error).name], [false, "SecurityError"]);
});

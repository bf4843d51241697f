import { assertEquals, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { ConnectionError } from "../../src/errors.ts";
import { createHeaderDialer } from "../../src/transport/header_dialer.ts";
import { CANARY, refusal, requestTo } from "./_dialing.ts";
import { acceptance, closeFrame, joinBytes, type RawRequest, serveRaw, textFrame } from "./_raw_server.ts";

Deno.test("createHeaderDialer() sends the headers in the handshake, and opens a socket for text in both directions", async () => {
  const { promise: received, resolve } = Promise.withResolvers<unknown>();
  await using server = serveRaw(async ({ head, connection }) => {
    await connection.write(joinBytes(await acceptance(head), textFrame("hello")));
    const masked = new Uint8Array(64);
    resolve(masked.subarray(0, await connection.read(masked) ?? 0)[1]! & 127);
    await connection.write(closeFrame(3000, "bye"));
  });
  const socket = await createHeaderDialer()(requestTo(server.baseUrl));
  const closed = new Promise((resolve) => {
    socket.listen({ message: (data) => socket.send(`${data} yourself`), close: resolve });
  });
  assertEquals(await received, "hello yourself".length);
  assertEquals(await closed, { code: 3000, reason: "bye" });
  const [{ head }] = server.requests as [RawRequest];
  assertMatch(head, /^GET \/v1\/realtime\?model=m HTTP\/1\.1\r\n/);
  assertMatch(head, new RegExp(`^authorization: Bearer ${CANARY}\r$`, "im"));
  assertMatch(head, /^openai-project: proj\r$/im);
  assertEquals(/^sec-websocket-protocol/im.test(head), false);
});

Deno.test("createHeaderDialer() offers the given subprotocols", async () => {
  await using server = serveRaw(({ connection }) => connection.close());
  await refusal(createHeaderDialer()({ ...requestTo(server.baseUrl), protocols: ["realtime", "other"] }));
  assertMatch(server.requests[0]!.head, /^sec-websocket-protocol: realtime, ?other\r$/im);
});

Deno.test("createHeaderDialer() loses nothing that arrives with the handshake, however late the listener is", async () => {
  await using server = serveRaw(async ({ head, connection }) => {
    const frames = [textFrame("first"), textFrame("second"), closeFrame(1000, "done")];
    await connection.write(joinBytes(await acceptance(head), ...frames));
  });
  const closed = Promise.withResolvers<void>();
  class SpiedWebSocket extends WebSocket {
    constructor(url: string | URL, options?: string | string[] | WebSocketOptions) {
      super(url, options);
      this.addEventListener("close", () => closed.resolve());
    }
  }
  const socket = await createHeaderDialer({ WebSocket: SpiedWebSocket })(requestTo(server.baseUrl));
  await closed.promise;
  const heard: unknown[] = [];
  socket.listen({ message: (data) => heard.push(data), close: ({ code, reason }) => heard.push({ code, reason }) });
  assertEquals(heard, ["first", "second", { code: 1000, reason: "done" }]);
});

Deno.test("createHeaderDialer() rejects if the runtime's WebSocket accepts no headers", async () => {
  const cause = new SyntaxError("The subprotocol '[object Object]' is invalid");
  class HeaderlessWebSocket {
    constructor() {
      throw cause;
    }
  }
  const WebSocket = HeaderlessWebSocket as unknown as typeof globalThis.WebSocket;
  const error = await refusal(createHeaderDialer({ WebSocket })(requestTo("ws://127.0.0.1:1/v1")));
  assertEquals(error.kind, "configuration");
  assertMatch(error.message, / as this runtime's WebSocket cannot be constructed with headers$/);
  assertStrictEquals(error.cause, cause);
});

Deno.test("createHeaderDialer() does not dial when the signal is already aborted", async () => {
  await using server = serveRaw(({ connection }) => connection.close());
  const reason = new Error("enough");
  const dialed = createHeaderDialer()(requestTo(server.baseUrl, AbortSignal.abort(reason)));
  assertStrictEquals(await assertRejects(() => dialed), reason);
  assertEquals(server.requests, []);
});

Deno.test("createHeaderDialer() closes the socket when the signal is aborted during the handshake", async () => {
  await using server = serveRaw(() => {});
  const arrived = server.nextRequest();
  const controller = new AbortController();
  const reason = new Error("enough");
  const dialed = createHeaderDialer()(requestTo(server.baseUrl, controller.signal));
  const rejected = assertRejects(() => dialed);
  const { ended } = await arrived;
  controller.abort(reason);
  assertStrictEquals(await rejected, reason);
  await ended;
  assertEquals(server.requests.length, 1);
});

Deno.test("createHeaderDialer() does not wait for a WebSocket that never reports its close", async () => {
  class SilentWebSocket extends EventTarget {
    readyState = 0;
    close(): void {}
  }
  const WebSocket = SilentWebSocket as unknown as typeof globalThis.WebSocket;
  const controller = new AbortController();
  const reason = new Error("enough");
  const dialed = createHeaderDialer({ WebSocket })(requestTo("ws://127.0.0.1:1/v1", controller.signal));
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => dialed), reason);
});

Deno.test("createHeaderDialer() rejects when a WebSocket closes during the handshake without an error", async () => {
  class ClosingWebSocket extends EventTarget {
    readyState = 0;
    constructor() {
      super();
      queueMicrotask(() => this.dispatchEvent(new CloseEvent("close", { code: 1006 })));
    }
  }
  const dial = createHeaderDialer({
    WebSocket: ClosingWebSocket as unknown as typeof globalThis.WebSocket,
    fetch: () => Promise.resolve(new Response(null, { status: 426 })),
  });
  const error = await assertRejects(
    () => dial(requestTo("ws://127.0.0.1:1/v1")),
    ConnectionError,
    "closed with code 1006",
  );
  assertEquals(error.kind, "refused");
});

Deno.test("createHeaderDialer() keeps the socket open when the signal is aborted later", async () => {
  const { promise: opcode, resolve } = Promise.withResolvers<number>();
  await using server = serveRaw(async ({ head, connection }) => {
    await connection.write(await acceptance(head));
    const frame = new Uint8Array(64);
    await connection.read(frame);
    resolve(frame[0]! & 15);
    await connection.write(closeFrame(1000, ""));
  });
  const controller = new AbortController();
  const socket = await createHeaderDialer()(requestTo(server.baseUrl, controller.signal));
  const closed = new Promise((resolve) => socket.listen({ message() {}, close: resolve }));
  controller.abort();
  socket.send("still here");
  assertEquals(await opcode, 1, "a text frame, not a close frame");
  await closed;
});

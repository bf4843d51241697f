import { assertEquals, assertInstanceOf, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { RealtimeApiError } from "../../src/errors.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { connectWebSocket } from "../../src/transport/connect_web_socket.ts";
import { createWorkersDialer } from "../../src/transport/workers_dialer.ts";
import { CANARY, refusal, requestTo } from "./_dialing.ts";
import { collectFrames } from "./_frames.ts";
import { createWorkersPair, upgradeResponse } from "./_workers_pair.ts";
import { type Link, testTransport } from "./contract.ts";

const BASE_URL = "wss://api.example.com/v1";

/** A `fetch` that records its requests, with scripted answers. */
function fakeFetch(answer: () => Response | Promise<Response>) {
  const requests: { url: string; init: RequestInit; headers: Record<string, string>; signal: AbortSignal }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    requests.push({
      url: `${input}`,
      init,
      headers: Object.fromEntries(new Headers(init.headers)),
      signal: init.signal!,
    });
    return await answer();
  };
  return { fetch, requests };
}

/** A dialled socket, and its other end. */
async function dialled() {
  const [client, server] = createWorkersPair();
  const { fetch } = fakeFetch(() => upgradeResponse(client));
  const socket = await createWorkersDialer({ fetch })(requestTo(BASE_URL));
  return { client, server, socket };
}

async function connect(): Promise<Link> {
  const { push, end, frames } = collectFrames();
  const closed = Promise.withResolvers<CloseEvent>();
  const [client, server] = createWorkersPair();
  server.addEventListener("message", (event) => push((event as MessageEvent).data));
  server.addEventListener("close", (event) => {
    const { code, reason } = event as CloseEvent;
    server.hangUp(code, reason);
    end();
    closed.resolve(event as CloseEvent);
  });
  const { fetch } = fakeFetch(() => upgradeResponse(client));
  const transport = await connectWebSocket({ apiKey: "sk-test", dial: createWorkersDialer({ fetch }) });
  return {
    transport,
    send: (data) => server.send(data),
    frames,
    close: (code, reason) => server.hangUp(code, reason),
    closed: closed.promise,
    async [Symbol.asyncDispose]() {
      await transport.close();
      await closed.promise;
    },
  };
}

testTransport("The transport on Workers", connect);

Deno.test("createWorkersDialer() upgrades with fetch(), with the key in a header only", async () => {
  for (const [base, address] of [[BASE_URL, "https://api.example.com/v1"], ["ws://[::1]:80/x", "http://[::1]/x"]]) {
    const { fetch, requests } = fakeFetch(() => upgradeResponse(createWorkersPair()[0]));
    await createWorkersDialer({ fetch })(requestTo(base!));
    const [{ url, init, headers }] = requests as [typeof requests[0] & object];
    assertEquals(url, `${address}/realtime?model=m`);
    assertEquals([init.method, init.redirect], [undefined, "manual"]);
    assertEquals(headers, {
      "authorization": `Bearer ${CANARY}`,
      "openai-project": "proj",
      "upgrade": "websocket",
    });
  }
});

Deno.test("createWorkersDialer() does not change the given headers, and offers subprotocols", async () => {
  const { fetch, requests } = fakeFetch(() => upgradeResponse(createWorkersPair()[0]));
  const request = { ...requestTo(BASE_URL), protocols: ["realtime", "other"] };
  await createWorkersDialer({ fetch })(request);
  assertEquals(requests[0]?.headers["sec-websocket-protocol"], "realtime, other");
  assertEquals([...request.headers.keys()], ["authorization", "openai-project"]);
});

Deno.test("createWorkersDialer() loses nothing that accept() delivers at once, however late the listener is", async () => {
  const [client, server] = createWorkersPair();
  server.send("first");
  server.send(new Uint8Array([1, 2]));
  server.hangUp(1001, "late");
  const { fetch } = fakeFetch(() => upgradeResponse(client));
  const socket = await createWorkersDialer({ fetch })(requestTo(BASE_URL));
  const heard: unknown[] = [];
  socket.listen({ message: (data) => heard.push(data), close: (info) => heard.push(info) });
  assertEquals(heard, ["first", new Uint8Array([1, 2]), { code: 1001, reason: "late" }]);
});

Deno.test("createWorkersDialer() answers a close frame, as old compatibility dates do not", async () => {
  const { client, server, socket } = await dialled();
  const closed = new Promise((resolve) => socket.listen({ message() {}, close: resolve }));
  const answered = new Promise((resolve) => server.addEventListener("close", resolve));
  server.hangUp(1001, "over");
  assertEquals(await closed, { code: 1001, reason: "over" });
  await answered;
  assertEquals([client.closes, client.readyState, server.readyState], [[[undefined, undefined]], 3, 3]);
});

Deno.test("createWorkersDialer() ends once when a socket fails with an error event only", async () => {
  for (const events of [[new Event("error")], [new CloseEvent("close", { code: 1001 }), new Event("error")]]) {
    const { client, socket } = await dialled();
    const codes: number[] = [];
    socket.listen({ message() {}, close: ({ code }) => codes.push(code) });
    for (const event of events) client.dispatchEvent(event);
    assertEquals(codes, [events.length === 1 ? 1006 : 1001]);
  }
});

Deno.test("createWorkersDialer() reports status, body and API error of a refusal, without the key", async () => {
  const body = { error: { code: "invalid_api_key", message: `Wrong key ${CANARY}.` } };
  const { fetch, requests } = fakeFetch(() => Response.json(body, { status: 401 }));
  const request = requestTo(BASE_URL);
  const error = await refusal(createWorkersDialer({ fetch })(request));
  assertEquals([error.kind, error.status, error.url], ["refused", 401, request.url.href]);
  assertEquals(
    error.message,
    `Cannot connect to ${request.url} as the handshake was refused with status 401: Wrong key [API key].`,
  );
  assertEquals(error.body, { error: { code: "invalid_api_key", message: "Wrong key [API key]." } });
  assertInstanceOf(error.cause, RealtimeApiError);
  assertEquals(requests.length, 1);
});

Deno.test("createWorkersDialer() treats an answer without a socket as a refusal, whatever its status", async () => {
  for (const [status, body] of [[200, "hello"], [302, "moved"], [503, "busy"]] as const) {
    const { fetch } = fakeFetch(() => new Response(body, { status }));
    const error = await refusal(createWorkersDialer({ fetch })(requestTo(BASE_URL)));
    assertEquals([error.kind, error.status, error.body, error.cause], ["refused", status, body, undefined]);
  }
});

Deno.test("createWorkersDialer() reports the status of a refusal whose body never ends, and cancels it", async () => {
  const { fetch, requests } = fakeFetch(() => new Response(new ReadableStream(), { status: 503 }));
  const clock = createVirtualClock();
  const failed = refusal(createWorkersDialer({ fetch, clock })(requestTo(BASE_URL)));
  await clock.advance(3000);
  const error = await failed;
  assertEquals([error.kind, error.status, error.body], ["refused", 503, undefined]);
  assertEquals([requests[0]?.signal.aborted, clock.pending], [true, 0]);
});

Deno.test("createWorkersDialer() reports an unreachable host", async () => {
  const cause = new Error("Network connection lost.");
  const { fetch } = fakeFetch(() => Promise.reject(cause));
  const error = await refusal(createWorkersDialer({ fetch })(requestTo(BASE_URL)));
  assertEquals([error.kind, error.status], ["unreachable", undefined]);
  assertMatch(error.message, /^Cannot connect to \S+ as there was no answer from the host$/);
  assertStrictEquals(error.cause, cause);
});

Deno.test("createWorkersDialer() does not fetch when the signal is already aborted", async () => {
  const { fetch, requests } = fakeFetch(() => Response.error());
  const reason = new Error("enough");
  const dialing = createWorkersDialer({ fetch })(requestTo(BASE_URL, AbortSignal.abort(reason)));
  assertStrictEquals(await assertRejects(() => dialing), reason);
  assertEquals(requests, []);
});

Deno.test("createWorkersDialer() cancels when the signal is aborted during the handshake", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const { fetch, requests } = fakeFetch(() =>
    new Promise((_, reject) => {
      requests[0]!.signal.addEventListener("abort", () => reject(new DOMException("Aborted", "AbortError")));
    })
  );
  const dialing = createWorkersDialer({ fetch })(requestTo(BASE_URL, controller.signal));
  const rejected = assertRejects(() => dialing);
  controller.abort(reason);
  assertStrictEquals(await rejected, reason);
  assertStrictEquals(requests[0]?.signal.reason, reason);
});

Deno.test("createWorkersDialer() closes a socket that arrives after the signal was aborted", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const answer = Promise.withResolvers<Response>();
  const { fetch } = fakeFetch(() => answer.promise);
  const dialing = createWorkersDialer({ fetch })(requestTo(BASE_URL, controller.signal));
  const rejected = assertRejects(() => dialing);
  controller.abort(reason);
  const [client, server] = createWorkersPair();
  const closed = new Promise((resolve) => {
    server.addEventListener("close", (event) => resolve((event as CloseEvent).code));
  });
  answer.resolve(upgradeResponse(client));
  assertStrictEquals(await rejected, reason);
  assertEquals(await closed, 1000);
});

Deno.test("createWorkersDialer() keeps the socket open when the signal is aborted later", async () => {
  const controller = new AbortController();
  const [client, server] = createWorkersPair();
  const { fetch, requests } = fakeFetch(() => upgradeResponse(client));
  const socket = await createWorkersDialer({ fetch })(requestTo(BASE_URL, controller.signal));
  controller.abort();
  assertEquals(requests[0]?.signal.aborted, false);
  const received = new Promise((resolve) => {
    server.addEventListener("message", (event) => resolve((event as MessageEvent).data));
  });
  socket.send("still here");
  assertEquals(await received, "still here");
  assertEquals(client.closes, []);
});

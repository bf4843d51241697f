import { assert, assertEquals, assertInstanceOf, assertMatch, assertRejects, assertStrictEquals } from "@std/assert";
import { RealtimeApiError } from "../../src/errors.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { explainFailure } from "../../src/transport/_explain_failure.ts";
import { createHeaderDialer } from "../../src/transport/header_dialer.ts";
import { CANARY, refusal, requestTo } from "./_dialing.ts";
import { inPage } from "./_page.ts";
import { httpAnswer, type RawRequest, serveRaw } from "./_raw_server.ts";

const UNAUTHORIZED = { error: { type: "invalid_request_error", code: "invalid_api_key", message: "Wrong key." } };

/** Answers upgrades with one response and requests without an upgrade with another. */
function answering(upgrade: Uint8Array<ArrayBuffer>, plain: Uint8Array<ArrayBuffer>) {
  return async ({ isUpgrade, connection }: RawRequest) => {
    await connection.write(isUpgrade ? upgrade : plain);
    await connection.closeWrite();
  };
}

function json(status: string, body: unknown): Uint8Array<ArrayBuffer> {
  return httpAnswer(status, JSON.stringify(body), "Content-Type: application/json\r\n");
}

/** A WebSocket that fails without a reason, as Node's does. */
class OpaqueWebSocket extends EventTarget {
  readyState = 0;

  constructor() {
    super();
    queueMicrotask(() => this.dispatchEvent(new Event("error")));
  }

  close(): void {}
}

const OpaqueConstructor = OpaqueWebSocket as unknown as typeof WebSocket;

/** The address of a port without a server. */
function deadBaseUrl(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `ws://127.0.0.1:${listener.addr.port}/v1`;
}

Deno.test("explainFailure() reports status, body and API error of a refused handshake", async () => {
  const answer = json("401 Unauthorized", UNAUTHORIZED);
  await using server = serveRaw(answering(answer, answer));
  const request = requestTo(server.baseUrl);
  const error = await refusal(createHeaderDialer()(request));
  assertEquals(
    error.message,
    `Cannot connect to ${request.url} as the handshake was refused with status 401: Wrong key.`,
  );
  assertEquals([error.kind, error.status, error.url], ["refused", 401, request.url.href]);
  assertEquals(error.body, UNAUTHORIZED);
  assertInstanceOf(error.cause, RealtimeApiError);
  assertEquals([error.cause.code, error.cause.status], ["invalid_api_key", 401]);
  const [handshake, question] = server.requests;
  assertEquals([server.requests.length, handshake?.isUpgrade, question?.isUpgrade], [2, true, false]);
  assertMatch(question!.head, /^GET \/v1\/realtime\?model=m HTTP/);
  assertMatch(question!.head, new RegExp(`^authorization: Bearer ${CANARY}\r$`, "im"));
});

Deno.test("explainFailure() keeps the body of a refusal as text when it is not JSON", async () => {
  const answer = httpAnswer("503 Service Unavailable", "<h1>Busy</h1>");
  await using server = serveRaw(answering(answer, answer));
  const error = await refusal(createHeaderDialer()(requestTo(server.baseUrl)));
  assertEquals([error.status, error.body, error.cause], [503, "<h1>Busy</h1>", undefined]);
});

Deno.test("explainFailure() redacts the key in the body", async () => {
  const answer = json("401 Unauthorized", { error: { message: `Unknown key ${CANARY}: ${CANARY}` } });
  await using server = serveRaw(answering(answer, answer));
  const error = await refusal(createHeaderDialer()(requestTo(server.baseUrl)));
  assertEquals(error.body, { error: { message: "Unknown key [API key]: [API key]" } });
  const request = requestTo(server.baseUrl);
  request.headers.delete("authorization");
  request.headers.set("api-key", CANARY);
  assertEquals((await refusal(createHeaderDialer()(request))).body, error.body);
});

Deno.test("explainFailure() reports no body when the probe gets another status", async () => {
  for (const plain of [json("404 Not Found", UNAUTHORIZED), json("200 OK", UNAUTHORIZED)]) {
    await using server = serveRaw(answering(json("403 Forbidden", {}), plain));
    const error = await refusal(createHeaderDialer()(requestTo(server.baseUrl)));
    assertEquals([error.kind, error.status, error.body, error.cause], ["refused", 403, undefined, undefined]);
    assertMatch(error.message, /refused with status 403$/);
  }
});

Deno.test("explainFailure() takes the status from the probe if the runtime does not report it", async () => {
  const answer = json("401 Unauthorized", UNAUTHORIZED);
  await using server = serveRaw(answering(answer, answer));
  const error = await refusal(createHeaderDialer({ WebSocket: OpaqueConstructor })(requestTo(server.baseUrl)));
  assertEquals([error.kind, error.status, error.body], ["refused", 401, UNAUTHORIZED]);
});

Deno.test("explainFailure() does not mistake an answer of a working server for a refusal", async () => {
  for (const status of ["200 OK", "426 Upgrade Required"]) {
    const answer = json(status, {});
    await using server = serveRaw(answering(answer, answer));
    const error = await refusal(createHeaderDialer({ WebSocket: OpaqueConstructor })(requestTo(server.baseUrl)));
    assertEquals([error.kind, error.status, error.body], ["refused", undefined, undefined]);
    const words = `: the host answers a request without an upgrade with status ${status.slice(0, 3)}`;
    assert(error.message.endsWith(`as the handshake failed${words}`), error.message);
  }
});

Deno.test("explainFailure() neither follows a redirect nor sends the key there", async () => {
  await using elsewhere = serveRaw(({ connection }) => connection.close());
  const location = `Location: ${elsewhere.baseUrl.replace("ws:", "http:")}/realtime\r\n`;
  const answer = httpAnswer("302 Found", "moved", location);
  await using server = serveRaw(answering(answer, answer));
  const error = await refusal(createHeaderDialer()(requestTo(server.baseUrl)));
  assertEquals([error.kind, error.status, error.body], ["refused", 302, "moved"]);
  assertEquals(elsewhere.requests, []);
});

Deno.test("explainFailure() recognizes a redirect if the runtime does not report the status", async () => {
  const answer = httpAnswer("301 Moved Permanently", "moved", "Location: https://example.com/\r\n");
  await using server = serveRaw(answering(answer, answer));
  const error = await refusal(createHeaderDialer({ WebSocket: OpaqueConstructor })(requestTo(server.baseUrl)));
  assertEquals([error.kind, error.status, error.body], ["refused", 301, "moved"]);
  assert(error.message.endsWith("as the handshake was refused with status 301"), error.message);
});

Deno.test("explainFailure() reports an unreachable host", async () => {
  const request = requestTo(deadBaseUrl());
  for (const options of [{}, { WebSocket: OpaqueConstructor }]) {
    const error = await refusal(createHeaderDialer(options)(request));
    assertEquals([error.kind, error.url, error.status], ["unreachable", request.url.href, undefined]);
    assert(error.message.startsWith(`Cannot connect to ${request.url} as there was no answer from the host`));
    assertInstanceOf(error.cause, Error);
  }
});

Deno.test("explainFailure() includes the code of the deepest cause, once", async () => {
  const request = requestTo(deadBaseUrl());
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const fetch = () => Promise.reject(new TypeError("fetch failed", { cause: refused }));
  for (
    const [message, words] of [
      ["", " (ECONNREFUSED)"],
      ["Received network error", ": Received network error (ECONNREFUSED)"],
      ["connect ECONNREFUSED 127.0.0.1", ": connect ECONNREFUSED 127.0.0.1"],
    ] as const
  ) {
    const error = await explainFailure(request, message, { fetch });
    assert(error.message.endsWith(`as there was no answer from the host${words}`), error.message);
  }
});

Deno.test("explainFailure() reports a host that hangs up without an answer", async () => {
  await using server = serveRaw(({ connection }) => connection.close());
  assertEquals((await refusal(createHeaderDialer()(requestTo(server.baseUrl)))).kind, "unreachable");
});

Deno.test("explainFailure() cancels its probe when the signal is aborted", async () => {
  await using server = serveRaw(({ isUpgrade, connection }) => isUpgrade && connection.close());
  const controller = new AbortController();
  const reason = new Error("enough");
  const dial = createHeaderDialer({ clock: createVirtualClock() });
  const rejected = assertRejects(() => dial(requestTo(server.baseUrl, controller.signal)));
  await server.nextRequest();
  const { isUpgrade, ended } = await server.nextRequest();
  assertEquals(isUpgrade, false);
  controller.abort(reason);
  assertStrictEquals(await rejected, reason);
  await ended;
});

Deno.test("explainFailure() waits three seconds for the answer to its probe", async () => {
  await using server = serveRaw(async ({ isUpgrade, connection }) => {
    if (!isUpgrade) return;
    await connection.write(json("401 Unauthorized", UNAUTHORIZED));
    await connection.closeWrite();
  });
  const clock = createVirtualClock();
  const failed = refusal(createHeaderDialer({ clock })(requestTo(server.baseUrl)));
  await server.nextRequest();
  const { ended } = await server.nextRequest();
  await clock.advance(3000);
  const error = await failed;
  assertEquals([error.kind, error.status, error.body], ["refused", 401, undefined]);
  assertEquals(clock.pending, 0);
  await ended;
});

Deno.test("explainFailure() reports the status of an answer whose body never ends", async () => {
  await using server = serveRaw(({ connection }) =>
    connection.write(new TextEncoder().encode("HTTP/1.1 401 Unauthorized\r\nContent-Length: 100\r\n\r\n{"))
  );
  const clock = createVirtualClock();
  const answered = Promise.withResolvers<void>();
  const failed = refusal(
    createHeaderDialer({
      WebSocket: OpaqueConstructor,
      clock,
      async fetch(...args) {
        const response = await fetch(...args);
        answered.resolve();
        return response;
      },
    })(requestTo(server.baseUrl)),
  );
  await answered.promise;
  await clock.advance(3000);
  const error = await failed;
  assertEquals([error.kind, error.status, error.body], ["refused", 401, undefined]);
});

Deno.test("explainFailure() reads at most 65,536 characters of a body", async () => {
  await using server = serveRaw(async ({ connection }) => {
    const piece = new TextEncoder().encode("x".repeat(1000));
    await connection.write(new TextEncoder().encode("HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n"));
    while (true) await connection.write(piece);
  });
  const error = await refusal(createHeaderDialer({ WebSocket: OpaqueConstructor })(requestTo(server.baseUrl)));
  assertEquals([error.status, error.body], [500, "x".repeat(65_536)]);
});

/** A `fetch` as in a page: it fails, except with mode no-cors. */
function pageFetch(hiddenAnswer: () => Promise<Response>) {
  const requests: RequestInit[] = [];
  const fetch = (_address: unknown, init: RequestInit = {}) => {
    requests.push(init);
    return init.mode === "no-cors" ? hiddenAnswer() : Promise.reject(new TypeError("Failed to fetch"));
  };
  return { fetch: fetch as typeof globalThis.fetch, requests };
}

Deno.test("explainFailure() detects an opaque answer in a page", async () => {
  const { fetch, requests } = pageFetch(() => Promise.resolve(Response.error()));
  const dial = createHeaderDialer({ WebSocket: OpaqueConstructor, fetch });
  const error = await inPage(() => refusal(dial(requestTo("wss://api.example.com/v1"))));
  assertEquals([error.kind, error.status, error.body], ["refused", undefined, undefined]);
  assertMatch(error.message, /as the handshake failed$/);
  assertEquals(requests.map(({ mode, headers }) => [mode, headers !== undefined]), [[undefined, true], [
    "no-cors",
    false,
  ]]);
});

Deno.test("explainFailure() detects a missing answer in a page, and probes once elsewhere", async () => {
  const { fetch, requests } = pageFetch(() => Promise.reject(new TypeError("Failed to fetch")));
  const dial = createHeaderDialer({ WebSocket: OpaqueConstructor, fetch });
  const error = await inPage(() => refusal(dial(requestTo("wss://api.example.com/v1"))));
  assertEquals([error.kind, requests.length], ["unreachable", 2]);
  assertEquals((await refusal(dial(requestTo("wss://api.example.com/v1")))).kind, "unreachable");
  assertEquals(requests.length, 3);
});

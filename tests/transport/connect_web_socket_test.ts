import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ConnectionError } from "../../src/errors.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { translationCodec } from "../../src/protocol/mod.ts";
import { connectWebSocket } from "../../src/transport/connect_web_socket.ts";
import { dialTransport } from "../../src/transport/dial_transport.ts";
import { createMemorySocketPair } from "../../src/transport/memory.ts";
import type { Dial, DialRequest, Socket } from "../../src/transport/socket.ts";
import { translationUrl } from "../../src/transport/target.ts";
import { acceptance, closeFrame, httpAnswer, joinBytes, serveRaw, textFrame } from "./_raw_server.ts";
import { serveWebSockets } from "./_web_socket_server.ts";
import { readEvents } from "./contract.ts";

const CANARY = "sk-canary";

/** A dialer that resolves when the test lets it, regardless of its signal. */
function heldDialer() {
  const requests: DialRequest[] = [];
  const answer = Promise.withResolvers<Socket>();
  const dial: Dial = (request) => {
    requests.push(request);
    return answer.promise;
  };
  return { dial, requests, ...answer };
}

Deno.test("connectWebSocket() opens a connection, with the key in a header only", async () => {
  await using server = serveWebSockets((socket) => socket.send(`{"type":"test.event"}`));
  let calls = 0;
  const apiKey = () => Promise.resolve((calls++, CANARY));
  await using transport = await connectWebSocket({ apiKey, baseUrl: server.baseUrl, project: "proj" });
  assertEquals((await readEvents(transport, 1))[0]?.type, "test.event");
  assertEquals(transport.url, `${server.baseUrl}/realtime?model=gpt-realtime-2.1`);
  const [request] = server.requests;
  assertEquals(request?.url, transport.url.replace("ws:", "http:"));
  assertEquals(request?.headers.get("authorization"), `Bearer ${CANARY}`);
  assertEquals(request?.headers.get("openai-project"), "proj");
  assertEquals(calls, 1);
});

Deno.test("connectWebSocket() loses no event that arrives with the handshake, however late the reader is", async () => {
  await using server = serveRaw(async ({ head, connection }) => {
    const frames = [textFrame(`{"type":"test.event","n":1}`), textFrame(`{"type":"test.event","n":2}`)];
    await connection.write(joinBytes(await acceptance(head), ...frames, closeFrame(1001, "late")));
  });
  const transport = await connectWebSocket({ apiKey: CANARY, baseUrl: server.baseUrl });
  assertEquals(await transport.closed, { code: 1001, reason: "late", clean: false });
  const events = await readEvents(transport);
  assertEquals(events as unknown, [{ type: "test.event", n: 1 }, { type: "test.event", n: 2 }]);
});

Deno.test("connectWebSocket() reports a connection that breaks right after the handshake", async () => {
  await using server = serveRaw(async ({ head, connection }) => {
    await connection.write(await acceptance(head));
    connection.close();
  });
  const transport = await connectWebSocket({ apiKey: CANARY, baseUrl: server.baseUrl });
  assertEquals(await transport.closed, { code: 1006, reason: "", clean: false });
  assertEquals(await readEvents(transport), []);
});

Deno.test("connectWebSocket() calls the dialer with the URL, headers and no subprotocols", async () => {
  const { dial, requests, resolve } = heldDialer();
  const [client] = createMemorySocketPair();
  resolve(client);
  await using transport = await connectWebSocket({ apiKey: CANARY, callId: "rtc_1", dial });
  const [{ url, headers, protocols, signal }] = requests as [DialRequest];
  assertEquals(url.href, "wss://api.openai.com/v1/realtime?call_id=rtc_1");
  assertEquals(Object.fromEntries(headers), { authorization: `Bearer ${CANARY}` });
  assertEquals([protocols, signal.aborted], [[], false]);
  assertEquals(transport.url, url.href);
});

Deno.test("connectWebSocket() does not dial without a key or with contradictory options", async () => {
  const { dial, requests } = heldDialer();
  for (const apiKey of [undefined, "", () => undefined]) {
    const error = await assertRejects(() => connectWebSocket({ apiKey, dial }), ConnectionError);
    assertEquals(error.kind, "configuration");
  }
  const both = connectWebSocket({ apiKey: CANARY, model: "m", callId: "rtc_1", dial });
  await assertRejects(() => both, TypeError, "only one of model and callId may be given");
  const negative = connectWebSocket({ apiKey: CANARY, timeoutMs: -1, dial });
  await assertRejects(() => negative, RangeError, "timeoutMs must be a number >= 0");
  assertEquals(requests, []);
});

Deno.test("connectWebSocket() times out on a host that accepts the connection and never answers", async () => {
  await using server = serveRaw(() => {});
  const arrived = server.nextRequest();
  const clock = createVirtualClock();
  const connecting = connectWebSocket({ apiKey: CANARY, baseUrl: server.baseUrl, clock });
  const rejected = assertRejects(() => connecting, DOMException, "took longer than 15000 ms");
  const { ended } = await arrived;
  await clock.advance(14_999);
  assertEquals(clock.pending, 1);
  await clock.advance(1);
  const error = await rejected;
  assertEquals(error.name, "TimeoutError");
  assert(error.message.includes(server.baseUrl) && !Deno.inspect(error).includes(CANARY), error.message);
  await ended;
  assertEquals([server.requests.length, clock.pending], [1, 0]);
});

Deno.test("connectWebSocket() passes its clock to the dialer and the transport", async () => {
  const clock = createVirtualClock();
  await using server = serveRaw(async ({ isUpgrade, connection }) => {
    if (!isUpgrade) return;
    await connection.write(httpAnswer("401 Unauthorized", ""));
    await connection.closeWrite();
  });
  const connecting = connectWebSocket({ apiKey: CANARY, baseUrl: server.baseUrl, clock });
  const rejected = assertRejects(() => connecting, ConnectionError, "status 401");
  await server.nextRequest();
  await server.nextRequest();
  assertEquals(clock.pending, 2);
  await clock.advance(3000);
  await rejected;

  const mute = { bufferedAmount: 0, send() {}, close() {}, listen() {} };
  const transport = await connectWebSocket({ apiKey: CANARY, dial: () => Promise.resolve(mute), clock });
  const closed = transport.close();
  assertEquals(clock.pending, 1);
  await clock.advance(3000);
  assertEquals((await closed).code, 1006);
});

Deno.test("connectWebSocket() times out on a key provider that never settles, and does not dial later", async () => {
  const { dial, requests } = heldDialer();
  const key = Promise.withResolvers<string>();
  const clock = createVirtualClock();
  const connecting = connectWebSocket({ apiKey: () => key.promise, dial, clock, timeoutMs: 100 });
  const rejected = assertRejects(() => connecting, DOMException, "took longer than 100 ms");
  await clock.advance(100);
  assertEquals((await rejected).name, "TimeoutError");
  key.resolve(CANARY);
  await clock.advance(0);
  assertEquals(requests, []);
});

Deno.test("connectWebSocket() requests no key when the signal is already aborted", async () => {
  const { dial, requests } = heldDialer();
  const reason = new Error("enough");
  let calls = 0;
  const apiKey = () => (calls++, CANARY);
  const connecting = connectWebSocket({ apiKey, dial, signal: AbortSignal.abort(reason) });
  assertStrictEquals(await assertRejects(() => connecting), reason);
  assertEquals([calls, requests.length], [0, 0]);
});

Deno.test("connectWebSocket() rejects with the signal's reason and closes the socket when aborted during the handshake", async () => {
  await using server = serveRaw(() => {});
  const arrived = server.nextRequest();
  const controller = new AbortController();
  const { signal } = controller;
  const rejected = assertRejects(() => connectWebSocket({ apiKey: CANARY, baseUrl: server.baseUrl, signal }));
  const { ended } = await arrived;
  controller.abort();
  const error = await rejected;
  assertStrictEquals(error, signal.reason);
  assertEquals(error instanceof DOMException && error.name, "AbortError");
  await ended;
});

Deno.test("connectWebSocket() leaves the connection open when its signal is aborted later", async () => {
  await using server = serveWebSockets((socket) => {
    socket.addEventListener("message", ({ data }) => socket.send(data));
  });
  const controller = new AbortController();
  const { signal } = controller;
  await using transport = await connectWebSocket({ apiKey: CANARY, baseUrl: server.baseUrl, signal });
  controller.abort();
  transport.send({ type: "input_audio_buffer.clear" });
  assertEquals((await readEvents(transport, 1))[0]?.type, "input_audio_buffer.clear");
});

Deno.test("connectWebSocket() closes a socket that arrives late from a dialer that ignores the signal", async () => {
  const clock = createVirtualClock();
  const controller = new AbortController();
  for (const giveUp of [() => clock.advance(100), () => controller.abort()]) {
    const { dial, requests, resolve } = heldDialer();
    const [client, server] = createMemorySocketPair();
    const connecting = connectWebSocket({ apiKey: CANARY, dial, clock, timeoutMs: 100, signal: controller.signal });
    const rejected = assertRejects(() => connecting, DOMException);
    await clock.advance(0);
    await giveUp();
    await rejected;
    assertEquals(requests[0]?.signal.aborted, true);
    const closed = new Promise((resolve) => server.listen({ message() {}, close: resolve }));
    resolve(client);
    assertEquals(await closed, { code: 1000, reason: "" });
  }
});

Deno.test("connectWebSocket() passes on errors of the dialer and the key provider", async () => {
  const error = new ConnectionError("Cannot dial on Sundays", { kind: "unreachable" });
  const clock = createVirtualClock();
  const fail = () => {
    throw error;
  };
  for (const options of [{ dial: fail }, { dial: () => Promise.reject(error) }, { apiKey: fail }]) {
    const connecting = connectWebSocket({ apiKey: CANARY, clock, ...options });
    assertStrictEquals(await assertRejects(() => connecting), error);
  }
  assertEquals(clock.pending, 0);
});

Deno.test("connectWebSocket() of a call returns a shared transport with server-side playback", async () => {
  for (const [options, states] of [[{}, ["client", false]], [{ callId: "rtc_1" }, ["server", true]]] as const) {
    const { dial, resolve } = heldDialer();
    const [client] = createMemorySocketPair();
    resolve(client);
    await using transport = await connectWebSocket({ apiKey: CANARY, dial, ...options });
    assertEquals<readonly unknown[]>([transport.playback, transport.shared], states);
  }
});

Deno.test("connectWebSocket() redacts the key in dialer errors, events and close reasons", async () => {
  const cause = new Error(`No route for Bearer ${CANARY}-12345`);
  const failing: Dial = () =>
    Promise.reject(new ConnectionError(`Refused: ${cause.message}`, { kind: "refused", cause }));
  const apiKey = `${CANARY}-12345`;
  const error = await assertRejects(() => connectWebSocket({ apiKey, dial: failing }), ConnectionError, "[API key]");
  assert(!Deno.inspect(error, { depth: 10 }).includes(CANARY), Deno.inspect(error));
  const [client, server] = createMemorySocketPair();
  await using transport = await connectWebSocket({ apiKey, dial: () => Promise.resolve(client) });
  server.listen({ message() {}, close() {} });
  server.send(`{"type":"error","event_id":"e","error":{"type":"t","message":"Wrong key ${apiKey}"}}`);
  server.close(3000, `invalid key ${apiKey}`);
  assert(JSON.stringify(await readEvents(transport)).includes("Wrong key [API key]"));
  assertEquals((await transport.closed).reason, "invalid key [API key]");
});

Deno.test("dialTransport() uses another protocol at another address", async () => {
  const { dial, requests, resolve } = heldDialer();
  const [client, server] = createMemorySocketPair();
  resolve(client);
  const url = translationUrl({ model: "gpt-realtime-translate" });
  await using transport = await dialTransport(url, { apiKey: CANARY, dial, codec: translationCodec });
  assertEquals([requests[0]?.url.href, transport.url], [url.href, url.href]);
  assertEquals(requests[0]?.headers.get("authorization"), `Bearer ${CANARY}`);
  const frame = new Promise((resolve) => server.listen({ message: resolve, close() {} }));
  transport.send({ type: "session.close" });
  assertEquals(await frame, `{"type":"session.close"}`);
  server.send(`{"type":"session.output_transcript.delta","event_id":"e","delta":"Guten Tag"}`);
  const { value } = await transport.events.getReader().read();
  assertEquals(value as unknown, { type: "session.output_transcript.delta", event_id: "e", delta: "Guten Tag" });
});

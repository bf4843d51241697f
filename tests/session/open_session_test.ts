import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ConnectionError, InvalidEventError, RealtimeApiError } from "../../src/errors.ts";
import { openSession, type OpenSessionOptions, type Session } from "../../src/session/mod.ts";
import { defineTool } from "../../src/tools/mod.ts";
import { FakeServer, open, stateOf } from "./_fake_server.ts";

const CREATED = { type: "session.created", session: { type: "realtime" } };
const UPDATED = { type: "session.updated", session: { type: "realtime" } };

function begin(options: OpenSessionOptions = {}): { server: FakeServer; opening: Promise<Session> } {
  const server = new FakeServer();
  const opening = openSession(server.transport, { clock: server.clock, ...options });
  opening.catch(() => {});
  return { server, opening };
}

Deno.test("openSession() waits for session.created, then for the confirmed configuration", async () => {
  const { server, opening } = begin({ instructions: "Be brief.", voice: "marin" });
  await server.settle();
  assertEquals(server.sent, []);
  server.emit(CREATED);
  await server.settle();
  const [{ event_id: _id, ...event } = {}] = server.sent;
  assertEquals(event, {
    type: "session.update",
    session: { type: "realtime", instructions: "Be brief.", audio: { output: { voice: "marin" } } },
  });
  assertEquals(await stateOf(opening), "pending");
  server.emit(UPDATED);
  const session = await opening;
  assertEquals([session.config?.type, server.clock.pending], ["realtime", 0]);
});

Deno.test("openSession() reads a session.created that arrived before the call", async () => {
  const server = new FakeServer();
  server.emit(CREATED);
  await server.settle();
  const opening = openSession(server.transport, { clock: server.clock });
  await server.settle();
  server.emit(UPDATED);
  await opening;
});

Deno.test("openSession() accepts answers that omit required fields", async () => {
  const { server, opening } = begin();
  server.emitText(`{"type":"session.created"}`);
  await server.settle();
  server.emitText(`{"type":"session.updated"}`);
  await opening;
});

Deno.test("openSession() buffers events that arrive meanwhile for the first readers", async () => {
  const { server, opening } = begin();
  server.emit(CREATED, { type: "brand.new", number: 1 });
  await server.settle();
  // All in one task: nothing can be read before the last event is there.
  server.emit(UPDATED, ...Array.from({ length: 20 }, (_, index) => ({ type: "brand.new", number: index + 2 })));
  const session = await opening;
  // Opening no longer listens to them.
  server.refuse(null);
  await server.settle();
  const heard: string[] = [];
  session.on("*", ({ type }) => heard.push(type));
  const reader = session.events();
  await session.close();
  const types = (await Array.fromAsync(reader)).map(({ type }) => type);
  assertEquals(types, [
    "session.created",
    "brand.new",
    "session.updated",
    ...Array.from({ length: 20 }, () => "brand.new"),
    "error",
    "closed",
  ]);
  assertEquals(heard, types);
});

Deno.test("openSession() opens a transcription session", async () => {
  const { server, opening } = begin({ type: "transcription", transcription: { model: "gpt-transcribe" } });
  server.emit({ type: "session.created", session: { type: "transcription" } });
  await server.settle();
  assertEquals(server.sent[0]?.session, {
    type: "transcription",
    audio: { input: { transcription: { model: "gpt-transcribe" } } },
  });
  server.emit({ type: "session.updated", session: { type: "transcription" } });
  await opening;
});

Deno.test("openSession() on a sideband does not wait for session.created, and sends only the given settings", async () => {
  const { server, opening } = begin({ sideband: true });
  await server.settle();
  assertEquals(server.sent.map(({ type, session }) => [type, session]), [["session.update", { type: "realtime" }]]);
  server.emit(UPDATED);
  await opening;
});

for (const [code, reason] of [[3000, "invalid_request_error.invalid_api_key"], [4000, ".invalid_model"]] as const) {
  for (const sideband of [false, true]) {
    Deno.test(`openSession()${sideband ? " on a sideband" : ""} rejects after an error and a close with ${code}`, async () => {
      const { server, opening } = begin({ sideband });
      server.refuse(null, "invalid_api_key", "Incorrect API key provided.");
      server.close(code, reason);
      const error = await assertRejects(() => opening, ConnectionError, "Incorrect API key provided.");
      assertEquals([error.kind, error.url, error.close?.code], ["refused", server.transport.url, code]);
      assert(error.cause instanceof RealtimeApiError);
      assertEquals(error.cause.code, "invalid_api_key");
      assertEquals(server.clock.pending, 0);
    });
  }
}

Deno.test("openSession() rejects as refused when the error arrives after its first command, and seems to answer it", async () => {
  for (const code of [3000, 4000]) {
    const { server, opening } = begin({ sideband: true });
    await server.settle();
    server.refuse(null, "invalid_api_key", "Incorrect API key provided.");
    server.close(code);
    const error = await assertRejects(() => opening, ConnectionError, "Incorrect API key provided.");
    assertEquals([error.kind, error.close?.code], ["refused", code]);
    assert(error.cause instanceof RealtimeApiError);
  }
});

Deno.test("openSession() rejects when the connection ends before the session is ready", async () => {
  for (const events of [[], [CREATED]]) {
    const { server, opening } = begin();
    server.emit(...events);
    await server.settle();
    server.close(1011, "Internal error");
    const error = await assertRejects(() => opening, ConnectionError, "before the session was ready");
    assertEquals([error.kind, error.close?.code, error.close?.reason], ["closed", 1011, "Internal error"]);
    assert(error.message.includes("code 1011: Internal error"), error.message);
  }
});

Deno.test("openSession() rejects with the API's error when its configuration is refused", async () => {
  const { server, opening } = begin({ instructions: "Be brief." });
  server.emit(CREATED);
  await server.settle();
  server.refuse(server.sent[0]!.event_id, "unknown_parameter", "Unknown parameter: 'session.bogus_field'.");
  const error = await assertRejects(() => opening, RealtimeApiError, "bogus_field");
  assertEquals(error.code, "unknown_parameter");
  assertEquals((await server.transport.closed).code, 1000);
});

Deno.test("openSession() rejects invalid settings before it sends anything, and closes the transport", async () => {
  const conflict = begin({ voice: "marin", session: { audio: { output: { voice: "cedar" } } } });
  await assertRejects(() => conflict.opening, TypeError, "both voice and session.audio.output.voice");
  const invalid = begin({ session: { audio: { output: { speed: 9 } } } });
  invalid.server.emit(CREATED);
  await assertRejects(() => invalid.opening, InvalidEventError, "session.audio.output.speed");
  for (const { server } of [conflict, invalid]) {
    await server.transport.closed;
    assertEquals(server.sent, []);
  }
});

Deno.test("openSession() closes the transport when its options are invalid", async () => {
  const tool = defineTool({ name: "sum", run: () => 0 });
  for (const options of [{ tools: [tool, tool] }, { limits: { maxCostUsd: 1 } }]) {
    const { server, opening } = begin(options);
    await assertRejects(() => opening, TypeError);
    await server.settle();
    assertEquals([server.closeCode, server.sent.length], [1000, 0]);
  }
});

Deno.test("openSession() rejects only once the transport is closed", async () => {
  const tool = defineTool({ name: "sum", run: () => 0 });
  for (const options of [{ tools: [tool, tool] }, { instructions: "Be brief." }]) {
    const server = new FakeServer();
    const closing = Promise.withResolvers<void>();
    const { transport } = server;
    const close = transport.close.bind(transport);
    transport.close = async (...args) => {
      await closing.promise;
      return await close(...args);
    };
    const opening = openSession(transport, { clock: server.clock, ...options });
    server.emit(CREATED);
    await server.settle();
    for (const { event_id } of server.sent) server.refuse(event_id);
    assertEquals(await stateOf(opening), "pending");
    closing.resolve();
    assertEquals(await stateOf(opening), "rejected");
    assertEquals(server.closeCode, 1000);
  }
});

Deno.test("openSession() does not wait for the transport of a server that does not answer", async () => {
  const controller = new AbortController();
  const reason = new Error("Enough");
  for (const isAborted of [false, true]) {
    const server = new FakeServer();
    server.transport.close = () => new Promise(() => {});
    const opening = openSession(server.transport, { clock: server.clock, signal: controller.signal });
    opening.catch(() => {});
    server.emit(CREATED);
    await server.clock.advance(isAborted ? 0 : 30_000);
    if (isAborted) controller.abort(reason);
    assertEquals(await stateOf(opening), "rejected");
    assertEquals(await opening.catch((error) => error === reason || error.name), isAborted || "TimeoutError");
  }
});

Deno.test("openSession() can be aborted at every stage, and closes the transport", async () => {
  const reason = new Error("Enough");
  for (const stage of ["before", "connecting", "configuring"]) {
    const controller = new AbortController();
    if (stage === "before") controller.abort(reason);
    const { server, opening } = begin({ signal: controller.signal });
    if (stage === "configuring") server.emit(CREATED);
    await server.settle();
    controller.abort(reason);
    assertStrictEquals(await opening.catch((error) => error), reason);
    assertEquals((await server.transport.closed).code, 1000);
    await server.settle();
    assertEquals(server.clock.pending, 0);
  }
});

Deno.test("openSession() ignores its signal once it has resolved", async () => {
  const controller = new AbortController();
  const { server, session } = await open({ signal: controller.signal });
  controller.abort();
  assertEquals(await stateOf(session.closed), "pending");
  server.close(1000);
});

Deno.test("openSession() times out when the configuration is not confirmed", async () => {
  const { server, opening } = begin({ ackTimeoutMs: 2000 });
  server.emit(CREATED);
  await server.clock.advance(2000);
  const error = await assertRejects(() => opening, DOMException, "session.update");
  assertEquals(error.name, "TimeoutError");
  await server.transport.closed;
});

Deno.test("openSession() sends the tools to the server", async () => {
  const { server, opening } = begin({ tools: [defineTool({ name: "now", run: () => 0 })] });
  server.emit(CREATED);
  await server.settle();
  assertEquals(server.sent[0]?.session.tools, [
    { type: "function", name: "now", parameters: { type: "object", properties: {} } },
  ]);
  server.emit(UPDATED);
  await opening;
});

Deno.test("openSession() continues after an error that does not close the connection", async () => {
  const { server, opening } = begin();
  server.refuse(null, "invalid_event");
  server.emit(CREATED);
  await server.settle();
  server.emit(UPDATED);
  const session = await opening;
  // That error does not explain a later end.
  server.close(1006);
  const error = await assertRejects(() => session.clearAudio(), ConnectionError);
  assertEquals([error.kind, error.cause], ["closed", undefined]);
});

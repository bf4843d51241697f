import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { ConnectionError, InvalidEventError } from "../../../src/errors.ts";
import { openSession } from "../../../src/session/mod.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { createMemorySocketPair } from "../../../src/transport/memory.ts";
import type { Socket, SocketListener } from "../../../src/transport/socket.ts";
import { createTransport } from "../../../src/transport/socket_transport.ts";
import {
  CANCELLED,
  type Frame,
  open,
  openResponding,
  output,
  responseCreated,
  responseDone,
  stateOf,
  vadTurn,
} from "../_fake_server.ts";

const ALREADY_ACTIVE = "conversation_already_has_active_response";

Deno.test("respond() sends one request at a time, and queues the others in order", async () => {
  const { server, session } = await open();
  const handles = ["first", "second", "third"].map((instructions) => session.respond({ instructions }));
  const seen: string[] = [];
  for (const [index, handle] of handles.entries()) {
    await server.settle();
    assertEquals(server.sent.length, index + 1);
    seen.push(server.last("response.create").response.instructions);
    server.create(`resp_${index}`);
    await server.settle();
    assertEquals(server.sent.length, index + 1);
    assertEquals(session.activeResponse, handle);
    server.emit(responseDone(`resp_${index}`));
    assertEquals((await handle.done).status, "completed");
  }
  assertEquals(seen, ["first", "second", "third"]);
  assertEquals(session.activeResponse, undefined);
});

Deno.test("respond() waits for a response that the server started itself", async () => {
  const { server, session } = await open();
  server.emit(responseCreated("resp_vad"));
  await server.settle();
  assert(session.activeResponse?.startedByServer);
  const handle = session.respond();
  await server.settle();
  assertEquals(server.sent.length, 0);
  server.emit(responseDone("resp_vad"));
  await server.settle();
  server.create("resp_own");
  await server.settle();
  assertEquals([handle.id, handle.startedByServer], ["resp_own", false]);
});

Deno.test("respond() retries when a response that the server started has taken the slot", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  await server.settle();
  server.emit(...vadTurn("resp_vad"));
  server.refuse(server.last("response.create").event_id, ALREADY_ACTIVE);
  await server.settle();
  assertEquals(server.sent.length, 1);
  server.emit(responseDone("resp_vad"));
  await server.settle();
  assertEquals(server.sent.length, 2);
  server.create("resp_own");
  server.emit(responseDone("resp_own"));
  assertEquals(await handle.done.then(({ status }) => status), "completed");
  assertEquals(handle.id, "resp_own");
});

Deno.test("respond() retries each time the slot is taken, in the order of the requests", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  const next = session.respond();
  await server.settle();
  for (let i = 0; i < 5; i++) {
    server.emit(...vadTurn(`resp_${i}`));
    server.refuse(server.last("response.create").event_id, ALREADY_ACTIVE, "Busy.");
    server.emit(responseDone(`resp_${i}`));
    await server.settle();
  }
  assertEquals(server.sent.length, 6);
  server.create("resp_own");
  server.emit(responseDone("resp_own"));
  await server.settle();
  assertEquals([handle.id, (await handle.done).status], ["resp_own", "completed"]);
  server.create("resp_next");
  await server.settle();
  assertEquals(next.id, "resp_next");
});

Deno.test("respond() fails when the slot stays taken for timeoutMs by a response that it never sees", async () => {
  const { server, session } = await open({ ackTimeoutMs: 10_000 });
  const handle = session.respond();
  await server.settle();
  let sent = 0;
  for (let seconds = 0; seconds < 30; seconds++) {
    if (server.sent.length > sent) server.refuse(server.last("response.create").event_id, ALREADY_ACTIVE, "Busy.");
    sent = server.sent.length;
    await server.clock.advance(1000);
  }
  const outcome = await handle.done;
  assert(outcome.status === "failed");
  assertEquals([outcome.code, outcome.message], [ALREADY_ACTIVE, "Busy."]);
  assert(sent <= 7, `${sent} requests`);
  assertEquals(server.clock.pending, 0);
});

Deno.test("respond() waits for the end of an active response whose start it missed", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  await server.settle();
  server.refuse(server.last("response.create").event_id, ALREADY_ACTIVE);
  server.emit(responseDone("resp_beside", { conversation_id: null }));
  await server.settle();
  assertEquals(server.sent.length, 1);
  server.emit(responseDone("resp_unseen"));
  await server.settle();
  assertEquals(server.sent.length, 2);
  assertEquals(await stateOf(handle.done), "pending");
});

Deno.test("respond() retries after a delay when it sees no event of the active response", async () => {
  const { server, session } = await open({ ackTimeoutMs: 1000 });
  const handle = session.respond();
  await server.settle();
  server.refuse(server.last("response.create").event_id, ALREADY_ACTIVE);
  await server.clock.advance(999);
  assertEquals(server.sent.length, 1);
  await server.clock.advance(1);
  assertEquals(server.sent.length, 2);
  server.create("resp_1");
  server.emit(responseDone("resp_1"));
  assertEquals((await handle.done).status, "completed");
});

Deno.test("respond() does not treat the end of its own out-of-band response as the end of the active one", async () => {
  const { server, session } = await open();
  const beside = session.respond({ conversation: "none" });
  await server.settle();
  server.create("resp_beside", null);
  const handle = session.respond();
  await server.settle();
  server.refuse(server.last("response.create").event_id, ALREADY_ACTIVE);
  server.emit(responseDone("resp_beside", { conversation_id: undefined }));
  await server.settle();
  assertEquals((await beside.done).status, "completed");
  assertEquals(server.sent.length, 2);
  assertEquals(await stateOf(handle.done), "pending");
});

Deno.test("respond() outside the conversation runs beside the slot, and is matched by metadata", async () => {
  const { server, session } = await open();
  const normal = session.respond({ metadata: { name: "normal" } });
  const a = session.respond({ conversation: "none", metadata: { name: "a" } });
  const b = session.respond({ conversation: "none", metadata: { name: "b" } });
  await server.settle();
  const metadata: Frame[] = server.sent.map((event) => event.response.metadata);
  assertEquals(metadata.map(({ name }) => name), ["normal", "a", "b"]);
  // The server creates them in a different order.
  server.emit(
    responseCreated("resp_b", metadata[2], null),
    responseCreated("resp_n", metadata[0]),
    responseCreated("resp_a", metadata[1], null),
  );
  await server.settle();
  assertEquals([normal.id, a.id, b.id], ["resp_n", "resp_a", "resp_b"]);
  assertEquals(session.activeResponse, normal);
  server.emit(
    output("response.output_text.delta", "resp_b", { delta: "I am b" }),
    output("response.output_text.delta", "resp_a", { delta: "I am a" }),
    responseDone("resp_b", { conversation_id: null }),
    responseDone("resp_a", { conversation_id: null }),
  );
  assertEquals([await a.text(), await b.text()], ["I am a", "I am b"]);
  assertEquals(session.activeResponse, normal);
  assertEquals(await stateOf(normal.done), "pending");
});

Deno.test("respond() outside the conversation does not match the answer to a turn, even the session's first response", async () => {
  const { server, session } = await open();
  const turn = vadTurn("resp_vad");
  server.emit(...turn.slice(0, -1));
  await server.settle();
  const beside = session.respond({ conversation: "none" });
  await server.settle();
  server.emit(...turn.slice(-1));
  await server.settle();
  assertEquals([beside.id, session.activeResponse?.id], [undefined, "resp_vad"]);
  server.create("resp_beside", null);
  await server.settle();
  assertEquals([beside.id, session.activeResponse?.id], ["resp_beside", "resp_vad"]);
});

Deno.test("respond() matches its response on a server that does not echo metadata", async () => {
  const { server, session } = await open();
  const first = session.respond();
  const beside = session.respond({ conversation: "none" });
  await server.settle();
  server.emit(responseCreated("resp_1"), responseCreated("resp_2", null, null));
  await server.settle();
  assertEquals([first.id, beside.id], ["resp_1", "resp_2"]);
  assertEquals([first.startedByServer, beside.startedByServer], [false, false]);
});

Deno.test("a server that tells neither metadata nor conversation answers the oldest request that is waited for", async () => {
  const { server, session } = await open();
  const create = (id: string) => server.emit({ type: "response.created", response: { id } });
  const abandoned = session.respond({}, { timeoutMs: 100 });
  await server.clock.advance(200);
  assertEquals((await abandoned.done).status, "failed");
  const beside = session.respond({ conversation: "none" });
  const next = session.respond();
  await server.settle();
  for (const id of ["resp_1", "resp_2"]) create(id);
  await server.settle();
  assertEquals([beside.id, next.id, server.sentOf("response.cancel")], ["resp_1", "resp_2", []]);
  // It arrives late, and no request is waiting.
  create("resp_3");
  await server.settle();
  assertEquals(server.sentOf("response.cancel").map(({ response_id }) => response_id), ["resp_3"]);
});

Deno.test("respond() is not settled by an error that names another event", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  await server.settle();
  server.refuse("event_other");
  await server.settle();
  assertEquals(await stateOf(handle.done), "pending");
});

Deno.test("respond() does not match the answer to a VAD turn on a server that does not echo metadata", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  await server.settle();
  server.emit(...vadTurn("resp_vad"));
  await server.settle();
  assertEquals([handle.id, session.activeResponse?.id], [undefined, "resp_vad"]);
  // The next one is ours again.
  server.emit(responseDone("resp_vad"), responseCreated("resp_own"), responseDone("resp_own"));
  assertEquals((await handle.done).status, "completed");
  assertEquals(handle.id, "resp_own");
});

Deno.test("respond() matches its response after a VAD turn that the server does not answer", async () => {
  const { server, session } = await open();
  server.emit(...vadTurn("").slice(0, 3));
  await server.settle();
  const handle = session.respond();
  await server.settle();
  server.emit(responseCreated("resp_1"));
  await server.settle();
  assertEquals(handle.id, "resp_1");
});

Deno.test("respond() matches its response after our own commit on a server that does not echo metadata", async () => {
  const { server, session } = await open();
  const committing = session.commitAudio();
  const handle = session.respond();
  await server.settle();
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_own" }, responseCreated("resp_1"));
  assertEquals(await committing, "item_own");
  await server.settle();
  assertEquals(handle.id, "resp_1");
});

Deno.test("respond() does not match the response to a request that the application has sent by itself", async () => {
  const { server, session } = await open();
  session.send({ type: "response.create" });
  const handle = session.respond();
  await server.settle();
  assertEquals(server.sentOf("response.create").length, 1);
  server.emit(responseCreated("resp_sent"));
  await server.settle();
  assertEquals([handle.id, session.activeResponse?.id], [undefined, "resp_sent"]);
  server.emit(responseDone("resp_sent"));
  await server.settle();
  server.create("resp_own");
  await server.settle();
  assertEquals(handle.id, "resp_own");
});

Deno.test("respond() does not wait long for a request that the application has sent by itself", async () => {
  const { server, session } = await open();
  session.send({ type: "response.create" });
  const handle = session.respond();
  await server.clock.advance(2000);
  server.create("resp_own");
  await server.settle();
  assertEquals(handle.id, "resp_own");
});

Deno.test("respond() does not wait for an out-of-band request that the application has sent by itself", async () => {
  const { server, session } = await open();
  session.send({ type: "response.create", response: { conversation: "none" } });
  session.respond();
  await server.settle();
  assertEquals(server.sentOf("response.create").length, 2);
});

Deno.test("a request that the application has sent by itself does not end the wait for the user", async () => {
  const { server, session } = await open();
  server.emit({ type: "session.updated", session: { audio: { input: { turn_detection: { type: "server_vad" } } } } });
  const [started, ...turn] = vadTurn("resp_vad");
  server.emit(responseCreated("resp_before"), started!);
  await server.settle();
  const handle = session.respond();
  for (const end of [[responseDone("resp_before")], []]) {
    session.send({ type: "response.create" });
    server.refuse(null, ALREADY_ACTIVE);
    server.emit(...end);
    await server.clock.advance(5000);
  }
  assertEquals(server.sentOf("response.create").length, 2);
  server.emit(...turn, responseDone("resp_vad"));
  await server.settle();
  server.create("resp_own");
  await server.settle();
  assertEquals(handle.id, "resp_own");
});

Deno.test("respond() on a sideband never matches the response of another client", async () => {
  const { server, session } = await open({ sideband: true });
  const handle = session.respond();
  await server.settle();
  server.emit(responseCreated("resp_page"));
  await server.settle();
  assertEquals([handle.id, session.activeResponse?.id], [undefined, "resp_page"]);
});

Deno.test("respond() does not match a server's own response once the server has echoed metadata", async () => {
  const { server, session } = await open();
  const first = session.respond();
  await server.settle();
  server.create("resp_1");
  server.emit(responseDone("resp_1"));
  await first.done;
  const second = session.respond();
  await server.settle();
  server.emit(responseCreated("resp_vad"));
  await server.settle();
  assertEquals(second.id, undefined);
  assert(session.activeResponse?.startedByServer);
});

Deno.test("respond() ignores a repeated response.created and an unknown response.done", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  await server.settle();
  server.create("resp_1");
  server.create("resp_1");
  server.emit(responseDone("resp_other", { status: "failed" }));
  await server.settle();
  assertEquals(await stateOf(handle.done), "pending");
  server.emit(responseDone("resp_1"), responseDone("resp_1", { status: "failed" }));
  assertEquals((await handle.done).status, "completed");
});

Deno.test("respond() ends on a response.done without response.created, and on one without ids", async () => {
  const { server, session } = await open();
  const first = session.respond();
  await server.settle();
  const { metadata } = server.last("response.create").response;
  server.emit(responseDone("resp_1", { metadata }));
  assertEquals((await first.done).status, "completed");
  assertEquals(first.id, "resp_1");
  const second = session.respond();
  await server.settle();
  server.emit(
    { type: "response.created", response: {} },
    { type: "response.output_text.delta", delta: "Hi" },
    { type: "response.done", response: { status: "completed" } },
  );
  assertEquals(await second.text(), "Hi");
});

Deno.test("respond() fails when response.created does not arrive in time, and cancels the response if it arrives later", async () => {
  const { server, session } = await open({ ackTimeoutMs: 1000 });
  const late = session.respond();
  const next = session.respond();
  await server.settle();
  const { metadata } = server.last("response.create").response;
  await server.clock.advance(1000);
  const outcome = await late.done;
  assert(outcome.status === "failed");
  assertEquals(outcome.code, "ack_timeout");
  assertEquals(server.sentOf("response.create").length, 2);
  server.emit(responseCreated("resp_late", metadata));
  server.refuse(server.last("response.create").event_id, ALREADY_ACTIVE);
  await server.settle();
  assertEquals(server.last("response.cancel").response_id, "resp_late");
  server.emit(responseDone("resp_late", CANCELLED));
  await server.settle();
  assertEquals(server.sentOf("response.create").length, 3);
  server.create("resp_next");
  server.emit(responseDone("resp_next"));
  assertEquals((await next.done).status, "completed");
});

Deno.test("respond() frees the slot when a late response can neither be cancelled nor ends", async () => {
  for (const answer of ["refused", "none"]) {
    const { server, session } = await open({ ackTimeoutMs: 1000 });
    const late = session.respond();
    await server.settle();
    const { metadata } = server.last("response.create").response;
    await server.clock.advance(1000);
    await late.done;
    server.emit(responseCreated("resp_late", metadata));
    await server.settle();
    if (answer === "refused") server.refuse(server.last("response.cancel").event_id, "response_cancel_not_active");
    else await server.clock.advance(1000);
    await server.settle();
    assertEquals(session.activeResponse, undefined);
    session.respond();
    await server.settle();
    assertEquals(server.sentOf("response.create").length, 2);
  }
});

Deno.test("respond() fails with the server's code when it is refused, and the next request is sent", async () => {
  const { server, session } = await open();
  const refused = session.respond();
  const next = session.respond();
  await server.settle();
  server.refuse(server.last("response.create").event_id, "invalid_value", "No such voice.");
  const outcome = await refused.done;
  assert(outcome.status === "failed");
  assertEquals([outcome.code, outcome.message], ["invalid_value", "No such voice."]);
  await server.settle();
  server.create("resp_2");
  await server.settle();
  assertEquals(next.id, "resp_2");
});

Deno.test("respond() removes its metadata key from events, outcomes and malformed events", async () => {
  const { server, session } = await open();
  const seen: string[] = [];
  session.on("*", (event) => event.type.startsWith("session.") || seen.push(JSON.stringify(event)));
  const handle = session.respond({ metadata: { mine: "kept" } });
  const plain = session.respond({ conversation: "none" });
  await server.settle();
  const [own, bare] = server.sent.map((event) => event.response.metadata);
  assertEquals([Object.keys(own).length, Object.keys(bare).length], [2, 1]);
  server.emit(
    responseCreated("resp_1", own),
    responseCreated("resp_2", bare, null),
    responseDone("resp_1", { metadata: own }),
    // Malformed, as an event has one id.
    { ...responseDone("resp_2", { metadata: bare }), event_id: [7] },
  );
  const outcome = await handle.done;
  const other = await plain.done;
  assert(outcome.status === "completed" && other.status === "completed");
  assertEquals([outcome.response?.metadata, other.response?.metadata], [{ mine: "kept" }, null]);
  assertEquals(seen.length, 4);
  assertEquals(seen.filter((event) => event.includes("oai_rt_key")), []);
  assertEquals(seen.filter((event) => event.includes("malformed_event")).length, 1);
});

Deno.test("respond() rejects a 16th pair of metadata, and its own reserved key", async () => {
  const { server, session } = await open();
  const pairs = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`name${index}`, "value"]));
  const error = assertThrows(() => session.respond({ metadata: pairs(16) }), InvalidEventError, "oai_rt_key");
  assertEquals(error.path, "response.metadata");
  const reserved = assertThrows(() => session.respond({ metadata: { oai_rt_key: "x" } }), InvalidEventError);
  assertEquals(reserved.path, "response.metadata.oai_rt_key");
  assertThrows(() => session.respond({ max_output_tokens: 0 }), InvalidEventError, "response.max_output_tokens");
  await server.settle();
  assertEquals(server.sent, []);
  session.respond({ metadata: pairs(15) });
  await server.settle();
  assertEquals(Object.keys(server.last("response.create").response.metadata).length, 16);
});

Deno.test("respond() reports lost when the connection ends, in every state", async () => {
  const { server, session } = await open();
  const active = session.respond();
  const queued = session.respond();
  const sent = session.respond({ conversation: "none" });
  const beside = session.respond({ conversation: "none" });
  await server.settle();
  const [first, , third] = server.sent.map((event) => event.response.metadata);
  server.emit(responseCreated("resp_1", first), responseCreated("resp_3", third, null));
  await server.settle();
  server.close(1001, "Your session hit the maximum duration of 60 minutes.");
  for (const handle of [active, queued, sent, beside]) {
    const outcome = await handle.done;
    assert(outcome.status === "lost");
    assertEquals([outcome.cause.kind, outcome.cause.close?.code], ["closed", 1001]);
  }
  const late = await session.respond().done;
  assert(late.status === "lost");
  assert(late.cause instanceof ConnectionError);
  assertEquals(server.clock.pending, 0);
});

Deno.test("cancel() of a queued response sends nothing", async () => {
  const { server, session } = await open();
  session.respond();
  const queued = session.respond();
  const next = session.respond();
  await queued.cancel();
  assertEquals(await queued.done, { status: "cancelled", reason: "client_cancelled", response: undefined });
  await server.settle();
  server.create("resp_1");
  server.emit(responseDone("resp_1"));
  await server.settle();
  server.create("resp_3");
  await server.settle();
  assertEquals(next.id, "resp_3");
  assertEquals(server.sent.map(({ type }) => type), ["response.create", "response.create"]);
});

Deno.test("cancel() of a response that waits for its retry sends nothing more", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  await server.settle();
  server.emit(...vadTurn("resp_vad"));
  server.refuse(server.last("response.create").event_id, ALREADY_ACTIVE);
  await server.settle();
  await handle.cancel();
  server.emit(responseDone("resp_vad"));
  await server.settle();
  assertEquals((await handle.done).status, "cancelled");
  assertEquals(server.takeTypes(), ["response.create"]);
});

Deno.test("cancel() before response.created is sent as soon as the response has an id", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  const cancelling = handle.cancel();
  await server.settle();
  assertEquals(server.sentOf("response.cancel"), []);
  server.create("resp_1");
  await server.settle();
  assertEquals(server.sentOf("response.cancel").map((event) => event.response_id), ["resp_1"]);
  assertEquals(await stateOf(cancelling), "pending");
  server.emit(responseDone("resp_1", CANCELLED));
  await cancelling;
  assertEquals((await handle.done).status, "cancelled");
});

Deno.test("cancel() before response.created reports cancelled when the response is never created", async () => {
  const { server, session } = await open({ ackTimeoutMs: 1000 });
  const refused = session.respond({ conversation: "none" });
  const ignored = session.respond({ conversation: "none" });
  const cancelling = Promise.all([refused.cancel(), ignored.cancel()]);
  await server.settle();
  server.refuse(server.sent[0]!.event_id, ALREADY_ACTIVE);
  await server.clock.advance(1000);
  await cancelling;
  assertEquals([(await refused.done).status, (await ignored.done).status], ["cancelled", "cancelled"]);
});

Deno.test("cancel() is sent before the caller's next command", async () => {
  const { server, session, handle } = await openResponding();
  void handle.cancel();
  session.truncateItem("item_1", 100).catch(() => {});
  await server.settle();
  assertEquals(server.sent.slice(1).map(({ type }) => type), ["response.cancel", "conversation.item.truncate"]);
  server.close(1000);
});

Deno.test("cancel() is sent once, however often it is called", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  const cancels = [handle.cancel(), handle.cancel()];
  await server.settle();
  server.create("resp_1");
  await server.settle();
  cancels.push(handle.cancel(), session.cancel());
  await server.settle();
  assertEquals(server.sentOf("response.cancel").length, 1);
  server.emit(responseDone("resp_1", CANCELLED));
  await Promise.all(cancels);
  await handle.cancel();
  await session.cancel();
  assertEquals(server.sentOf("response.cancel").length, 1);
});

Deno.test("cancel() reports how the response ended if it ended first", async () => {
  const { server, handle } = await openResponding();
  const cancelling = handle.cancel();
  await server.settle();
  server.emit(responseDone("resp_1"));
  server.refuse(server.last("response.cancel").event_id, "response_cancel_not_active");
  await cancelling;
  assertEquals((await handle.done).status, "completed");
});

Deno.test("cancel() resolves on response_cancel_not_active, even before response.done", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  const next = session.respond();
  await server.settle();
  server.create("resp_1");
  await server.settle();
  const cancelling = handle.cancel();
  await server.settle();
  server.refuse(server.last("response.cancel").event_id, "response_cancel_not_active");
  await cancelling;
  assertEquals((await handle.done).status, "cancelled");
  await server.settle();
  server.create("resp_2");
  // The late end of the first response does not affect the second.
  server.emit(responseDone("resp_1"));
  await server.settle();
  assertEquals(next.id, "resp_2");
  assertEquals(await stateOf(next.done), "pending");
});

Deno.test("cancel() that arrives too late does not end the next response on a server that echoes no metadata", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  const next = session.respond();
  await server.settle();
  server.emit(responseCreated("resp_1"));
  await server.settle();
  const cancelling = handle.cancel();
  await server.settle();
  server.refuse(server.last("response.cancel").event_id, "response_cancel_not_active");
  await cancelling;
  await server.settle();
  server.emit(responseDone("resp_1"));
  await server.settle();
  assertEquals(await stateOf(next.done), "pending");
  server.emit(responseCreated("resp_2"), responseDone("resp_2"));
  assertEquals((await next.done).status, "completed");
});

Deno.test("cancel() rejects when the server refuses it or does not answer, and can be retried", async () => {
  const { server, handle } = await openResponding({ ackTimeoutMs: 1000 });
  const refused = handle.cancel().catch((error) => error);
  await server.settle();
  server.refuse(server.last("response.cancel").event_id, "server_error", "Not now.");
  assertEquals((await refused).message, "Not now.");
  const ignored = handle.cancel().catch((error) => error);
  await server.clock.advance(1000);
  assertEquals((await ignored).name, "TimeoutError");
  assertEquals(await stateOf(handle.done), "pending");
  const last = handle.cancel();
  await server.settle();
  server.emit(responseDone("resp_1", CANCELLED));
  await last;
});

Deno.test("cancel() resolves when the connection ends first", async () => {
  const { server, handle } = await openResponding();
  const cancelling = handle.cancel();
  await server.settle();
  server.close(1006);
  await cancelling;
  assertEquals((await handle.done).status, "lost");
});

Deno.test("cancel() resolves when the session is being closed, however far that is", async () => {
  for (let turns = 0; turns < 30; turns++) {
    const { server, session, handle } = await openResponding();
    // Many events are still unread when nothing can be sent any more.
    server.emit(...Array.from({ length: 50 }, () => ({ type: "brand.new" })));
    const closing = session.close();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    await handle.cancel();
    assertEquals((await handle.done).status, "lost");
    await closing;
  }
});

Deno.test("cancel() resolves with the connection when the server takes its time to close it", async () => {
  const clock = createVirtualClock();
  const [client, server] = createMemorySocketPair();
  const emit = (event: unknown) => server.send(JSON.stringify(event));
  server.listen({
    message: (frame) => {
      const { type, response } = JSON.parse(String(frame));
      if (type === "session.update") emit({ type: "session.updated", session: { type: "realtime" } });
      if (type === "response.create") emit(responseCreated("resp_1", response.metadata));
    },
    close: () => {},
  });
  const slow = { send: client.send.bind(client), listen: client.listen.bind(client), bufferedAmount: 0, close() {} };
  const opening = openSession(createTransport(slow, { url: "wss://fake.example", clock }), { clock });
  emit({ type: "session.created", session: { type: "realtime" } });
  const session = await opening;
  const handle = session.respond();
  await clock.advance(0);
  const closing = session.close();
  const cancelling = handle.cancel();
  assertEquals([handle.id, await stateOf(cancelling)], ["resp_1", "pending"]);
  server.close(1000, "");
  client.close(1000, "");
  await clock.advance(10_000);
  await Promise.all([cancelling, closing]);
  assertEquals((await handle.done).status, "lost");
});

Deno.test("cancel() resolves when the connection has ended, and events are still unread", async () => {
  let listener!: SocketListener;
  const emit = (event: unknown) => listener.message(JSON.stringify(event));
  const socket: Socket = {
    bufferedAmount: 0,
    listen: (added) => void (listener = added),
    send: (frame) => {
      const { type, response } = JSON.parse(String(frame));
      if (type === "session.update") emit({ type: "session.updated", session: { type: "realtime" } });
      if (type === "response.create") emit(responseCreated("resp_1", response.metadata));
    },
    close: () => {},
  };
  const clock = createVirtualClock();
  const opening = openSession(createTransport(socket, { url: "wss://fake.example", clock }), { clock });
  emit({ type: "session.created", session: { type: "realtime" } });
  const session = await opening;
  const handle = session.respond();
  await clock.advance(0);
  const cancelling = Promise.withResolvers<void>();
  session.on("rate_limits.updated", () => cancelling.resolve(handle.cancel()));
  const closing = session.close();
  // The last frames and the end of a connection arrive together.
  emit({ type: "rate_limits.updated", rate_limits: [] });
  for (let count = 0; count < 50; count++) emit({ type: "brand.new" });
  listener.close({ code: 1000, reason: "" });
  await cancelling.promise;
  assertEquals([handle.id, (await handle.done).status], ["resp_1", "lost"]);
  await closing;
});

Deno.test("cancel() sends no response_id if the server gave the response none", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  await server.settle();
  server.emit({ type: "response.created", response: {} });
  await server.settle();
  const cancelling = handle.cancel();
  await server.settle();
  assertEquals(server.last("response.cancel").response_id, undefined);
  assertEquals(await stateOf(cancelling), "pending");
  server.emit({ type: "response.done", response: { status: "cancelled" } });
  await cancelling;
  assertEquals((await handle.done).status, "cancelled");
});

Deno.test("cancel() ends a response that the server started itself", async () => {
  const { server, session } = await open();
  server.emit(responseCreated("resp_vad"));
  await server.settle();
  const handle = session.activeResponse!;
  const cancelling = session.cancel();
  await server.settle();
  assertEquals(server.last("response.cancel").response_id, "resp_vad");
  server.emit(responseDone("resp_vad", CANCELLED));
  await cancelling;
  const outcome = await handle.done;
  assert(outcome.status === "cancelled");
  assertEquals(outcome.reason, "client_cancelled");
});

Deno.test("respond() is cancelled by its signal, before and after the request is sent", async () => {
  const { server, session } = await open();
  const aborted = await session.respond({}, { signal: AbortSignal.abort() }).done;
  assertEquals(aborted.status, "cancelled");
  await server.settle();
  assertEquals(server.sent, []);
  const controller = new AbortController();
  const handle = session.respond({}, { signal: controller.signal });
  await server.settle();
  server.create("resp_1");
  await server.settle();
  controller.abort();
  await server.settle();
  assertEquals(server.last("response.cancel").response_id, "resp_1");
  // A refused cancel that is not awaited causes no unhandled rejection.
  server.refuse(server.last("response.cancel").event_id, "server_error");
  await server.settle();
  server.emit(responseDone("resp_1"));
  assertEquals((await handle.done).status, "completed");
});

Deno.test("respond() uses a new key for every response, and the same key in a retry", async () => {
  const { server, session } = await open();
  session.respond();
  session.respond({ conversation: "none" });
  await server.settle();
  const keys = server.sent.map((event) => event.response.metadata.oai_rt_key);
  assertNotEquals(keys[0], keys[1]);
  server.emit(...vadTurn("resp_vad"));
  server.refuse(server.sent[0]!.event_id, ALREADY_ACTIVE);
  server.emit(responseDone("resp_vad"));
  await server.settle();
  assertEquals(server.last("response.create").response.metadata.oai_rt_key, keys[0]);
});

const VAD = { type: "session.updated", session: { audio: { input: { turn_detection: { type: "server_vad" } } } } };

Deno.test("a request waits for the server's answer to a user turn", async () => {
  const { server, session } = await open();
  server.emit(VAD, ...vadTurn("resp_vad").slice(0, 3));
  await server.settle();
  const handle = session.respond();
  await server.settle();
  assertEquals(server.sent, []);
  server.emit(responseCreated("resp_vad"));
  await server.settle();
  assertEquals(server.sent, []);
  server.emit(responseDone("resp_vad"));
  await server.settle();
  assertEquals(server.takeTypes(), ["response.create"]);
  await session.close();
  assertEquals([(await handle.done).status, server.clock.pending], ["lost", 0]);
});

Deno.test("a request waits at most two seconds for a server that does not answer the turn", async () => {
  const { server, session } = await open();
  await server.clock.advance(5000);
  server.emit(VAD, ...vadTurn("resp_vad").slice(0, 3));
  await server.settle();
  session.respond();
  await server.clock.advance(1999);
  assertEquals(server.sent, []);
  await server.clock.advance(1);
  assertEquals(server.takeTypes(), ["response.create"]);
});

Deno.test("respond() matches a response that comes too late to answer a turn, on a server that does not echo metadata", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  server.emit(VAD, ...vadTurn("resp_vad").slice(0, 3));
  await server.clock.advance(3000);
  server.emit(responseCreated("resp_1"));
  await server.settle();
  assertEquals(handle.id, "resp_1");
});

Deno.test("activeResponse is the requested one before it begins, and none that has ended for its caller", async () => {
  const { server, session } = await open();
  const controller = new AbortController();
  const handle = session.respond({}, { signal: controller.signal });
  await server.settle();
  assertEquals(session.activeResponse, handle);
  server.create("resp_1");
  await server.settle();
  controller.abort();
  // The server does not answer the cancel.
  await server.clock.advance(20_000);
  assertEquals([await stateOf(handle.done), session.activeResponse], ["resolved", undefined]);
});

Deno.test("a request does not wait if the server is configured not to answer turns", async () => {
  const { server, session } = await open();
  const turn_detection = { type: "server_vad", create_response: false };
  server.emit({ type: "session.updated", session: { audio: { input: { turn_detection } } } });
  server.emit(...vadTurn("resp_vad").slice(0, 3));
  await server.settle();
  session.respond();
  await server.settle();
  assertEquals(server.takeTypes(), ["response.create"]);
});

const NO_VAD = { type: "session.updated", session: { audio: { input: { turn_detection: null } } } };

const SPEECH = { type: "input_audio_buffer.speech_started", audio_start_ms: 0, item_id: "item_turn" };

Deno.test("a request waits while the user speaks, and until the server has answered", async () => {
  const { server, session } = await openResponding();
  const handle = session.respond();
  server.emit(VAD, SPEECH, responseDone("resp_1", { ...CANCELLED }));
  await server.clock.advance(5000);
  assertEquals(server.takeTypes(), ["response.create"]);
  server.emit(...vadTurn("resp_vad").slice(1), responseDone("resp_vad"));
  await server.settle();
  assertEquals(server.takeTypes(), ["response.create"]);
  await session.close();
  assertEquals([(await handle.done).status, server.clock.pending], ["lost", 0]);
});

Deno.test("a request waits while the user speaks, although the configuration changes", async () => {
  const { server, session } = await open();
  server.emit(VAD, SPEECH, VAD);
  await server.settle();
  session.respond();
  await server.settle();
  assertEquals(server.takeTypes(), []);
});

Deno.test("a request waits while the user speaks, however long", async () => {
  const { server, session } = await open();
  server.emit(VAD, SPEECH);
  await server.settle();
  session.respond();
  await server.clock.advance(3_600_000);
  assertEquals([server.sent, server.clock.pending], [[], 0]);
  server.emit(...vadTurn("resp_vad").slice(1), responseDone("resp_vad"));
  await server.settle();
  assertEquals(server.takeTypes(), ["response.create"]);
});

Deno.test("a request waits for the end of speech, and at most as long as the server may take to answer", async () => {
  const detection = { type: "server_vad", create_response: false };
  const cases: readonly [name: string, holdMs: number, events: readonly Frame[]][] = [
    ["speech of unknown length", 2000, [VAD, SPEECH, { ...SPEECH, type: "input_audio_buffer.speech_stopped" }]],
    ["speech that the server stops listening to", 0, [VAD, SPEECH, NO_VAD]],
    ["speech that is cleared away", 0, [VAD, SPEECH, { type: "input_audio_buffer.cleared" }]],
    ["a turn without an answer", 2000, [VAD, ...vadTurn("resp_vad").slice(0, 3)]],
    ["an answer without a turn", 0, [VAD, SPEECH, responseCreated("resp_vad"), responseDone("resp_vad")]],
    ["speech that is ours to answer", 0, [{
      type: "session.updated",
      session: { audio: { input: { turn_detection: detection } } },
    }, SPEECH]],
  ];
  for (const [name, holdMs, events] of cases) {
    const { server, session } = await open();
    server.emit(...events);
    await server.settle();
    session.respond();
    await server.clock.advance(Math.max(0, holdMs - 1));
    assertEquals(server.sent.length, holdMs === 0 ? 1 : 0, name);
    await server.clock.advance(1);
    assertEquals(server.takeTypes(), ["response.create"], name);
    await session.close();
    assertEquals(server.clock.pending, 0, name);
  }
});

Deno.test("respond() waits for response.created for its timeoutMs", async () => {
  const { server, session } = await open();
  const hasty = session.respond({ conversation: "none" }, { timeoutMs: 100 });
  const patient = session.respond({ conversation: "none" }, { timeoutMs: 20_000 });
  await server.clock.advance(99);
  assertEquals(await stateOf(hasty.done), "pending");
  await server.clock.advance(1);
  const outcome = await hasty.done;
  assert(outcome.status === "failed");
  assertEquals([outcome.code, outcome.message.includes("100 ms")], ["ack_timeout", true]);
  await server.clock.advance(19_899);
  assertEquals(await stateOf(patient.done), "pending");
  await server.clock.advance(1);
  assertEquals((await patient.done).status, "failed");
});

Deno.test("cancel() stops waiting on its signal or timeoutMs, and is sent nevertheless", async () => {
  const { server, session, handle } = await openResponding();
  const controller = new AbortController();
  const late = handle.cancel({ timeoutMs: 100 }).catch((error) => error);
  const aborted = session.cancel({ signal: controller.signal }).catch((error) => error);
  const patient = handle.cancel();
  const reason = new Error("Enough");
  controller.abort(reason);
  assertEquals(await aborted, reason);
  await server.clock.advance(100);
  assertEquals((await late).name, "TimeoutError");
  assertEquals(await stateOf(patient), "pending");
  assertEquals(server.sentOf("response.cancel").length, 1);
  server.emit(responseDone("resp_1", CANCELLED));
  await patient;
  assertEquals((await handle.done).status, "cancelled");
});

Deno.test("respond() rejects an invalid timeoutMs, and sends nothing", async () => {
  const { server, session } = await open();
  for (const timeoutMs of [-1, NaN]) {
    assertThrows(() => session.respond({}, { timeoutMs }), RangeError, `current value is ${timeoutMs}`);
  }
  await server.settle();
  assertEquals(server.sent, []);
});

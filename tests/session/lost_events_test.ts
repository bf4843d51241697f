import { assert, assertEquals } from "@std/assert";
import type { ResponseHandle, Session } from "../../src/session/mod.ts";
import { defineTool } from "../../src/tools/mod.ts";
import {
  acknowledgeItem,
  type FakeServer,
  type Frame,
  functionCallEvents,
  open,
  openResponding,
  output,
  responseCreated,
  responseDone,
  stateOf,
  vadTurn,
} from "./_fake_server.ts";

const ALREADY_ACTIVE = "conversation_already_has_active_response";

const words = (responseId: string, delta: string, fields: Frame = {}) =>
  output("response.output_audio_transcript.delta", responseId, { delta, ...fields });

/** A message as the end of a response has it. */
function message(id: string, ...content: readonly Frame[]): Frame {
  return { id, type: "message", role: "assistant", status: "completed", content };
}

/** A session that has asked for a response, and what the server will tell back. */
async function openAsking(): Promise<
  { server: FakeServer; session: Session; handle: ResponseHandle; metadata: Frame }
> {
  const { server, session } = await open();
  const handle = session.respond();
  await server.settle();
  return { server, session, handle, metadata: server.last("response.create").response.metadata };
}

Deno.test("Session.update() is not answered by an event that comes twice", async () => {
  const { server, session } = await open();
  const updates = ["First.", "Second."].map((instructions) => session.update({ instructions }));
  const updated = (event_id: string, instructions: string) => {
    return { type: "session.updated", event_id, session: { type: "realtime", instructions } };
  };
  server.emit(updated("event_1", "First."), updated("event_1", "First."), updated("event_2", "Second."));
  await server.settle();
  const answers = await Promise.all(updates);
  assertEquals(answers.map((answer) => (answer as { instructions?: string }).instructions), ["First.", "Second."]);
});

Deno.test("ResponseHandle.transcript() says no word twice when its events come twice", async () => {
  const { server, handle } = await openResponding();
  const delta = words("resp_1", "Hello.", { event_id: "event_1" });
  server.emit(delta, delta, responseDone("resp_1"));
  assertEquals(await handle.transcript(), "Hello.");
});

Deno.test("ResponseHandle.transcript() has the words of a delta that was lost, once they are complete", async () => {
  const { server, handle } = await openResponding();
  server.emit(
    words("resp_1", "One "),
    words("resp_1", " three."),
    output("response.output_audio_transcript.done", "resp_1", { transcript: "One two three." }),
    words("resp_1", "Four.", { item_id: "item_2" }),
    responseDone("resp_1"),
  );
  assertEquals(await handle.transcript(), "One two three.\nFour.");
  assertEquals(await Array.fromAsync(handle.transcriptStream), ["One ", " three.", "Four."]);
});

Deno.test("ResponseHandle reads the words at the end of a response of which nothing else came", async () => {
  const { server, handle } = await openResponding();
  const image = { type: "input_image", image_url: "data:" };
  const items = [
    message("item_1", { type: "output_audio", transcript: "Spoken." }, image, {
      type: "output_text",
      text: "Written.",
    }),
    { id: "item_2", type: "function_call", name: "sum", call_id: "call_1", arguments: "{}" },
    message("item_3", { type: "output_text", text: "Written again." }),
  ];
  server.emit(responseDone("resp_1", { output: items }));
  assertEquals([await handle.transcript(), await handle.text()], ["Spoken.", "Written.\nWritten again."]);
});

Deno.test("ResponseHandle does not read the words at the end of a response when they came before", async () => {
  const { server, handle } = await openResponding();
  // A server that leaves ids out while it speaks.
  server.emit({ type: "response.output_text.delta", response_id: "resp_1", delta: "Written." });
  server.emit(responseDone("resp_1", { output: [message("item_1", { type: "output_text", text: "Written." })] }));
  assertEquals(await handle.text(), "Written.");
});

Deno.test("a response whose response.created was lost is known by what comes of it", async () => {
  const { server, session, handle, metadata } = await openAsking();
  const created = session.responses();
  server.emitText('{"type":"response.created","event_id":"ev');
  server.emit(words("resp_1", "Hello."));
  await server.settle();
  assertEquals([handle.id, session.activeResponse], ["resp_1", handle]);
  assertEquals((await created.next()).value, handle);
  // It has been created in time.
  await server.clock.advance(15_000);
  server.emit(responseDone("resp_1", { metadata }));
  assertEquals([(await handle.done).status, await handle.transcript()], ["completed", "Hello."]);
});

Deno.test("a response whose response.created was lost can be cancelled", async () => {
  const { server, handle } = await openAsking();
  const cancelling = handle.cancel();
  server.emit(words("resp_1", "Hel"));
  await server.settle();
  assertEquals(server.last("response.cancel").response_id, "resp_1");
  server.emit(responseDone("resp_1", { status: "cancelled" }));
  await cancelling;
});

Deno.test("a response that may be another's is known by its end only", async () => {
  const beside = { conversation: "none" } as const;
  const cases: readonly [name: string, before: (server: FakeServer, session: Session) => unknown][] = [
    ["two were asked for", (_server, session) => session.respond(beside)],
    ["a turn of the user waits for an answer", (server) => server.emit(...vadTurn("").slice(0, 3))],
  ];
  for (const [name, before] of cases) {
    const { server, session, handle, metadata } = await openAsking();
    before(server, session);
    server.emit(words("resp_1", "Hello."));
    await server.settle();
    assertEquals(handle.id, undefined, name);
    server.emit(
      responseDone("resp_2", { metadata, output: [message("item_1", { type: "output_text", text: "Ours." })] }),
    );
    assertEquals([await handle.text(), handle.id], ["Ours.", "resp_2"], name);
    await session.close();
  }
});

Deno.test("a response that is over is not taken for the next one when more of it comes", async () => {
  const { server, session } = await openResponding();
  server.emit(responseDone("resp_1"));
  const next = session.respond();
  await server.settle();
  server.emit(words("resp_1", "Late."));
  await server.settle();
  assertEquals(next.id, undefined);
  await session.close();
});

Deno.test("a response of which something came before we asked is not ours", async () => {
  const { server, session } = await open();
  server.emit(words("resp_theirs", "One"));
  await server.settle();
  const handle = session.respond();
  await server.settle();
  server.emit(words("resp_theirs", " two."));
  await server.settle();
  assertEquals(handle.id, undefined);
  await session.close();
});

Deno.test("a response on a session that others steer is not known by what comes of it", async () => {
  for (const options of [{ sideband: true }, { shared: true }]) {
    const { server, session } = await open(options);
    const handle = session.respond();
    await server.settle();
    server.emit(words("resp_1", "Hello."));
    await server.settle();
    assertEquals(handle.id, undefined);
    await session.close();
  }
});

Deno.test("a response whose response.done was lost holds the next one up for ackTimeoutMs of silence", async () => {
  const { server, session, handle } = await openResponding({ ackTimeoutMs: 1000 });
  const next = session.respond();
  await server.clock.advance(900);
  server.emit(words("resp_1", "Hello."));
  await server.clock.advance(999);
  assertEquals(server.sentOf("response.create").length, 1);
  await server.clock.advance(1);
  assertEquals(server.sentOf("response.create").length, 2);
  server.create("resp_2");
  const outcome = await handle.done;
  assert(outcome.status === "incomplete");
  assertEquals([outcome.reason, await handle.transcript()], ["unknown", "Hello."]);
  assertEquals([session.activeResponse, next.id], [next, "resp_2"]);
  server.emit(responseDone("resp_1"), responseDone("resp_2"));
  assertEquals((await next.done).status, "completed");
  assertEquals(server.clock.pending, 0);
});

Deno.test("a response that is only silent goes on, and the next one has its retry left", async () => {
  const { server, session, handle } = await openResponding({ ackTimeoutMs: 1000 });
  const next = session.respond();
  for (let asked = 2; asked < 6; asked++) {
    await server.clock.advance(1000);
    assertEquals(server.sentOf("response.create").length, asked);
    server.refuse(server.last("response.create").event_id, ALREADY_ACTIVE);
    await server.settle();
  }
  assertEquals([await stateOf(handle.done), await stateOf(next.done)], ["pending", "pending"]);
  server.emit(words("resp_1", "Hello."), responseDone("resp_1"));
  assertEquals([(await handle.done).status, await handle.transcript()], ["completed", "Hello."]);
  await server.settle();
  server.emit(...vadTurn("resp_vad"));
  server.refuse(server.last("response.create").event_id, ALREADY_ACTIVE);
  server.emit(responseDone("resp_vad"));
  await server.settle();
  server.create("resp_2");
  server.emit(responseDone("resp_2"));
  assertEquals((await next.done).status, "completed");
});

Deno.test("a request that goes unanswered behind a silent response gives up, and the one behind it gets its try", async () => {
  const { server, session } = await openResponding({ ackTimeoutMs: 1000 });
  const next = [session.respond(), session.respond()];
  await server.clock.advance(2000);
  const outcome = await next[0]!.done;
  assertEquals(outcome.status === "failed" && outcome.code, "ack_timeout");
  await server.clock.advance(2000);
  assertEquals((await next[1]!.done).status, "failed");
  await session.close();
});

Deno.test("a response whose response.done was lost ends when the server makes the next one by itself", async () => {
  const { server, session, handle } = await openResponding();
  server.emit(...vadTurn("resp_vad"));
  await server.settle();
  assertEquals([await stateOf(handle.done), session.activeResponse?.id], ["resolved", "resp_vad"]);
  // Beside the conversation it may make as many as it likes.
  server.emit(responseCreated("resp_beside", null, null));
  await server.settle();
  assertEquals(session.activeResponse?.id, "resp_vad");
});

Deno.test("a tool's output is followed up though the response.done of its response was lost", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const tool = defineTool({ name: "slow", run: () => promise });
  const { server, session } = await openResponding({ ackTimeoutMs: 1000, tools: [tool] });
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"));
  await server.clock.advance(1500);
  assertEquals(server.takeTypes(), ["response.create"]);
  resolve("done");
  await server.settle();
  acknowledgeItem(server);
  await server.clock.advance(500);
  assertEquals(server.takeTypes(), ["conversation.item.create", "response.create"]);
  await session.close();
});

Deno.test("a tool's output is followed up though the next response told of the end of its own", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const tool = defineTool({ name: "slow", run: () => promise });
  const { server } = await openResponding({ tools: [tool] });
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"), responseCreated("resp_next"));
  await server.settle();
  resolve("done");
  await server.settle();
  acknowledgeItem(server);
  assertEquals(server.takeTypes(), ["response.create", "conversation.item.create"]);
  server.emit(responseDone("resp_next"));
  await server.settle();
  assertEquals(server.takeTypes(), ["response.create"]);
});

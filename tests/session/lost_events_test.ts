import { assertEquals } from "@std/assert";
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

const words = (responseId: string, delta: string, fields: Frame = {}) =>
  output("response.output_audio_transcript.delta", responseId, { delta, ...fields });

/** A message as in response.done. */
function message(id: string, ...content: readonly Frame[]): Frame {
  return { id, type: "message", role: "assistant", status: "completed", content };
}

/** A session that has requested a response, and the metadata that the server echoes. */
async function openAsking(): Promise<
  { server: FakeServer; session: Session; handle: ResponseHandle; metadata: Frame }
> {
  const { server, session } = await open();
  const handle = session.respond();
  await server.settle();
  return { server, session, handle, metadata: server.last("response.create").response.metadata };
}

Deno.test("ResponseHandle.transcript() appends every delta, and ignores a repeated done event", async () => {
  const { server, handle } = await openResponding();
  const delta = words("resp_1", "No. ", { event_id: "event_1" });
  const done = output("response.output_audio_transcript.done", "resp_1", { transcript: "No. No. " });
  server.emit(delta, delta, done, done, responseDone("resp_1"), responseDone("resp_1", { status: "failed" }));
  assertEquals([await handle.transcript(), (await handle.done).status], ["No. No. ", "completed"]);
});

Deno.test("ResponseHandle.transcript() takes the words of a lost delta from the done event", async () => {
  const { server, handle } = await openResponding();
  server.emit(
    words("resp_1", "One "),
    words("resp_1", " three."),
    output("response.output_audio_transcript.done", "resp_1", { transcript: "One two three." }),
    words("resp_1", "Four.", { item_id: "item_2" }),
    responseDone("resp_1"),
  );
  assertEquals(await handle.transcript(), "One two three.\nFour.");
  assertEquals(await Array.fromAsync(handle.transcriptStream()), ["One ", " three.", "Four."]);
});

Deno.test("ResponseHandle reads the text from response.done if no other event arrives", async () => {
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

Deno.test("ResponseHandle does not repeat text from response.done that deltas brought", async () => {
  const { server, handle } = await openResponding();
  // A server that omits ids from deltas.
  server.emit({ type: "response.output_text.delta", response_id: "resp_1", delta: "Written." });
  server.emit(responseDone("resp_1", { output: [message("item_1", { type: "output_text", text: "Written." })] }));
  assertEquals(await handle.text(), "Written.");
});

Deno.test("a response without response.created is recognized by its other events", async () => {
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

Deno.test("a response without response.created can be cancelled", async () => {
  const { server, handle } = await openAsking();
  const cancelling = handle.cancel();
  server.emit(words("resp_1", "Hel"));
  await server.settle();
  assertEquals(server.last("response.cancel").response_id, "resp_1");
  server.emit(responseDone("resp_1", { status: "cancelled" }));
  await cancelling;
});

Deno.test("a response that begins while a user turn awaits an answer is treated as that answer", async () => {
  const { server, session, handle, metadata } = await openAsking();
  server.emit(...vadTurn("").slice(0, 3), words("resp_1", "Hello."));
  await server.settle();
  assertEquals([handle.id, session.activeResponse?.id], [undefined, "resp_1"]);
  server.emit(
    responseDone("resp_2", { metadata, output: [message("item_1", { type: "output_text", text: "Ours." })] }),
  );
  assertEquals([await handle.text(), handle.id], ["Ours.", "resp_2"]);
  await session.close();
});

/** What a server sends that numbers no responses. */
function unnumbered(...events: readonly Frame[]): Frame[] {
  return events.map(({ response, response_id: _, ...event }) => {
    return { ...event, ...response && { response: { ...response, id: undefined } } };
  });
}

Deno.test("a response needs no id: its words, calls and end belong to the one in progress", async () => {
  for (const isNumberedAtFirst of [true, false]) {
    const { server, session } = await open({ tools: [defineTool({ name: "note", run: () => "noted" })] });
    const handle = session.respond();
    const created = responseCreated("resp_1");
    server.emit(
      ...isNumberedAtFirst ? [created] : unnumbered(created),
      ...unnumbered(
        output("response.output_text.delta", "resp_1", { delta: "Words." }),
        ...functionCallEvents("resp_1", "call_1", "note"),
        responseDone("resp_1"),
      ),
    );
    await server.settle();
    assertEquals([(await handle.done).status, await handle.text()], ["completed", "Words."]);
    assertEquals(server.takeTypes(), ["response.create", "conversation.item.create", "response.create"]);
  }
});

Deno.test("a response that begins without an id has that of its later events", async () => {
  const { server, session } = await open();
  const handle = session.respond();
  await server.settle();
  server.emit(
    ...unnumbered(responseCreated("resp_1")),
    // Of a response that ran beside the conversation.
    responseDone("resp_beside", { conversation_id: null }),
    output("response.output_text.delta", "resp_1", { delta: "Words." }),
  );
  await server.settle();
  assertEquals([handle.id, await stateOf(handle.done)], ["resp_1", "pending"]);
  server.emit(responseDone("resp_2"));
  await server.settle();
  assertEquals(await stateOf(handle.done), "pending");
  server.emit(responseDone("resp_1"));
  assertEquals([(await handle.done).status, await handle.text()], ["completed", "Words."]);
});

Deno.test("a response without an id ends when the next one begins, which then has the words", async () => {
  const { server, session } = await open();
  const first = session.respond();
  await server.settle();
  server.emit(...unnumbered(responseCreated("a"), responseCreated("b")));
  await server.settle();
  const next = session.activeResponse!;
  const words = output("response.output_text.delta", "b", { delta: "Words." });
  server.emit(...unnumbered(words, responseDone("b")));
  await server.settle();
  assertEquals([(await first.done).status, await first.text()], ["incomplete", ""]);
  assertEquals([(await next.done).status, await next.text()], ["completed", "Words."]);
});

Deno.test("simultaneous responses without ids are distinguished by their conversation", async () => {
  const { server, session } = await open();
  const beside = session.respond({ conversation: "none" });
  await server.settle();
  server.emit(...unnumbered(responseCreated("a", null, null)));
  const handle = session.respond();
  await server.settle();
  server.emit(...unnumbered(responseCreated("b")));
  await server.settle();
  const states = () => Promise.all([beside, handle].map(({ done }) => stateOf(done)));
  assertEquals(await states(), ["pending", "pending"]);
  server.emit(...unnumbered(responseDone("b")));
  await server.settle();
  assertEquals(await states(), ["pending", "resolved"]);
  server.emit(...unnumbered(responseDone("a", { conversation_id: null, status: "incomplete" })));
  await server.settle();
  assertEquals([(await beside.done).status, (await handle.done).status], ["incomplete", "completed"]);
});

Deno.test("late events of a finished response do not begin the next one", async () => {
  const { server, session } = await openResponding();
  server.emit(responseDone("resp_1"));
  const next = session.respond();
  await server.settle();
  server.emit(words("resp_1", "Late."));
  await server.settle();
  assertEquals(next.id, undefined);
  await session.close();
});

Deno.test("a response that began with its first item before our request is not ours", async () => {
  const { server, session } = await open();
  server.emit(output("response.output_item.added", "resp_theirs", {}), words("resp_theirs", "One"));
  await server.settle();
  const handle = session.respond();
  await server.settle();
  server.emit(words("resp_theirs", " two."));
  await server.settle();
  assertEquals([handle.id, session.activeResponse?.id, server.sent], [undefined, "resp_theirs", []]);
  await session.close();
});

Deno.test("a response on a shared session is not ours merely because we requested one", async () => {
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

Deno.test("a silent response keeps the slot, and no probe is sent", async () => {
  const { server, session, handle } = await openResponding({ ackTimeoutMs: 1000 });
  const next = session.respond();
  await server.clock.advance(600_000);
  assertEquals(server.takeTypes(), ["response.create"]);
  assertEquals([session.activeResponse, server.clock.pending], [handle, 0]);
  server.emit(words("resp_1", "Hello."), responseDone("resp_1"));
  assertEquals([(await handle.done).status, await handle.transcript()], ["completed", "Hello."]);
  await server.settle();
  server.create("resp_2");
  server.emit(responseDone("resp_2"));
  assertEquals((await next.done).status, "completed");
});

Deno.test("a response without response.done ends when the server starts the next one", async () => {
  const { server, session, handle } = await openResponding();
  server.emit(...vadTurn("resp_vad"));
  await server.settle();
  assertEquals([await stateOf(handle.done), session.activeResponse?.id], ["resolved", "resp_vad"]);
  // There may be any number of out-of-band responses.
  server.emit(responseCreated("resp_beside", null, null));
  await server.settle();
  assertEquals(session.activeResponse?.id, "resp_vad");
});

Deno.test("ask() ends with a response whose end is not reported, as the next one reads the outputs of its tools", async () => {
  const { server, session } = await open({ tools: [defineTool({ name: "note", run: () => "noted" })] });
  const asked = session.ask("Hello");
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  server.create("resp_1");
  server.emit(...functionCallEvents("resp_1", "call_1", "note"));
  await server.settle();
  server.emit(responseCreated("resp_next"));
  await server.settle();
  assertEquals((await asked).status, "incomplete");
});

Deno.test("a tool output is followed up although response.created of the next response came first", async () => {
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

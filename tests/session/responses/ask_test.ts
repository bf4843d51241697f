import { assertEquals, assertRejects } from "@std/assert";
import { InvalidEventError, RealtimeApiError } from "../../../src/errors.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import {
  acknowledgeItem,
  CANCELLED,
  functionCall,
  functionCallEvents,
  open,
  output,
  responseCreated,
  responseDone,
  stateOf,
  vadTurn,
} from "../_fake_server.ts";

Deno.test("ask() adds a message, requests a response, and resolves with its outcome", async () => {
  const { server, session } = await open();
  const asking = session.ask("How are you?", { output_modalities: ["text"] });
  await server.settle();
  assertEquals(server.sent.map(({ type }) => type), ["conversation.item.create"]);
  // The server answers another turn first.
  server.emit(...vadTurn("resp_vad"));
  acknowledgeItem(server);
  await server.settle();
  assertEquals(server.sentOf("response.create"), []);
  server.emit(responseDone("resp_vad"));
  await server.settle();
  assertEquals(server.last("response.create").response.output_modalities, ["text"]);
  server.create("resp_1");
  await server.settle();
  assertEquals(await stateOf(asking), "pending");
  server.emit(responseDone("resp_1", { status: "incomplete", status_details: { reason: "max_output_tokens" } }));
  const outcome = await asking;
  assertEquals(outcome.status === "incomplete" && outcome.reason, "max_output_tokens");
});

Deno.test("ask() requests nothing when its message or its configuration is refused", async () => {
  const { server, session } = await open();
  await assertRejects(() => session.ask("Hi", { max_output_tokens: 0 }), InvalidEventError);
  const asking = assertRejects(() => session.ask("Hi"), RealtimeApiError);
  await server.settle();
  server.refuse(server.sent[0]!.event_id);
  await asking;
  assertEquals(server.sent.length, 1);
});

Deno.test("ask() returns the words of the last response once, spoken and written", async () => {
  const { server, session } = await open({ tools: [defineTool({ name: "look", run: () => "Sun." })] });
  const asking = session.ask("How is the weather?");
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  server.create("resp_1");
  server.emit(
    output("response.output_audio_transcript.delta", "resp_1", { delta: "I will look." }),
    ...functionCallEvents("resp_1", "call_1", "look"),
    responseDone("resp_1", { output: [functionCall("call_1", "look")] }),
  );
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  server.create("resp_2");
  server.emit(
    output("response.output_audio_transcript.delta", "resp_2", { delta: "It is " }),
    output("response.output_audio_transcript.delta", "resp_2", { delta: "sunny." }),
    output("response.output_audio_transcript.done", "resp_2", { transcript: "It is sunny." }),
    output("response.output_text.done", "resp_2", { content_index: 1, text: "21 °C" }),
    responseDone("resp_2"),
  );
  const { text, calls } = await asking;
  assertEquals([text.split("\n").toSorted(), calls.length], [["21 °C", "It is sunny."], 1]);
});

const ENDS = {
  completed: { status: "completed" },
  cancelled: CANCELLED,
  incomplete: { status: "incomplete", status_details: { reason: "max_output_tokens" } },
  failed: { status: "failed", status_details: { error: { message: "Too much" } } },
  lost: undefined,
};

for (const [status, end] of Object.entries(ENDS)) {
  Deno.test(`ask() returns the words that arrived when its response is ${status}`, async () => {
    const { server, session } = await open();
    const asking = session.ask("Hi");
    await server.settle();
    acknowledgeItem(server);
    await server.settle();
    server.create("resp_1");
    server.emit(output("response.output_text.delta", "resp_1", { delta: "One, two" }));
    await server.settle();
    if (end) server.emit(responseDone("resp_1", end));
    else await session.close();
    const outcome = await asking;
    assertEquals([outcome.status, outcome.text], [status, "One, two"]);
  });
}

Deno.test("ask() returns an empty text when its response has none", async () => {
  const { server, session } = await open();
  const asking = session.ask("Hi");
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  server.create("resp_1");
  server.emit(responseDone("resp_1"));
  assertEquals((await asking).text, "");
});

Deno.test("ask() cancels its response when its signal is aborted", async () => {
  const { server, session } = await open();
  const controller = new AbortController();
  const asking = session.ask("Hi", {}, { signal: controller.signal });
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  server.create("resp_1");
  await server.settle();
  controller.abort();
  await server.settle();
  assertEquals(server.last("response.cancel").response_id, "resp_1");
  server.emit(responseDone("resp_1", { status: "cancelled" }));
  assertEquals((await asking).status, "cancelled");
});

Deno.test("ask() resolves as cancelled on abort although the server answers neither the response nor the cancel", async () => {
  const { server, session } = await open({ ackTimeoutMs: 1000 });
  const controller = new AbortController();
  const asking = session.ask("Hi", {}, { signal: controller.signal });
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  server.create("resp_1");
  await server.settle();
  controller.abort();
  let status: string | undefined;
  void asking.then((outcome) => status = outcome.status);
  await server.clock.advance(999);
  assertEquals(status, undefined);
  await server.clock.advance(1);
  assertEquals(status, "cancelled");
});

Deno.test("ask() resolves with the response that called a tool if the user withdraws its follow-up", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { server, session } = await open({ tools: [defineTool({ name: "slow", run: () => promise })] });
  const asked = session.ask("One");
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  server.create("resp_1");
  const message = { id: "item_1", type: "message", role: "assistant", content: [] };
  server.emit(
    output("response.output_text.delta", "resp_1", { delta: "I will look." }),
    ...functionCallEvents("resp_1", "call_1", "slow"),
    responseDone("resp_1", { output: [message, functionCall("call_1", "slow")] }),
    responseCreated("resp_vad"),
  );
  await server.settle();
  resolve("found");
  await server.settle();
  assertEquals(await stateOf(asked), "pending");
  server.emit({ type: "input_audio_buffer.speech_started", item_id: "item_2", audio_start_ms: 0 });
  await server.settle();
  const { calls, status, text } = await asked;
  assertEquals([status, text, calls.map(({ call_id }) => call_id)], ["completed", "I will look.", ["call_1"]]);
});

Deno.test("ask() resolves as cancelled when it is aborted before its request could be sent", async () => {
  const { server, session } = await open();
  const controller = new AbortController();
  server.emit(responseCreated("resp_vad"));
  const asked = session.ask("One", {}, { signal: controller.signal });
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  controller.abort();
  assertEquals([(await asked).status, server.sentOf("response.create")], ["cancelled", []]);
});

Deno.test("ask() resolves as failed when its request is refused", async () => {
  const { server, session } = await open({ tools: [defineTool({ name: "note", run: () => "noted" })] });
  const asked = session.ask("One");
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  server.refuse(server.last("response.create").event_id);
  await server.settle();
  assertEquals((await asked).status, "failed");
});

Deno.test("two questions that share a response both follow it to the last of its follow-ups", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const slow = defineTool({ name: "slow", run: () => promise });
  const { server, session } = await open({ tools: [slow, defineTool({ name: "note", run: () => "noted" })] });
  const asked = [session.ask("One")];
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  server.create("resp_1");
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"), responseDone("resp_1"), responseCreated("resp_vad"));
  await server.settle();
  asked.push(session.ask("Two"));
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  // The answer to the second question is the follow-up of the first one, too.
  resolve("found");
  await server.settle();
  server.emit(responseDone("resp_vad"));
  await server.settle();
  server.create("resp_2");
  server.emit(...functionCallEvents("resp_2", "call_2", "note"));
  await server.settle();
  server.emit(responseDone("resp_2"));
  await server.settle();
  server.create("resp_3");
  server.emit(output("response.output_text.delta", "resp_3", { delta: "Both." }), responseDone("resp_3"));
  await server.settle();
  assertEquals((await Promise.all(asked)).map(({ text }) => text), ["Both.", "Both."]);
  assertEquals(server.sentOf("response.create").length, 3);
});

Deno.test("ask() is lost at the end of a session whose tool still runs", async () => {
  const { server, session } = await open({ tools: [defineTool({ name: "slow", run: () => new Promise(() => {}) })] });
  const asked = session.ask("One");
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  server.create("resp_1");
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"), responseDone("resp_1"));
  await server.settle();
  assertEquals(await stateOf(asked), "pending");
  server.close(1011);
  await server.settle();
  assertEquals(await stateOf(asked), "resolved");
  assertEquals((await asked).status, "lost");
});

Deno.test("sendMessage() accepts texts and images, as URLs or bytes", async () => {
  const { server, session } = await open();
  const url = "data:image/png;base64,AAAA";
  const sending = session.sendMessage([
    "Look:",
    { type: "input_image", image: new Uint8Array([0x89, 0x50, 1]), detail: "low" },
    { type: "input_image", image: new Uint8Array([0xff, 0xd8, 1]) },
    { type: "input_image", image_url: url },
  ]);
  await server.settle();
  acknowledgeItem(server);
  await sending;
  assertEquals(server.last("conversation.item.create").item.content, [
    { type: "input_text", text: "Look:" },
    { type: "input_image", detail: "low", image_url: "data:image/png;base64,iVAB" },
    { type: "input_image", image_url: "data:image/jpeg;base64,/9gB" },
    { type: "input_image", image_url: url },
  ]);
  const gif = new TextEncoder().encode("GIF89a");
  await assertRejects(
    () => session.sendMessage([{ type: "input_image", image: gif }]),
    TypeError,
    "neither PNG nor JPEG",
  );
});

Deno.test("responses() yields a handle for every response, requested or not, and ends with the session", async () => {
  const { server, session } = await open();
  const reader = session.responses();
  const ours = session.respond();
  await server.settle();
  server.create("resp_1");
  server.emit(responseDone("resp_1"), responseCreated("resp_vad"), responseDone("resp_vad", { status: "cancelled" }));
  await server.settle();
  await session.close();
  const handles = await Array.fromAsync(reader);
  assertEquals(handles.map(({ id, startedByServer }) => [id, startedByServer]), [["resp_1", false], [
    "resp_vad",
    true,
  ]]);
  assertEquals(handles[0], ours);
  assertEquals((await handles[1]!.done).status, "cancelled");
});

Deno.test("idle() resolves when every response, queued or following a tool, is done", async () => {
  let finish: (result: string) => void = () => {};
  const slow = defineTool({ name: "slow", run: () => new Promise<string>((resolve) => finish = resolve) });
  const { server, session } = await open({ tools: [slow] });
  assertEquals(await stateOf(session.idle()), "resolved");

  session.respond();
  const idle = session.idle();
  await server.settle();
  server.create("resp_1");
  server.emit(...functionCallEvents("resp_1", "call_1", "slow"), responseDone("resp_1"));
  await server.settle();
  assertEquals([session.activeResponse, await stateOf(idle)], [undefined, "pending"]);
  finish("Done.");
  await server.settle();
  acknowledgeItem(server);
  server.create("resp_2");
  session.respond();
  server.emit(responseDone("resp_2"));
  await server.settle();
  assertEquals(await stateOf(idle), "pending");
  server.create("resp_3");
  server.emit(responseDone("resp_3"));
  await server.settle();
  assertEquals(await stateOf(idle), "resolved");
});

Deno.test("idle() waits for a tool that starts while it waits for another one", async () => {
  const finish: ((result: string) => void)[] = [];
  const slow = defineTool({ name: "slow", run: () => new Promise<string>((resolve) => finish.push(resolve)) });
  const { server, session } = await open({ tools: [slow] });
  let idle: Promise<void> | undefined;
  for (const id of ["1", "2"]) {
    const call = functionCallEvents(`resp_${id}`, `call_${id}`, "slow");
    server.emit(responseCreated(`resp_${id}`), ...call, responseDone(`resp_${id}`));
    await server.settle();
    idle ??= session.idle();
  }
  for (const [id, state] of [["resp_3", "pending"], ["resp_4", "resolved"]] as const) {
    finish.shift()!("Done.");
    await server.settle();
    assertEquals(await stateOf(idle!), "pending");
    server.create(id);
    server.emit(responseDone(id));
    await server.settle();
    assertEquals(await stateOf(idle!), state);
  }
});

Deno.test("idle() waits for the end of a response that is created after its request failed", async () => {
  const { server, session } = await open({ ackTimeoutMs: 1000 });
  const handle = session.respond();
  await server.clock.advance(1000);
  assertEquals((await handle.done).status, "failed");
  server.create("resp_late");
  await server.settle();
  const idle = session.idle();
  // Polling without a delay would block this process.
  assertEquals(await stateOf(idle), "pending");
  server.emit(responseDone("resp_late", CANCELLED));
  await server.settle();
  assertEquals(await stateOf(idle), "resolved");
});

Deno.test("idle() resolves when the session ends", async () => {
  const { session } = await open();
  session.respond();
  const idle = session.idle();
  await session.close();
  await idle;
});

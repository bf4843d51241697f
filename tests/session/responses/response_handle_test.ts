import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConnectionError, RealtimeApiError } from "../../../src/errors.ts";
import {
  type Frame,
  functionCall,
  open,
  openResponding,
  output,
  responseCreated,
  responseDone,
  stateOf,
} from "../_fake_server.ts";

const text = (delta: string, fields: Frame = {}) =>
  output("response.output_text.delta", "resp_1", { delta, ...fields });

Deno.test("ResponseHandle.text() joins the deltas, and separates parts with line breaks", async () => {
  const { server, handle } = await openResponding();
  server.emit(
    text("Hel", { item_id: "item_a" }),
    text("Sec", { item_id: "item_b", output_index: 1 }),
    text("lo", { item_id: "item_a" }),
    output("response.output_text.done", "resp_1", { item_id: "item_a", text: "Hello" }),
    text("ond", { item_id: "item_b", output_index: 1 }),
    responseDone("resp_1"),
  );
  assertEquals(await handle.text(), "Hello\nSecond");
  assertEquals(await handle.text(), "Hello\nSecond");
  assertEquals(await handle.transcript(), "");
});

Deno.test("ResponseHandle.text() reads the whole text from a server that sends no deltas", async () => {
  const { server, handle } = await openResponding();
  server.emit(
    output("response.output_text.done", "resp_1", { text: "Hello" }),
    output("response.output_audio_transcript.done", "resp_1", { content_index: 1, transcript: "Hi" }),
    responseDone("resp_1"),
  );
  assertEquals([await handle.text(), await handle.transcript()], ["Hello", "Hi"]);
});

Deno.test("ResponseHandle.audio() returns the decoded bytes", async () => {
  const { server, handle } = await openResponding();
  const audio = (delta: string) => output("response.output_audio.delta", "resp_1", { delta });
  server.emit(
    audio("AQI="),
    output("response.output_audio_transcript.delta", "resp_1", { delta: "One, " }),
    audio("AwQF"),
    output("response.output_audio_transcript.delta", "resp_1", { delta: "two." }),
    responseDone("resp_1"),
  );
  assertEquals(await handle.audio(), Uint8Array.of(1, 2, 3, 4, 5));
  assertEquals(await handle.transcript(), "One, two.");
  assertEquals(await Array.fromAsync(handle.audioStream()), [Uint8Array.of(1, 2), Uint8Array.of(3, 4, 5)]);
});

Deno.test("ResponseHandle streams data as it arrives, and all of it to late readers", async () => {
  const { server, handle } = await openResponding();
  const live = handle.textStream().getReader();
  const first = live.read();
  assertEquals(await stateOf(first), "pending");
  server.emit(text("One "));
  assertEquals(await first, { done: false, value: "One " });
  server.emit(text("two"));
  assertEquals(await live.read(), { done: false, value: "two" });
  const late = Array.fromAsync(handle.textStream());
  server.emit(text(" three"), responseDone("resp_1"));
  assertEquals(await live.read(), { done: false, value: " three" });
  assertEquals((await live.read()).done, true);
  assertEquals(await late, ["One ", "two", " three"]);
  assertEquals(await Array.fromAsync(handle.textStream()), ["One ", "two", " three"]);
});

Deno.test("ResponseHandle streams can be abandoned without side effects", async () => {
  const { server, handle } = await openResponding();
  const reader = handle.textStream().getReader();
  const pending = reader.read();
  await reader.cancel();
  assertEquals((await pending).done, true);
  server.emit(text("One"), responseDone("resp_1"));
  assertEquals(await handle.text(), "One");
});

Deno.test("ResponseHandle.items() returns the output items of the response", async () => {
  const { server, handle } = await openResponding();
  const item = functionCall("call_1", "sum");
  server.emit(responseDone("resp_1", { output: [item] }));
  assertEquals(await handle.items(), [item as never]);
});

Deno.test("ResponseHandle.done reports why a response was incomplete", async () => {
  const { server, handle } = await openResponding();
  const status_details = { type: "incomplete", reason: "max_output_tokens" };
  server.emit(text("So f"), responseDone("resp_1", { status: "incomplete", status_details }));
  const outcome = await handle.done;
  assert(outcome.status === "incomplete");
  assertEquals([outcome.reason, outcome.response?.id], ["max_output_tokens", "resp_1"]);
  assertEquals(await handle.text(), "So f");
});

Deno.test("ResponseHandle.done reports who cancelled a response", async () => {
  const { server, handle } = await openResponding();
  const status_details = { type: "cancelled", reason: "turn_detected" };
  server.emit(text("So f"), responseDone("resp_1", { status: "cancelled", status_details }));
  const outcome = await handle.done;
  assert(outcome.status === "cancelled");
  assertEquals(outcome.reason, "turn_detected");
  assertEquals(await handle.text(), "So f");
});

Deno.test("ResponseHandle.done has a reason although the server omits it, and no response that is none", async () => {
  for (const [status, reason] of [["cancelled", "client_cancelled"], ["incomplete", "unknown"]] as const) {
    const { server, handle } = await openResponding();
    server.emit(responseDone("resp_1", { status, output: undefined }));
    const outcome = await handle.done;
    assertEquals([outcome.status, "reason" in outcome && outcome.reason], [status, reason]);
    assertEquals(await handle.items(), []);
  }
  const { server, handle } = await openResponding();
  server.emit({ type: "response.done", response: "resp_1" });
  assertEquals(await handle.done, { status: "completed", response: undefined });
});

Deno.test("ResponseHandle of a failed response rejects only when it is read", async () => {
  const { server, session, handle } = await openResponding();
  const error = { type: "server_error", code: "rate_limit_exceeded", message: "Too many." };
  server.emit(text("So f"), responseDone("resp_1", { status: "failed", status_details: { type: "failed", error } }));
  const outcome = await handle.done;
  assert(outcome.status === "failed");
  assertEquals([outcome.code, outcome.message], ["rate_limit_exceeded", "Too many."]);
  for (const read of [() => handle.text(), () => handle.transcript(), () => handle.audio(), () => handle.items()]) {
    const thrown = await assertRejects(read, RealtimeApiError, "Too many.");
    assertEquals(thrown.code, "rate_limit_exceeded");
  }
  const reader = handle.textStream().getReader();
  assertEquals((await reader.read()).value, "So f");
  await assertRejects(() => reader.read(), RealtimeApiError, "Too many.");
  // A failed response does not end the session.
  session.respond();
  await server.settle();
  assertEquals(server.sentOf("response.create").length, 2);
});

Deno.test("ResponseHandle.done has a default message for a failure without words", async () => {
  for (const status_details of [null, { type: "failed", error: { message: "" } }] as const) {
    const { server, handle } = await openResponding();
    server.emit(responseDone("resp_1", { status: "failed", status_details }));
    const outcome = await handle.done;
    assert(outcome.status === "failed");
    assertEquals([outcome.code, outcome.message], [undefined, "The server could not make the response"]);
  }
});

Deno.test("ResponseHandle of a lost response rejects with the reason why the connection ended", async () => {
  const { server, handle } = await openResponding();
  server.emit(text("So f"));
  await server.settle();
  const stream = handle.transcriptStream().getReader();
  const reading = stream.read().catch((error) => error);
  server.close(1006, "gone");
  const outcome = await handle.done;
  assert(outcome.status === "lost");
  for (const read of [() => handle.text(), () => handle.audio(), () => handle.items()]) {
    const error = await assertRejects(read, ConnectionError, "gone");
    assertEquals(error.close, { code: 1006, reason: "gone", clean: false });
  }
  assert(await reading instanceof ConnectionError);
});

Deno.test("ResponseHandle reads what it can from malformed events", async () => {
  const { server, handle } = await openResponding();
  server.emit({ type: "response.output_text.delta", response_id: "resp_1", delta: "Hello" });
  server.emit({ type: "response.done", response: { id: "resp_1", status: "completed", output: "none" } });
  assertEquals(await handle.text(), "Hello");
  assertEquals((await handle.done).status, "completed");
});

const second = () => output("response.output_audio.delta", "resp_1", { delta: "AAAA".repeat(16_000) });

Deno.test("ResponseHandle keeps 30 s of audio for a late reader, and none of a longer response", async () => {
  for (const [seconds, isKept] of [[30, true], [31, false]] as const) {
    const { server, handle } = await openResponding();
    server.emit(...Array.from({ length: seconds }, second), responseDone("resp_1"));
    await handle.done;
    if (isKept) assertEquals((await handle.audio()).length, seconds * 48_000);
    else {
      const error = await assertRejects(() => handle.audio(), DOMException, "Cannot read a response from its start");
      assertEquals(error.name, "QuotaExceededError");
      await assertRejects(() => handle.audioStream().getReader().read(), DOMException);
      // Its words are available nevertheless.
      assertEquals(await handle.transcript(), "");
    }
  }
});

Deno.test("ResponseHandle keeps all audio if it is requested in time", async () => {
  for (const isStream of [false, true]) {
    const { server, handle } = await openResponding();
    const audio = isStream ? new Response(handle.audioStream()).arrayBuffer() : handle.audio();
    for (let i = 0; i < 40; i++) server.emit(second());
    server.emit(responseDone("resp_1"));
    assertEquals((await audio).byteLength, 40 * 48_000);
  }
});

Deno.test("ResponseHandle keeps 2 s of audio of a response that the server started", async () => {
  for (const seconds of [2, 3]) {
    const { server, session } = await open();
    const begun = session.responses().next();
    server.emit(responseCreated("resp_1"), ...Array.from({ length: seconds }, second), responseDone("resp_1"));
    const handle = (await begun).value;
    await handle.done;
    if (seconds === 2) assertEquals((await handle.audio()).length, 96_000);
    else await assertRejects(() => handle.audio(), DOMException, "more than 128000 characters");
  }
});

Deno.test("ResponseHandle.audioStream() of a response that the server started includes the beginning", async () => {
  const { server, session } = await open();
  const responses = session.responses();
  server.emit(responseCreated("resp_1"), ...Array.from({ length: 5 }, second), responseDone("resp_1"));
  for await (const handle of responses) {
    assertEquals((await new Response(handle.audioStream()).arrayBuffer()).byteLength, 5 * 48_000);
    break;
  }
});

Deno.test("Session.events() gives a late reader earlier events without audio", async () => {
  const { server, session } = await open();
  server.emit(responseCreated("resp_1"), second(), responseDone("resp_1"));
  await server.settle();
  const events = session.events();
  await session.close();
  const types = (await Array.fromAsync(events)).map(({ type }) => type);
  assertEquals(types, ["session.created", "session.updated", "response.created", "response.done", "closed"]);
});

import { assertEquals } from "@std/assert";
import { encodeBase64 } from "../../src/audio/mod.ts";
import { type VoiceEvent, type VoiceOptions, VoiceSession } from "../../src/voice/mod.ts";
import { CANCELLED, type FakeServer, open, output, responseCreated, responseDone } from "../session/_fake_server.ts";

/** A voice session over a scripted server, whose player reports what was heard. */
async function openVoice(options: VoiceOptions = {}) {
  const { server, session } = await open();
  const voice = new VoiceSession(session, { playbackSource: "reported", clock: server.clock, ...options });
  const events: VoiceEvent[] = [];
  voice.on("*", (event) => void events.push(event));
  return { server, voice, events };
}

/** Audio of a response, `ms` milliseconds long. */
function audio(responseId: string, ms: number, fields: Record<string, unknown> = {}) {
  return output("response.output_audio.delta", responseId, { delta: encodeBase64(new Uint8Array(ms * 48)), ...fields });
}

const SPEECH = { type: "input_audio_buffer.speech_started", audio_start_ms: 0, item_id: "item_user" };

/** The cuts that the client has requested. */
function cutsOf(server: FakeServer) {
  return server.sent.filter(({ type }) => /truncate|delete|cancel/.test(type)).map((event) =>
    `${event.type} ${event.item_id ?? event.response_id}`
  );
}

Deno.test("Interrupter discards audio that arrives after the cut, of the item and of the whole response", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(responseCreated("resp_1"), audio("resp_1", 500));
  await server.settle();
  voice.playback.report("resp_1_item", 100);
  server.emit(SPEECH, audio("resp_1", 500), audio("resp_1", 500, { item_id: "item_late" }));
  await server.settle();
  assertEquals(voice.playback.get("resp_1_item")?.receivedMs, 500);
  assertEquals(voice.playback.get("item_late"), undefined);
  assertEquals(cutsOf(server), ["conversation.item.truncate resp_1_item"]);
  assertEquals(events.filter(({ type }) => type === "audio_delta").length, 5);
  await voice.close();
});

Deno.test("Interrupter deletes an item that arrives after the interruption once it is done", async () => {
  const { server, voice } = await openVoice();
  server.emit(responseCreated("resp_1"), audio("resp_1", 500));
  await server.settle();
  voice.playback.report("resp_1_item", 100);
  server.emit(SPEECH, audio("resp_1", 500, { item_id: "item_late" }));
  await server.settle();
  const item = { id: "item_late", type: "message", role: "assistant", status: "incomplete", content: [] };
  server.emit({ type: "conversation.item.done", item }, output("response.output_item.done", "resp_1", { item }));
  await server.settle();
  assertEquals(cutsOf(server), ["conversation.item.truncate resp_1_item", "conversation.item.delete item_late"]);
  await voice.close();
});

Deno.test("Interrupter silences an out-of-band response without touching the conversation", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(responseCreated("resp_1", null, null), audio("resp_1", 500));
  await server.settle();
  voice.playback.report("resp_1_item", 100);
  server.emit(SPEECH, audio("resp_1", 500));
  await server.settle();
  assertEquals(cutsOf(server), []);
  assertEquals(voice.playback.unheardMs, 0);
  assertEquals(events.filter(({ type }) => type === "interrupted").length, 1);
  await voice.close();
});

Deno.test("Interrupter knows a response that was requested out of band, even if the server does not say so", async () => {
  const { server, voice } = await openVoice();
  voice.respond({ conversation: "none" });
  await server.settle();
  const { response, type } = responseCreated("resp_1", server.last("response.create").response.metadata);
  server.emit({ type, response: { ...response, conversation_id: undefined } }, audio("resp_1", 500));
  await server.settle();
  voice.playback.report("resp_1_item", 100);
  server.emit(SPEECH);
  await server.settle();
  assertEquals(cutsOf(server), []);
  await voice.close();
});

Deno.test("Interrupter deletes nothing when out-of-band audio arrives after the interruption", async () => {
  const { server, voice } = await openVoice();
  server.emit(responseCreated("resp_1", null, null), audio("resp_1", 500));
  await server.settle();
  voice.playback.report("resp_1_item", 100);
  server.emit(SPEECH, audio("resp_1", 500, { item_id: "item_late" }));
  const item = { id: "item_late", type: "message", role: "assistant", status: "incomplete", content: [] };
  server.emit(output("response.output_item.done", "resp_1", { item }));
  server.emit(responseDone("resp_1", { status: "cancelled", output: [item], conversation_id: null }));
  await server.settle();
  assertEquals(voice.playback.get("item_late"), undefined);
  assertEquals(cutsOf(server), []);
  await voice.close();
});

Deno.test("Interrupter truncates the content part that carries the audio, even of a response that was never announced", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(audio("resp_1", 500, { content_index: 1 }));
  await server.settle();
  voice.playback.report("resp_1_item", 100);
  assertEquals(voice.playback.get("resp_1_item")?.contentIndex, 1);
  server.emit(SPEECH);
  await server.settle();
  const { type, item_id, content_index, audio_end_ms } = server.sent.at(-1)!;
  assertEquals([type, item_id, content_index, audio_end_ms], ["conversation.item.truncate", "resp_1_item", 1, 100]);
  assertEquals(events.flatMap((event) => event.type === "interrupted" ? [event.contentIndex] : []), [1]);
  await voice.close();
});

Deno.test("Interrupter plays the next response", async () => {
  const { server, voice } = await openVoice();
  server.emit(responseCreated("resp_1"), audio("resp_1", 500), SPEECH, responseDone("resp_1", { status: "cancelled" }));
  server.emit(responseCreated("resp_2"), audio("resp_2", 300));
  await server.settle();
  assertEquals(voice.playback.unheardMs, 300);
  await voice.close();
});

Deno.test("Interrupter reports a truncation that the server refuses, and the session continues", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(responseCreated("resp_1"), audio("resp_1", 500));
  await server.settle();
  voice.playback.report("resp_1_item", 100);
  server.emit(SPEECH);
  await server.settle();
  server.refuse(server.last("conversation.item.truncate").event_id, "invalid_value", "It is too short.");
  await server.settle();
  const errors = events.filter((event) => event.type === "error");
  assertEquals(errors.map(({ error }) => error.message), ["It is too short."]);
  server.emit(responseCreated("resp_2"), audio("resp_2", 300));
  await server.settle();
  assertEquals(voice.playback.unheardMs, 300);
  await voice.close();
});

Deno.test("Interrupter reports a truncation that the server never confirms", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(responseCreated("resp_1"), audio("resp_1", 500));
  await server.settle();
  voice.playback.report("resp_1_item", 100);
  server.emit(SPEECH);
  await server.clock.advance(10_000);
  const errors = events.filter((event) => event.type === "error");
  assertEquals(errors.map(({ error }) => error.name), ["TimeoutError"]);
  await voice.close();
});

Deno.test("VoiceSession reports malformed audio and frames, and continues", async () => {
  const { server, voice, events } = await openVoice();
  server.emit(responseCreated("resp_1"), audio("resp_1", 40, { delta: "*not base64*" }));
  server.emitText("not json");
  server.emit(audio("resp_1", 40));
  await server.settle();
  const errors = events.filter((event) => event.type === "decode_error");
  assertEquals(errors.map(({ eventType }) => eventType), ["response.output_audio.delta", undefined]);
  assertEquals(voice.playback.unheardMs, 40);
  await voice.close();
});

Deno.test("VoiceSession reassembles samples that are split between deltas", async () => {
  const { server, voice } = await openVoice();
  const bytes = Uint8Array.from({ length: 20 }, (_, index) => index);
  const reading = (async () => {
    const taken: number[] = [];
    for await (const chunk of voice.output) taken.push(...chunk.bytes);
    return taken;
  })();
  server.emit(responseCreated("resp_1"));
  for (const [start, end] of [[0, 7], [7, 8], [8, 17], [17, 20]] as const) {
    server.emit(audio("resp_1", 0, { delta: encodeBase64(bytes.slice(start, end)) }));
  }
  await server.settle();
  await voice.close();
  assertEquals(await reading, [...bytes]);
});

Deno.test("VoiceSession plays audio deltas that have no other field", async () => {
  const { server, voice } = await openVoice();
  server.emit({ type: "response.output_audio.delta", delta: encodeBase64(new Uint8Array(4800)) });
  await server.settle();
  assertEquals(voice.playback.unheardMs, 100);
  await voice.close();
});

Deno.test("VoiceSession reports how many words were heard when it is interrupted", async () => {
  const { server, voice, events } = await openVoice();
  const words = output("response.output_audio_transcript.delta", "resp_1", { delta: "Once upon a time there was" });
  server.emit(responseCreated("resp_1"), words, audio("resp_1", 1000));
  await server.settle();
  voice.playback.report("resp_1_item", 400);
  server.emit(SPEECH);
  await server.settle();
  const [cut] = events.filter((event) => event.type === "interrupted");
  assertEquals([cut?.text, cut?.heardText], ["Once upon a time there was", "Once upon"]);
  await voice.close();
});

Deno.test("VoiceSession interrupts only when speech lasts for minBargeInMs", async () => {
  const { server, voice, events } = await openVoice({ minBargeInMs: 300 });
  server.emit(responseCreated("resp_1"), audio("resp_1", 1000));
  await server.settle();
  voice.playback.report("resp_1_item", 100);
  server.emit(SPEECH);
  await server.clock.advance(299);
  server.emit({ type: "input_audio_buffer.speech_stopped", audio_end_ms: 299, item_id: "item_user" });
  await server.clock.advance(1000);
  assertEquals(cutsOf(server), []);
  server.emit(SPEECH);
  await server.clock.advance(300);
  assertEquals(cutsOf(server), ["conversation.item.truncate resp_1_item"]);
  server.emit(responseCreated("resp_2"), audio("resp_2", 1000), SPEECH);
  await server.settle();
  await voice.close();
  await server.settle();
  assertEquals([server.clock.pending, events.filter(({ type }) => type === "interrupted").length], [0, 1]);
});

Deno.test("VoiceSession with server-side playback clears the server's audio, and truncates nothing", async () => {
  const { server, voice } = await openVoice({ playbackSource: "server" });
  server.emit(responseCreated("resp_1"), audio("resp_1", 500));
  await server.settle();
  const cutting = voice.bargeIn();
  await server.settle();
  server.emit(responseDone("resp_1", CANCELLED));
  await server.settle();
  assertEquals(await cutting, []);
  assertEquals(server.takeTypes(), ["response.cancel", "output_audio_buffer.clear"]);
  server.emit({ type: "output_audio_buffer.cleared", response_id: "resp_1" });
  await server.settle();
  // The server still plays the audio that it has generated.
  assertEquals(await voice.bargeIn(), []);
  // It clears by itself when the user speaks.
  server.emit(responseCreated("resp_2"), SPEECH);
  await server.settle();
  assertEquals(server.takeTypes(), ["output_audio_buffer.clear"]);
  assertEquals(voice.playback.items, []);
  await voice.close();
});

Deno.test("bargeIn() clears the server's audio at once, even if an earlier clear is unanswered", async () => {
  const { server, voice } = await openVoice({ playbackSource: "server" });
  for (const id of ["resp_1", "resp_2", "resp_3"]) {
    server.emit(responseCreated(id), audio(id, 500));
    await server.settle();
    const cutting = voice.bargeIn();
    await server.settle();
    // A server that plays nothing need not answer.
    assertEquals(server.takeTypes(), ["response.cancel", "output_audio_buffer.clear"]);
    server.emit(responseDone(id, CANCELLED));
    await cutting;
  }
  await voice.close();
});

Deno.test("VoiceSession plays the next response after an interruption if the server sends no item or response ids", async () => {
  const { server, voice, events } = await openVoice();
  const nameless = { type: "response.output_audio.delta", delta: encodeBase64(new Uint8Array(4800)) };
  server.emit(nameless);
  await server.settle();
  voice.playback.report("", 40);
  server.emit(SPEECH);
  await server.settle();
  assertEquals(voice.playback.unheardMs, 0);
  server.emit(nameless);
  await server.settle();
  assertEquals(voice.playback.unheardMs, 100);
  assertEquals([cutsOf(server), events.filter(({ type }) => type === "interrupted").length], [[], 1]);
  await voice.close();
});

Deno.test("VoiceSession discards stale audio, but not the next response, if the server sends response ids but no item ids", async () => {
  const { server, voice, events } = await openVoice();
  const nameless = { item_id: undefined };
  server.emit(responseCreated("resp_1"), audio("resp_1", 100, nameless), SPEECH, audio("resp_1", 100, nameless));
  server.emit(responseDone("resp_1", CANCELLED), responseCreated("resp_2"), audio("resp_2", 100, nameless));
  await server.settle();
  const heard = events.flatMap((event) => event.type === "audio_delta" ? [event.responseId] : []);
  assertEquals(heard, ["resp_1", "resp_2"]);
  await voice.close();
});

Deno.test("VoiceSession discards stale audio if the server sends item ids but no response ids", async () => {
  const { server, voice } = await openVoice();
  const spoken = (itemId: string) => ({
    type: "response.output_audio.delta",
    item_id: itemId,
    delta: encodeBase64(new Uint8Array(4800)),
  });
  server.emit(spoken("item_1"));
  await server.settle();
  voice.playback.report("item_1", 40);
  server.emit(SPEECH, spoken("item_1"), spoken("item_2"));
  await server.settle();
  assertEquals(voice.playback.items.map(({ receivedMs, cut }) => [receivedMs, cut]), [[100, true], [100, false]]);
  const reader = voice.output.getReader();
  assertEquals((await reader.read()).value?.itemId, "item_2");
  await voice.close();
  assertEquals((await reader.read()).value?.itemId, undefined);
});

Deno.test("VoiceSession does not truncate a fully heard item of a response that ended incomplete", async () => {
  const { server, voice } = await openVoice();
  const item = { id: "resp_1_item", type: "message", role: "assistant", status: "incomplete", content: [] };
  server.emit(responseCreated("resp_1"), audio("resp_1", 100), output("response.output_item.done", "resp_1", { item }));
  await server.settle();
  voice.playback.report("resp_1_item", 100);
  server.emit(SPEECH);
  await server.settle();
  assertEquals(cutsOf(server), []);
  await voice.close();
});

Deno.test("VoiceSession plays nothing of a response interrupted before its first audio", async () => {
  const { server, voice } = await openVoice();
  server.emit(responseCreated("resp_1"), SPEECH, audio("resp_1", 100));
  await server.settle();
  assertEquals(voice.playback.items, []);
  const item = { id: "resp_1_item", type: "message", role: "assistant", status: "incomplete", content: [] };
  server.emit(output("response.output_item.done", "resp_1", { item }));
  await server.settle();
  assertEquals(cutsOf(server), ["conversation.item.delete resp_1_item"]);
  await voice.close();
});

Deno.test("VoiceSession.bargeIn() called twice at once interrupts once", async () => {
  const { server, voice } = await openVoice();
  server.emit(responseCreated("resp_1"), audio("resp_1", 500));
  await server.settle();
  voice.playback.report("resp_1_item", 100);
  const both = Promise.all([voice.bargeIn(), voice.bargeIn()]);
  await server.settle();
  assertEquals(cutsOf(server), ["response.cancel resp_1", "conversation.item.truncate resp_1_item"]);
  server.emit(
    { type: "conversation.item.truncated", item_id: "resp_1_item", content_index: 0, audio_end_ms: 100 },
    responseDone("resp_1", CANCELLED),
  );
  await server.settle();
  assertEquals((await both).map((cuts) => cuts.length), [1, 0]);
  await voice.close();
});

Deno.test("VoiceSession cuts only the items with audio", async () => {
  const { server, voice } = await openVoice();
  const silent = { id: "item_silent", type: "function_call", call_id: "call_1", name: "f", arguments: "{}" };
  server.emit(responseCreated("resp_1"), audio("resp_1", 100));
  server.emit(output("response.output_audio.done", "resp_1", {}));
  server.emit(output("response.output_item.done", "resp_1", { item: silent, output_index: 1 }));
  server.emit(audio("resp_1", 100, { item_id: "item_last", output_index: 2 }));
  await server.settle();
  voice.playback.report("resp_1_item", 40);
  server.emit(SPEECH, output("conversation.item.done", "resp_1", { item: { id: "item_last", role: "assistant" } }));
  await server.settle();
  assertEquals(cutsOf(server), ["conversation.item.truncate resp_1_item", "conversation.item.delete item_last"]);
  await voice.close();
});

Deno.test("Interrupter remembers the last 64 interruptions", async () => {
  const { server, voice } = await openVoice();
  for (let i = 0; i < 65; i++) {
    server.emit(responseCreated(`resp_${i}`), audio(`resp_${i}`, 40), SPEECH, responseDone(`resp_${i}`, CANCELLED));
  }
  await server.settle();
  server.emit(audio("resp_1", 100, { item_id: "item_late" }), audio("resp_0", 100, { item_id: "item_later" }));
  await server.settle();
  assertEquals([voice.playback.get("item_late"), voice.playback.unheardMs], [undefined, 100]);
  await voice.close();
});

Deno.test("VoiceSession plays nothing of its own response that was interrupted before it began", async () => {
  for (const byHand of [true, false]) {
    const { server, voice, events } = await openVoice();
    const answer = voice.session.respond();
    await server.settle();
    const cutting = byHand ? voice.bargeIn() : Promise.resolve();
    if (!byHand) server.emit(SPEECH);
    server.create("resp_1");
    server.emit(audio("resp_1", 100));
    await server.settle();
    // The server does not itself interrupt a response that starts after the speech.
    assertEquals(cutsOf(server), ["response.cancel resp_1"]);
    server.emit(responseDone("resp_1", CANCELLED));
    await server.settle();
    await cutting;
    assertEquals((await answer.done).status, "cancelled");
    server.emit(responseCreated("resp_2"), audio("resp_2", 300));
    await server.settle();
    assertEquals([voice.playback.unheardMs, events.filter(({ type }) => type === "interrupted")], [300, []]);
    await voice.close();
  }
});

Deno.test("VoiceSession does not truncate a fully heard item of a failed response that lists no items", async () => {
  const { server, voice } = await openVoice();
  server.emit(responseCreated("resp_1"), audio("resp_1", 500));
  await server.settle();
  voice.playback.report("resp_1_item", 500);
  server.emit(responseDone("resp_1", { status: "failed" }), SPEECH);
  await server.settle();
  assertEquals(cutsOf(server), []);
  await voice.close();
});

Deno.test("VoiceSession in half duplex reopens the microphone when a player's whole milliseconds reach the end", async () => {
  const { server, voice } = await openVoice({ halfDuplex: true });
  // 100.2 ms.
  server.emit(responseCreated("resp_1"), audio("resp_1", 0, { delta: encodeBase64(new Uint8Array(4810)) }));
  server.emit(responseDone("resp_1"));
  await server.settle();
  voice.playback.report("resp_1_item", 100);
  // Its echo has ended by then.
  await server.clock.advance(150);
  await voice.input.getWriter().write(new Uint8Array(4800).fill(1));
  assertEquals(server.last("input_audio_buffer.append").audio.slice(0, 4), "AQEB");
  server.emit(SPEECH);
  await server.settle();
  assertEquals(cutsOf(server), []);
  await voice.close();
});

Deno.test("VoiceSession measures the audio of a response in the response's own format", async () => {
  const { server, voice } = await openVoice();
  const { response, type } = responseCreated("resp_1");
  server.emit({ type, response: { ...response, audio: { output: { format: { type: "audio/pcmu" } } } } });
  server.emit(audio("resp_1", 0, { delta: encodeBase64(new Uint8Array(801)) }));
  await server.settle();
  assertEquals(voice.playback.unheardMs, 100.125);
  server.emit(responseDone("resp_1"), responseCreated("resp_2"), audio("resp_2", 100));
  await server.settle();
  assertEquals(voice.playback.unheardMs, 200.125);
  await voice.close();
});

Deno.test("VoiceSession emits transferable pieces, and splits those longer than half of leadMs", async () => {
  const { server, voice } = await openVoice({ playbackSource: "paced", leadMs: 200 });
  server.emit(responseCreated("resp_1"), audio("resp_1", 100), audio("resp_1", 250));
  await server.settle();
  const reader = voice.output.getReader();
  const sizes: number[] = [];
  for (let i = 0; i < 4; i++) {
    const { bytes } = (await reader.read()).value!;
    sizes.push(bytes.length);
    structuredClone(bytes, { transfer: [bytes.buffer] });
    await server.clock.advance(100);
  }
  assertEquals(sizes, [4800, 4000, 4000, 4000]);
  await voice.close();
});

import type { Utterance } from "../../src/voice/mod.ts";
import { ConnectionError } from "../../src/errors.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodeBase64 } from "../../src/audio/mod.ts";
import { type VoiceEvent, type VoiceOptions, VoiceSession } from "../../src/voice/mod.ts";
import { type FakeServer, open, output, responseCreated, responseDone, stateOf } from "../session/_fake_server.ts";

/** A voice session over a scripted server, whose player reports how much was heard, and its events. */
async function openVoice(options: VoiceOptions = {}) {
  const { server, session } = await open();
  const voice = new VoiceSession(session, { playbackSource: "reported", clock: server.clock, ...options });
  const events: VoiceEvent[] = [];
  voice.on("*", (event) => void events.push(event));
  return { server, voice, events };
}

function audio(responseId: string, ms: number, fields: Record<string, unknown> = {}) {
  return output("response.output_audio.delta", responseId, { delta: encodeBase64(new Uint8Array(ms * 48)), ...fields });
}

function words(responseId: string, delta: string) {
  return output("response.output_audio_transcript.delta", responseId, { delta });
}

const SPEECH = { type: "input_audio_buffer.speech_started", audio_start_ms: 0, item_id: "item_user" };

function message(id: string, transcript: string, status = "incomplete") {
  return { id, type: "message", role: "assistant", status, content: [{ type: "output_audio", transcript }] };
}

/** The cuts that the client has requested. */
function cutsOf(server: FakeServer) {
  return server.sent.filter(({ type }) => /truncate|delete/.test(type)).map((event) =>
    `${event.type.split(".").at(-1)} ${event.item_id} ${event.audio_end_ms ?? ""}`.trim()
  );
}

/** Whether the microphone is open: its audio is sent unchanged. */
async function isOpen(voice: VoiceSession, server: FakeServer): Promise<boolean> {
  const writer = voice.input.getWriter();
  await writer.write(new Uint8Array(4800).fill(7));
  writer.releaseLock();
  await server.settle();
  return atob(server.last("input_audio_buffer.append").audio).charCodeAt(0) === 7;
}

Deno.test("VoiceSession deletes an interrupted, unheard item once, whichever event ends it", async () => {
  const ends: Record<string, (item: Record<string, unknown>) => Record<string, unknown>[]> = {
    "conversation.item.done": (item) => [{ type: "conversation.item.done", item }],
    "response.output_item.done": (item) => [output("response.output_item.done", "r", { item })],
    "response.done with the item": (item) => [responseDone("r", { status: "cancelled", output: [item] })],
    "response.done without the item": () => [responseDone("r", { status: "cancelled", output: [] })],
    "all of them": (item) => [
      { type: "conversation.item.done", item },
      output("response.output_item.done", "r", { item }),
      responseDone("r", { status: "cancelled", output: [item] }),
      responseDone("r", { status: "cancelled", output: [item] }),
    ],
  };
  for (const [name, events] of Object.entries(ends)) {
    const { server, voice } = await openVoice();
    server.emit(responseCreated("r"), audio("r", 200), SPEECH);
    await server.settle();
    assertEquals(cutsOf(server), [], name);
    server.emit(...events(message("r_item", "I have told you every")));
    await server.settle();
    assertEquals(cutsOf(server), ["delete r_item"], name);
    assertEquals(voice.playback.get("r_item")?.state, "gone");
    await voice.close();
  }
});

Deno.test("VoiceSession does not delete an item that the server has already deleted", async () => {
  const { server, voice } = await openVoice();
  server.emit(responseCreated("r"), audio("r", 200), SPEECH);
  server.emit({ type: "conversation.item.deleted", item_id: "r_item" }, responseDone("r", { status: "cancelled" }));
  await server.settle();
  assertEquals(cutsOf(server), []);
  await voice.close();
});

Deno.test("VoiceSession truncates at the position that a player reports during interrupted", async () => {
  const { server, voice, events } = await openVoice();
  voice.on("interrupted", ({ itemId }) => voice.playback.report(itemId, 143.7));
  server.emit(responseCreated("r"), words("r", "Once upon a time there was"), audio("r", 1000));
  await server.settle();
  voice.playback.report("r_item", 100);
  server.emit(SPEECH);
  await server.settle();
  assertEquals(cutsOf(server), ["truncate r_item 143"]);
  assertEquals(voice.playback.get("r_item")?.heardMs, 143.7);
  assertEquals(events.filter(({ type }) => type === "interrupted").length, 1);
  await voice.close();
});

Deno.test("VoiceSession.bargeIn() resolves with the position that a player reports", async () => {
  const { server, voice } = await openVoice();
  voice.on("interrupted", ({ itemId }) => voice.playback.report(itemId, 143.7));
  server.emit(responseCreated("r"), audio("r", 1000));
  await server.settle();
  voice.playback.report("r_item", 100);
  const cutting = voice.bargeIn();
  await server.settle();
  server.emit(responseDone("r", { status: "cancelled" }));
  server.emit({ type: "conversation.item.truncated", item_id: "r_item", content_index: 0, audio_end_ms: 143 });
  await server.settle();
  assertEquals((await cutting).map(({ action, heardMs }) => [action, heardMs]), [["truncate", 143]]);
  await voice.close();
});

Deno.test("VoiceSession moves a cut to an earlier position that a player reports later, but not to a later one", async () => {
  const { server, voice, events } = await openVoice({ playbackSource: "paced" });
  void (async () => {
    for await (const _ of voice.output);
  })();
  server.emit(responseCreated("r"), words("r", "Once upon a time there was"), audio("r", 1000));
  await server.clock.advance(500);
  server.emit(SPEECH);
  await server.clock.advance(40);
  assertEquals(cutsOf(server), ["truncate r_item 500"]);
  server.emit({ type: "conversation.item.truncated", item_id: "r_item", content_index: 0, audio_end_ms: 500 });
  await server.settle();
  // The loudspeaker is slower than the clock.
  voice.playback.report("r_item", 380);
  await server.settle();
  assertEquals(cutsOf(server), ["truncate r_item 500", "truncate r_item 380"]);
  server.emit({ type: "conversation.item.truncated", item_id: "r_item", content_index: 0, audio_end_ms: 380 });
  await server.settle();
  voice.playback.report("r_item", 420);
  await server.settle();
  assertEquals([cutsOf(server).length, voice.playback.get("r_item")?.heardMs], [2, 420]);
  server.emit(output("response.output_audio_transcript.done", "r", { transcript: "Once upon a time there was a fox" }));
  await server.settle();
  const done = events.flatMap((event) => event.type === "transcript_done" ? [event] : []);
  assertEquals(done.map((event) => [event.transcript, event.heardText]), [
    ["Once upon a time there was a fox", "Once upon"],
  ]);
  await voice.close();
});

Deno.test("VoiceSession truncates an item pending deletion when its player reports that some was heard", async () => {
  const { server, voice } = await openVoice();
  server.emit(responseCreated("r"), audio("r", 1000), SPEECH);
  await server.settle();
  assertEquals(voice.playback.get("r_item")?.state, "discarding");
  voice.playback.report("r_item", 60);
  await server.settle();
  server.emit(responseDone("r", { status: "cancelled" }));
  await server.settle();
  assertEquals(cutsOf(server), ["truncate r_item 60"]);
  await voice.close();
});

Deno.test("VoiceSession reports heardText with the whole transcript after an interruption only", async () => {
  const { server, voice, events } = await openVoice();
  const done = output("response.output_audio_transcript.done", "r", { transcript: "One two three four" });
  server.emit(responseCreated("r"), words("r", "One two three four"), audio("r", 1000), done);
  await server.settle();
  voice.playback.report("r_item", 500);
  server.emit(SPEECH, done);
  // A server that sends no deltas provides only the whole transcript.
  server.emit(responseCreated("s"), audio("s", 1000));
  await server.settle();
  voice.playback.report("s_item", 500);
  server.emit(SPEECH, output("response.output_audio_transcript.done", "s", { transcript: "Five six seven eight" }));
  await server.settle();
  const told = events.flatMap((event) => event.type === "transcript_done" ? [event] : []);
  assertEquals(told.map((event) => event.heardText), [undefined, "One two", "Five six"]);
  assertEquals("heardText" in told[0]!, false);
  await voice.close();
});

Deno.test("VoiceSession in half duplex opens the microphone after the audio's duration, though the last report is missing", async () => {
  const { server, voice } = await openVoice({ halfDuplex: true });
  assertEquals(await isOpen(voice, server), true);
  server.emit(responseCreated("r"), audio("r", 1005), responseDone("r"));
  await server.settle();
  voice.playback.report("r_item", 1000);
  assertEquals([await isOpen(voice, server), voice.playback.unheardMs], [false, 5]);
  // 5 ms that may still be heard, and 150 ms of their echo.
  await server.clock.advance(154);
  assertEquals([await isOpen(voice, server), voice.playback.unheardMs], [false, 0]);
  await server.clock.advance(1);
  assertEquals(await isOpen(voice, server), true);
  // Audio missed then is not cut now.
  server.emit(SPEECH);
  await server.settle();
  assertEquals(cutsOf(server), []);
  await voice.close();
});

Deno.test("VoiceSession in half duplex opens the microphone even if the output is never read", async () => {
  const { server, voice } = await openVoice({ halfDuplex: true, playbackSource: "paced", echoTailMs: 0 });
  server.emit(responseCreated("r"), audio("r", 1000), responseDone("r"));
  await server.clock.advance(999);
  assertEquals(await isOpen(voice, server), false);
  await server.clock.advance(1);
  assertEquals(await isOpen(voice, server), true);
  await voice.close();
});

Deno.test("VoiceSession in half duplex mutes the microphone for a late reader, and only for echoTailMs after a cut", async () => {
  const { server, voice } = await openVoice({ halfDuplex: true, playbackSource: "paced", echoTailMs: 300 });
  server.emit(responseCreated("r"), audio("r", 1000), responseDone("r"));
  await server.clock.advance(5000);
  assertEquals(await isOpen(voice, server), true);
  void (async () => {
    for await (const _ of voice.output);
  })();
  await server.clock.advance(500);
  assertEquals([await isOpen(voice, server), voice.playback.unheardMs], [false, 500]);
  server.emit(SPEECH);
  await server.clock.advance(299);
  assertEquals(await isOpen(voice, server), false);
  await server.clock.advance(1);
  assertEquals(await isOpen(voice, server), true);
  await voice.close();
});

Deno.test("VoiceSession.waitForPlayout() resolves when all received audio was heard, paced or reported", async () => {
  const paced = await openVoice({ playbackSource: "paced" });
  void (async () => {
    for await (const _ of paced.voice.output);
  })();
  assertEquals(await stateOf(paced.voice.waitForPlayout()), "resolved");
  paced.server.emit(responseCreated("r"), audio("r", 1000));
  await paced.server.settle();
  const waiting = paced.voice.waitForPlayout();
  await paced.server.clock.advance(700);
  // More arrives meanwhile.
  paced.server.emit(audio("r", 500), responseDone("r"));
  await paced.server.clock.advance(799);
  assertEquals(await stateOf(waiting), "pending");
  await paced.server.clock.advance(1);
  assertEquals([await stateOf(waiting), paced.server.clock.pending], ["resolved", 0]);
  await paced.voice.close();

  const reported = await openVoice();
  reported.server.emit(responseCreated("r"), audio("r", 1000));
  await reported.server.settle();
  const early = reported.voice.waitForPlayout();
  reported.voice.playback.report("r_item", 999.5);
  assertEquals(await stateOf(early), "resolved");
  reported.server.emit(audio("r", 1000), responseDone("r"));
  await reported.server.settle();
  const lost = reported.voice.waitForPlayout();
  await reported.server.clock.advance(1000);
  assertEquals([await stateOf(lost), reported.server.clock.pending], ["resolved", 0]);
  await reported.voice.close();
});

Deno.test("VoiceSession.playback follows the clock, and a late report does not count time twice", async () => {
  const { server, voice } = await openVoice({ playbackSource: "paced" });
  const reading = voice.output.pipeTo(new WritableStream());
  server.emit(responseCreated("r"), audio("r", 2_000), responseDone("r"));
  await server.clock.advance(1_037);
  assertEquals(voice.playback.items.map(({ heardMs }) => heardMs), [1_037]);
  await server.clock.advance(500);
  voice.playback.report("r_item", 1_530);
  assertEquals(voice.playback.get("r_item")?.heardMs, 1_537);
  await server.clock.advance(11);
  voice.bargeIn().catch(() => {});
  assertEquals(voice.playback.get("r_item")?.heardMs, 1_548);
  await voice.close();
  await reading;
});

Deno.test("VoiceSession.waitForPlayout() resolves with the audio, not later, whenever it is called", async () => {
  const { server, voice } = await openVoice();
  await server.clock.advance(5_000);
  server.emit(responseCreated("r"), audio("r", 1_000), responseDone("r"));
  await server.settle();
  const waiting = voice.waitForPlayout();
  await server.clock.advance(1_000);
  assertEquals(await stateOf(waiting), "resolved");
  await voice.close();
});

Deno.test("VoiceSession.waitForPlayout() ends on an interruption, an abort, a timeout and the end of the session", async () => {
  const { server, voice } = await openVoice();
  server.emit(responseCreated("r"), audio("r", 60_000));
  await server.settle();
  const controller = new AbortController();
  const aborted = voice.waitForPlayout({ signal: controller.signal });
  controller.abort(new Error("Enough"));
  await assertRejects(() => aborted, Error, "Enough");
  assertEquals(server.clock.pending, 0);
  const late = voice.waitForPlayout({ timeoutMs: 500 });
  late.catch(() => {});
  await server.clock.advance(500);
  await assertRejects(() => late, DOMException, "took longer than 500 ms");
  const cut = voice.waitForPlayout();
  server.emit(SPEECH);
  await server.settle();
  assertEquals(await stateOf(cut), "resolved");
  server.emit(responseCreated("s"), audio("s", 60_000));
  await server.settle();
  const closed = voice.waitForPlayout();
  await voice.close();
  assertEquals([await stateOf(closed), server.clock.pending], ["resolved", 0]);
});

Deno.test("VoiceSession emits two simultaneous responses one after the other unless one has its own stream", async () => {
  for (const isOwn of [false, true]) {
    const { server, voice } = await openVoice({ playbackSource: "paced" });
    const aside = voice.respond({ conversation: "none" });
    await server.settle();
    server.create("aside", null);
    await server.settle();
    const order: string[] = [];
    const own: string[] = [];
    const read = async (stream: typeof voice.output, ids: string[]) => {
      for await (const { responseId } of stream) if (ids.at(-1) !== responseId) ids.push(responseId);
    };
    void read(voice.output, order);
    if (isOwn) void read(voice.outputOf(aside), own);
    server.emit(responseCreated("main"));
    for (let i = 0; i < 20; i++) server.emit(audio("main", 40), audio("aside", 40));
    server.emit(responseDone("main"), responseDone("aside", { conversation_id: null }));
    await server.clock.advance(2000);
    assertEquals([order, own], isOwn ? [["main"], ["aside"]] : [["main", "aside"], []]);
    assertEquals(voice.playback.items.map(({ heardMs }) => heardMs), [800, 800]);
    await voice.close();
  }
});

Deno.test("VoiceSession.waitForPlayout() counts responses that are heard at the same time once", async () => {
  const { server, voice } = await openVoice({ playbackSource: "paced" });
  const aside = voice.respond({ conversation: "none" });
  await server.settle();
  server.create("aside", null);
  await server.settle();
  const reading = [voice.output, voice.outputOf(aside)].map((stream) => Array.fromAsync(stream));
  server.emit(audio("aside", 300), responseDone("aside", { conversation_id: null }));
  server.emit(responseCreated("main"), audio("main", 1_000), responseDone("main"));
  await server.clock.advance(500);
  const waiting = voice.waitForPlayout();
  await server.clock.advance(499);
  assertEquals(await stateOf(waiting), "pending");
  await server.clock.advance(1);
  assertEquals(await stateOf(waiting), "resolved");
  await voice.close();
  await Promise.all(reading);
});

Deno.test("VoiceSession emits nothing more of a deleted item, and the next response without a pause", async () => {
  for (const playbackSource of ["paced", "reported"] as const) {
    const { server, voice } = await openVoice({ playbackSource });
    const reader = voice.output.getReader();
    server.emit(responseCreated("r"), audio("r", 5000), responseDone("r"), responseCreated("s"), audio("s", 100));
    await server.settle();
    assertEquals((await reader.read()).value?.itemId, "r_item");
    server.emit({ type: "conversation.item.deleted", item_id: "r_item" });
    await server.settle();
    const next = reader.read();
    await server.clock.advance(playbackSource === "paced" ? 200 : 0);
    assertEquals(await stateOf(next), "resolved");
    assertEquals((await next).value?.itemId, "s_item");
    await voice.close();
  }
});

Deno.test("VoiceSession.events() omits audio, so that a slow reader of words does not fall behind", async () => {
  const { server, voice } = await openVoice({ playbackSource: "paced" });
  const words = voice.events();
  const all = voice.events({ audio: true });
  void voice.output.cancel();
  for (let i = 0; i < 450; i++) server.emit(audio("r", 1000));
  server.emit(output("response.output_audio_transcript.done", "r", { transcript: "Long." }));
  await server.settle();
  const { value } = await words.next();
  assertEquals(value?.type, "transcript_done");
  await assertRejects(() => all.next(), DOMException, "waited unread");
  server.emit(audio("r", 100));
  await server.settle();
  await voice.close();
  assertEquals([(await words.next()).value?.type, (await words.next()).done], ["closed", true]);
});

Deno.test("VoiceSession keeps words, but no audio, for late readers", async () => {
  const { server, session } = await open();
  const voice = new VoiceSession(session, { clock: server.clock });
  server.emit(responseCreated("r"), audio("r", 1000), output("response.output_audio_transcript.done", "r", {}));
  await server.settle();
  const all = voice.events({ audio: true });
  server.emit(audio("r", 100));
  await server.settle();
  const types = [];
  for (let i = 0; i < 3; i++) types.push((await all.next()).value?.type);
  assertEquals(types, ["response_created", "transcript_done", "audio_delta"]);
  await voice.close();
});

Deno.test("VoiceSession keeps the audio of a response only if it is requested before it arrives", async () => {
  const { server, session } = await open();
  const late = session.respond();
  const voice = new VoiceSession(session, { clock: server.clock });
  for (const asks of [true, false]) {
    const handle = voice.respond();
    const audioOf = asks ? handle.audio() : undefined;
    if (asks) server.emit(responseCreated("r0"), audio("r0", 50), responseDone("r0"));
    await server.settle();
    const id = asks ? "r1" : "r2";
    server.emit(responseCreated(id), audio(id, 100), responseDone(id));
    await handle.done;
    if (audioOf) assertEquals((await audioOf).length, 4800);
    else await assertRejects(() => handle.audio(), DOMException, "Cannot read a response from its start");
  }
  // It was requested before there was voice.
  assertEquals((await late.audio()).length, 2400);
  await voice.close();
});

Deno.test("VoiceSession forwards the common session methods", async () => {
  const { server, voice } = await openVoice();
  const sending = voice.sendMessage("Hello");
  await server.settle();
  const { item } = server.last("conversation.item.create");
  server.emit({ type: "conversation.item.added", item });
  assertEquals(await sending, item.id);
  const asking = voice.ask("How are you?", { instructions: "Be brief." });
  await server.settle();
  server.emit({ type: "conversation.item.added", item: server.last("conversation.item.create").item });
  await server.settle();
  assertEquals(server.last("response.create").response.instructions, "Be brief.");
  server.create("resp_1");
  const idle = voice.idle();
  assertEquals(await stateOf(idle), "pending");
  server.emit(responseDone("resp_1"));
  await server.settle();
  assertEquals([(await asking).status, await stateOf(idle)], ["completed", "resolved"]);
  const handle = voice.respond();
  await server.settle();
  server.create("resp_2");
  server.emit(responseDone("resp_2"));
  assertEquals((await handle.done).status, "completed");
  assertEquals(await voice.drain(), { missing: [] });
  await voice.close();
});

Deno.test("VoiceSession yields unfinished utterances marked as such when the session ends", async () => {
  const { server, voice } = await openVoice();
  const transcription = { audio: { input: { transcription: { model: "m" } } } };
  server.emit({ type: "session.updated", session: { type: "realtime", id: "s", ...transcription } });
  await server.settle();
  const read: Utterance[] = [];
  const reading = (async () => {
    for await (const utterance of voice.transcripts()) read.push(utterance);
  })();
  const item = { id: "u", type: "message", role: "user", content: [{ type: "input_audio", transcript: null }] };
  server.emit({ type: "input_audio_buffer.committed", item_id: "u" }, { type: "conversation.item.added", item });
  server.emit(responseCreated("r"));
  server.emit({
    type: "conversation.item.added",
    previous_item_id: "u",
    item: { ...message("r_item", ""), content: [] },
  });
  server.emit(words("r", "I was just"));
  const delta = { type: "conversation.item.input_audio_transcription.delta", content_index: 0 };
  server.emit({ ...delta, item_id: "v", delta: "And then" });
  await server.settle();
  server.close(1006);
  await assertRejects(() => reading, ConnectionError, "code 1006");
  assertEquals(read, [
    { itemId: "u", role: "user", text: "", status: "incomplete" },
    { itemId: "r_item", role: "assistant", text: "I was just", status: "incomplete" },
    { itemId: "v", role: "user", text: "And then", status: "incomplete" },
  ]);
  assertEquals(server.clock.pending, 0);
});

Deno.test("VoiceSession marks an interrupted utterance, and reports the words heard", async () => {
  const { server, voice } = await openVoice();
  const reading = voice.transcripts();
  server.emit(responseCreated("r"));
  server.emit({ type: "conversation.item.added", item: { ...message("r_item", ""), content: [] } });
  server.emit(words("r", "One two three four"), audio("r", 1000));
  await server.settle();
  voice.playback.report("r_item", 500);
  server.emit(SPEECH, responseDone("r", { status: "cancelled", output: [message("r_item", "One two three four")] }));
  await server.settle();
  assertEquals((await reading.next()).value, {
    itemId: "r_item",
    role: "assistant",
    text: "One two three four",
    heardText: "One two",
    status: "incomplete",
  });
  await voice.close();
});

Deno.test("VoiceSession accepts reports in any order, and never exceeds the received audio", async () => {
  const { server, voice } = await openVoice();
  let seed = 3;
  const random = (n: number) => (seed = seed * 1103515245 + 12345 & 0x7fffffff) % n;
  let answered = 0;
  for (let turn = 0; turn < 60; turn++) {
    const id = `r${turn}`;
    server.emit(responseCreated(id), audio(id, 100 + random(900)));
    await server.settle();
    for (let i = 0; i < 8; i++) {
      voice.playback.report([`${id}_item`, `r${turn - 1}_item`, "item_unknown", ""][random(4)]!, random(3000));
    }
    if (random(2)) server.emit(SPEECH);
    server.emit(responseDone(id, { status: "cancelled" }));
    for (let elapsed = random(1500); elapsed > 0; elapsed -= 200) {
      await server.clock.advance(200);
      // Each truncation is answered, or the next one of the item would wait for that.
      for (const { audio_end_ms, content_index, item_id, type } of server.sent.slice(answered)) {
        if (type !== "conversation.item.truncate") continue;
        server.emit({ type: "conversation.item.truncated", item_id, content_index, audio_end_ms });
      }
      answered = server.sent.length;
      voice.playback.report(`${id}_item`, random(1000));
    }
    for (const { heardMs, receivedMs } of voice.playback.items) assert(heardMs >= 0 && heardMs <= receivedMs);
    assert(voice.playback.unheardMs >= 0);
  }
  for (const [item, ends] of Map.groupBy(server.sentOf("conversation.item.truncate"), ({ item_id }) => item_id)) {
    // The server refuses to restore deleted audio.
    for (let i = 1; i < ends.length; i++) assert(ends[i]!.audio_end_ms < ends[i - 1]!.audio_end_ms, `${item}`);
  }
  await voice.close();
});

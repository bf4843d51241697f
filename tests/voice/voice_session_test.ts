import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import * as audioKit from "../../src/audio/mod.ts";
import { ConnectionError, connectVoice, VOICE_PRESETS, VoiceSession } from "../../mod.ts";
import { createSimulator, createVirtualClock, type ReplyPlan, synthesizeSpeech } from "../../src/simulator/mod.ts";
import { RealtimeRest } from "../../src/rest/mod.ts";
import { open } from "../session/_fake_server.ts";
import { OFFER } from "../simulator/_api.ts";
import {
  converse,
  eventsOf,
  saying,
  settled,
  startStory,
  STORY,
  type TestConversation,
  tone,
  until,
} from "./_conversation.ts";

async function write(conversation: TestConversation, samples: Int16Array): Promise<void> {
  const writer = conversation.voice.input.getWriter();
  await writer.write(samples);
  writer.releaseLock();
}

Deno.test("VoiceSession transcribes a turn, and emits the answer at the pace of the clock", async () => {
  await using conversation = await converse({ transcription: { model: "whisper-1" } }, {
    createModel: () => ({
      hear: () => "Hello there.",
      reply: () => ({ outputs: [{ type: "message", text: "General Kenobi!", audio: tone(1500) }] }),
    }),
  });
  const { voice, clock } = conversation;
  await write(conversation, tone(600));
  await write(conversation, new Int16Array(24 * 1000));
  await until(clock, () => eventsOf(conversation, "response_done").length > 0);
  assertEquals(eventsOf(conversation, "speech_started").length, 1);
  assertEquals(eventsOf(conversation, "speech_stopped").length, 1);
  await until(clock, () => voice.playback.unheardMs === 0);
  const [item] = voice.playback.items;
  assertEquals([item?.receivedMs, item?.heardMs, item?.complete], [1500, 1500, true]);
  assertEquals([...conversation.taken.values()], [1500]);
  await until(clock, () => eventsOf(conversation, "user_transcript_done").length > 0);
  const [heard] = eventsOf(conversation, "user_transcript_done");
  assertEquals(heard?.transcript, "Hello there.");
  const [said] = eventsOf(conversation, "transcript_done");
  assertEquals(said?.transcript, "General Kenobi!");
});

Deno.test("VoiceSession sends the user's audio in whole chunks, and enough silence to end the turn when the input closes", async () => {
  await using conversation = await converse({}, STORY);
  const { appended: sizes } = conversation;
  const { voice, clock } = conversation;
  const writer = voice.input.getWriter();
  await writer.write(tone(250));
  assertEquals(sizes, [4800, 4800]);
  await writer.write(new Uint8Array(100));
  await writer.write(new Float32Array(10));
  assertEquals(sizes.length, 2);
  await writer.close();
  await clock.advance(100);
  // 50 ms of samples, 100 bytes and 10 floats; then 500 ms of silence that end a turn of gpt-realtime-2.1, and 200 ms more.
  assertEquals(sizes.slice(2), [2400 + 100 + 20, ...Array(7).fill(4800)]);
  assertEquals(eventsOf(conversation, "speech_stopped").length, 1);
});

Deno.test("VoiceSession truncates at the heard position on speech, and the server agrees", async () => {
  await using conversation = await converse({}, STORY);
  const { voice, clock, received, sent, taken } = conversation;
  const itemId = await startStory(conversation);
  await clock.advance(1000);
  const heardMs = Math.floor(voice.playback.get(itemId)!.heardMs);
  const takenMs = taken.get(itemId)!;
  await write(conversation, tone(300));
  await until(clock, () => received.some(({ type }) => type === "conversation.item.truncated"));
  const [cut] = eventsOf(conversation, "interrupted");
  assert(cut);
  assertEquals([cut.itemId, cut.action], [itemId, "truncate"]);
  assert(cut.heardMs >= heardMs && cut.heardMs <= heardMs + 20, `heard ${heardMs}, cut at ${cut.heardMs} ms`);
  assert(cut.receivedMs > cut.heardMs);
  const truncate = sent.find((event) => event.type === "conversation.item.truncate");
  assertEquals([truncate?.item_id, truncate?.audio_end_ms], [itemId, cut.heardMs]);
  assertEquals(received.filter(({ type }) => type === "error"), []);
  // The server cancels by itself; audio it sent before is not heard any more.
  assertEquals(sent.some(({ type }) => type === "response.cancel"), false);
  await clock.advance(5000);
  assert(taken.get(itemId)! - takenMs <= 20);
  assert(takenMs - cut.heardMs <= 200, `${takenMs - cut.heardMs} ms were stale`);
});

Deno.test("VoiceSession interrupts speech that is generated but not yet fully heard", async () => {
  await using conversation = await converse({}, { ...STORY, pace: "fast" });
  const { clock, received } = conversation;
  const itemId = await startStory(conversation);
  await clock.advance(2000);
  assert(received.some(({ type }) => type === "response.done"));
  await write(conversation, tone(300));
  await until(clock, () => received.some(({ type }) => type === "conversation.item.truncated"));
  const [cut] = eventsOf(conversation, "interrupted");
  assert(cut && cut.itemId === itemId && cut.receivedMs === 10_000);
  assert(cut.heardMs >= 2000 && cut.heardMs < 2100);
});

Deno.test("VoiceSession.bargeIn() cancels the response, and resolves with the cuts once the server has confirmed them", async () => {
  await using conversation = await converse({ turnDetection: null }, STORY);
  const { voice, clock, received, sent } = conversation;
  const itemId = await startStory(conversation);
  await clock.advance(500);
  const cuts = await settled(clock, voice.bargeIn());
  assertEquals(cuts.map(({ itemId, action }) => [itemId, action]), [[itemId, "truncate"]]);
  assertEquals(sent.slice(-2).map(({ type }) => type), ["response.cancel", "conversation.item.truncate"]);
  assert(received.some((event) => event.type === "response.done" && event.response.status === "cancelled"));
  assert(received.some(({ type }) => type === "conversation.item.truncated"));
  assertEquals(voice.playback.unheardMs, 0);
  assertEquals(await settled(clock, voice.bargeIn()), []);
});

Deno.test("VoiceSession truncates the item being heard, and deletes queued unheard ones", async () => {
  const plan: ReplyPlan = {
    outputs: [
      { type: "message", text: "First.", audio: tone(1000) },
      { type: "message", text: "Second.", audio: tone(1000) },
    ],
  };
  await using conversation = await converse({ turnDetection: null }, { ...saying(plan), pace: "fast" });
  const { voice, clock, received } = conversation;
  await startStory(conversation);
  await clock.advance(300);
  const cuts = await settled(clock, voice.bargeIn());
  assertEquals(cuts.map(({ action }) => action), ["truncate", "delete"]);
  assert(cuts[0]!.heardMs >= 300 && cuts[0]!.heardMs < 400);
  const deleted = received.find((event) => event.type === "conversation.item.deleted");
  assertEquals(deleted?.item_id, cuts[1]!.itemId);
  assertEquals(received.filter(({ type }) => type === "error"), []);
});

Deno.test("VoiceSession deletes an unheard item as soon as it is done", async () => {
  await using conversation = await converse({ turnDetection: null }, STORY);
  const { voice, clock, received } = conversation;
  voice.session.respond();
  // Audio has arrived, but none of it was heard.
  while (voice.playback.items.length === 0) await clock.advance(1);
  const cutting = voice.bargeIn();
  const [cut] = await settled(clock, cutting);
  assertEquals([cut?.heardMs, cut?.action], [0, "discard"]);
  await until(clock, () => received.some((event) => event.type === "conversation.item.deleted"));
  assertEquals(received.filter(({ type }) => type === "error"), []);
});

Deno.test("VoiceSession.bargeIn() before any audio only cancels", async () => {
  await using conversation = await converse(
    { turnDetection: null },
    saying({
      delayMs: 1000,
      outputs: [{ type: "message", text: "Late.", audio: tone(1000) }],
    }),
  );
  const { voice, clock, received, sent } = conversation;
  const response = voice.session.respond();
  await until(clock, () => response.id !== undefined);
  assertEquals(await settled(clock, voice.bargeIn()), []);
  assertEquals((await settled(clock, response.done)).status, "cancelled");
  assertEquals(sent.at(-1)?.type, "response.cancel");
  await clock.advance(2000);
  assertEquals(conversation.taken.size, 0);
  assertEquals(received.filter(({ type }) => type === "error"), []);
});

Deno.test("VoiceSession sends the cancel itself if the server does not interrupt", async () => {
  await using conversation = await converse(
    { turnDetection: { type: "server_vad", interrupt_response: false } },
    STORY,
  );
  const { clock, sent, received } = conversation;
  await startStory(conversation);
  await clock.advance(500);
  await write(conversation, tone(300));
  await until(clock, () => received.some(({ type }) => type === "conversation.item.truncated"));
  assert(sent.some(({ type }) => type === "response.cancel"));
});

Deno.test("VoiceSession with autoBargeIn: false lets the model continue", async () => {
  await using conversation = await converse({ autoBargeIn: false }, { ...STORY, pace: "fast" });
  const { voice, clock, sent } = conversation;
  const itemId = await startStory(conversation);
  await clock.advance(500);
  await write(conversation, tone(300));
  await clock.advance(12_000);
  assertEquals(voice.playback.get(itemId)?.heardMs, 10_000);
  assertEquals(sent.some(({ type }) => type === "conversation.item.truncate"), false);
  assertEquals(eventsOf(conversation, "interrupted"), []);
});

Deno.test("VoiceSession with reported playback cuts at the player's position, however fast the audio arrived", async () => {
  await using conversation = await converse(
    { playbackSource: "reported", turnDetection: null },
    { ...STORY, pace: "fast" },
  );
  const { voice, clock, taken } = conversation;
  voice.session.respond();
  await until(clock, () => [...taken.values()][0] === 10_000);
  const itemId = [...taken.keys()][0]!;
  voice.playback.report(itemId, 1234.9);
  const [cut] = await settled(clock, voice.bargeIn());
  assertEquals([cut?.heardMs, cut?.receivedMs], [1234, 10_000]);
});

Deno.test("VoiceSession.pipe() resolves without an error when the session ends, whatever its source still does", async () => {
  const conversation = await converse();
  const { voice, clock } = conversation;
  const heard: Uint8Array[] = [];
  const source = new ReadableStream<Int16Array>({ pull: () => new Promise<void>(() => {}) });
  await conversation[Symbol.asyncDispose]();
  const again = await converse({}, STORY);
  const piping = again.voice.pipe({ from: source });
  await settled(again.clock, again.voice.close());
  assertEquals(await settled(again.clock, piping), {});
  await again[Symbol.asyncDispose]();
  assertEquals([heard, voice.playback.items, clock.pending], [[], [], 0]);
});

Deno.test("VoiceSession.pipe() reports an error of its source instead of rejecting", async () => {
  await using conversation = await converse();
  const broken = new Error("The microphone was unplugged");
  const from = new ReadableStream<Int16Array>({ start: (controller) => controller.error(broken) });
  const piping = conversation.voice.pipe({ from });
  assertEquals(await settled(conversation.clock, piping), { fromError: broken });
});

Deno.test("VoiceSession.pipe() settles though cancelling its source never does", async () => {
  const conversation = await converse();
  const { voice, clock } = conversation;
  const forever = () => new Promise<void>(() => {});
  const piping = voice.pipe({ from: new ReadableStream<Int16Array>({ pull: forever, cancel: forever }) });
  await settled(clock, voice.close());
  assertEquals(await settled(clock, piping), {});
  await conversation[Symbol.asyncDispose]();
});

Deno.test("VoiceSession.pipe() reports a locked stream instead of throwing, and reads none of it", async () => {
  const conversation = await converse();
  const { voice, clock } = conversation;
  // The conversation reads the output itself.
  const heard = await settled(clock, voice.pipe({ from: ReadableStream.from([tone(10)]), to: new WritableStream() }));
  assert(heard.toError instanceof TypeError && !("fromError" in heard));
  const writer = voice.input.getWriter();
  const source = await settled(clock, voice.pipe({ from: ReadableStream.from([tone(10)]) }));
  assert(source.fromError instanceof TypeError);
  writer.releaseLock();
  await conversation[Symbol.asyncDispose]();

  const simulator = createSimulator({ clock });
  const other = await settled(clock, connectVoice({ apiKey: "sk-test", dial: simulator.dial, clock }));
  const sink = new WritableStream();
  sink.getWriter();
  assert((await settled(clock, other.pipe({ to: sink }))).toError instanceof TypeError);
  assertEquals(other.output.locked, false);
  await settled(clock, other.close());
  await simulator.close();
});

Deno.test("VoiceSession.pipe() reports an error of its sink, and the session continues", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ ...STORY, clock, pace: "fast" });
  const options = { apiKey: "sk-test", dial: simulator.dial, clock, turnDetection: null };
  const voice = await settled(clock, connectVoice(options));
  const broken = new Error("The loudspeaker was unplugged");
  const piping = voice.pipe({
    to: new WritableStream({
      write() {
        throw broken;
      },
    }),
  });
  voice.session.respond();
  assertEquals(await settled(clock, piping), { toError: broken });
  assertEquals((await settled(clock, voice.session.respond().done)).status, "completed");
  await settled(clock, voice.close());
  await simulator.close();
});

Deno.test("connectVoice() to a call clears the call's audio on an interruption, and truncates nothing", async () => {
  const clock = createVirtualClock();
  const sent: string[] = [];
  const simulator = createSimulator({
    ...STORY,
    clock,
    onFrame: ({ data, from }) => void (from === "client" && sent.push(JSON.parse(String(data)).type)),
  });
  const rest = new RealtimeRest({ apiKey: "sk-test", fetch: simulator.fetch });
  const session = { type: "realtime", model: "gpt-realtime-2.1" } as const;
  const { callId } = await settled(clock, rest.createCall({ sdp: OFFER, session }));
  const voice = await settled(clock, connectVoice({ apiKey: "sk-test", dial: simulator.dial, clock, callId: callId! }));
  const played = Promise.withResolvers<unknown>();
  voice.session.on("output_audio_buffer.started", played.resolve);
  voice.session.respond();
  await settled(clock, played.promise);
  assertEquals(await settled(clock, voice.bargeIn()), []);
  assertEquals(sent.slice(-2), ["response.cancel", "output_audio_buffer.clear"]);
  await settled(clock, voice.close());
  await simulator.close();
});

Deno.test("connectVoice() closes the session if it cannot add voice", async () => {
  const clock = createVirtualClock();
  const frames: unknown[] = [];
  const simulator = createSimulator({ clock, onFrame: ({ data }) => void frames.push(data) });
  const connecting = connectVoice({ apiKey: "sk-test", dial: simulator.dial, clock, chunkMs: 10 });
  await assertRejects(() => settled(clock, connecting), RangeError, "current value is 10");
  await clock.advance(0);
  assertEquals([frames.length, simulator.sessions.length, clock.pending], [3, 0, 0]);
});

Deno.test("VoiceSession.input rejects writes once the session has ended", async () => {
  const conversation = await converse();
  await conversation[Symbol.asyncDispose]();
  const writer = conversation.voice.input.getWriter();
  writer.closed.catch(() => {});
  await assertRejects(() => writer.write(synthesizeSpeech("Too late.")), ConnectionError, "has ended");
});

Deno.test("VoiceSession.close() drops queued audio, and ends the output at once", async () => {
  const conversation = await converse({ turnDetection: null }, { ...STORY, pace: "fast" });
  const { voice, clock, taken } = conversation;
  const itemId = await startStory(conversation);
  await clock.advance(100);
  const before = taken.get(itemId)!;
  await settled(clock, voice.close());
  await clock.advance(0);
  assertEquals([taken.get(itemId), clock.pending], [before, 0]);
  await conversation[Symbol.asyncDispose]();
});

Deno.test("VoiceSession emits the received audio when the server ends the session", async () => {
  const conversation = await converse({ turnDetection: null }, { ...STORY, pace: "fast" });
  const { clock, taken } = conversation;
  const itemId = await startStory(conversation);
  await clock.advance(100);
  await settled(clock, conversation.end());
  await clock.advance(11_000);
  assertEquals(taken.get(itemId), 10_000);
  await conversation[Symbol.asyncDispose]();
});

Deno.test("VoiceSession errors its output if it is not read, reports it, and continues", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ ...STORY, clock, pace: "fast" });
  const voice = await settled(
    clock,
    connectVoice({ apiKey: "sk-test", dial: simulator.dial, clock, maxUnheardMs: 5000, turnDetection: null }),
  );
  const errors: Error[] = [];
  voice.on("error", ({ error }) => errors.push(error));
  assertEquals((await settled(clock, voice.session.respond().done)).status, "completed");
  assertEquals(errors.map(({ name }) => name), ["QuotaExceededError"]);
  await assertRejects(() => voice.output.getReader().read(), DOMException, "wait for a reader");
  assertEquals((await settled(clock, voice.session.respond().done)).status, "completed");
  await settled(clock, voice.close());
  await simulator.close();
});

Deno.test("VoiceSession in half duplex sends silence during playback", async () => {
  await using conversation = await converse({ halfDuplex: true }, { ...STORY, pace: "fast" });
  const { clock } = conversation;
  await startStory(conversation);
  await write(conversation, tone(1000));
  await clock.advance(9000);
  assertEquals(eventsOf(conversation, "speech_started"), []);
  await until(clock, () => conversation.voice.playback.unheardMs === 0);
  await clock.advance(100);
  await write(conversation, tone(1000));
  assertEquals(eventsOf(conversation, "speech_started"), []);
  // The echo of the playback takes 150 ms.
  await clock.advance(50);
  await write(conversation, tone(1000));
  await clock.advance(100);
  assertEquals(eventsOf(conversation, "speech_started").length, 1);
  assertEquals(eventsOf(conversation, "interrupted"), []);
});

Deno.test("VoiceSession measures turns, and yields utterances in order", async () => {
  await using conversation = await converse({ transcription: { model: "whisper-1" } }, {
    createModel: () => ({
      hear: () => "Hello there.",
      reply: () => ({ delayMs: 250, outputs: [{ type: "message", text: "General Kenobi!", audio: tone(500) }] }),
    }),
  });
  const { voice, clock } = conversation;
  const utterances = voice.transcripts();
  await write(conversation, tone(600));
  await write(conversation, new Int16Array(24 * 1000));
  await until(clock, () => eventsOf(conversation, "turn").length > 0);
  const [turn] = eventsOf(conversation, "turn");
  assert(turn!.firstAudioMs! >= 250 && turn!.doneMs > turn!.firstAudioMs! && turn!.responseCreatedMs < 250);
  const first = await settled(clock, utterances.next());
  const second = await settled(clock, utterances.next());
  assertEquals([first.value?.role, first.value?.text], ["user", "Hello there."]);
  assertEquals([second.value?.role, second.value?.text], ["assistant", "General Kenobi!"]);
  await settled(clock, voice.close());
  assertEquals((await utterances.next()).done, true);
});

Deno.test("VoiceSession reports when the connection is too slow for the microphone, before it drops audio", async () => {
  const { server, session } = await open();
  const voice = new VoiceSession(session, { clock: server.clock, overflow: "drop-oldest", maxLagMs: 400 });
  const lags: (readonly [number, number])[] = [];
  voice.on("lag", ({ lagMs, droppedMs }) => lags.push([Math.round(lagMs), droppedMs]));
  Object.defineProperty(session, "bufferedAmount", { get: () => 310 * 64 });
  const writer = voice.input.getWriter();
  for (let i = 0; i < 3; i++) await writer.write(tone(100));
  // 310 ms in the socket and one chunk: the newest is never dropped.
  assertEquals([lags, Math.round(voice.lagMs), voice.droppedMs], [[[410, 0], [410, 100], [410, 200]], 410, 200]);
  await voice.close();
});

Deno.test("VOICE_PRESETS.phone configures µ-law in both directions", async () => {
  await using conversation = await converse({ ...VOICE_PRESETS.phone, audioKit }, STORY);
  const { audio } = conversation.voice.session.config!;
  assertEquals([audio?.input?.format?.type, audio?.output?.format?.type], ["audio/pcmu", "audio/pcmu"]);
  await write(conversation, tone(80));
  await conversation.clock.advance(0);
  assertEquals(conversation.appended, [160, 160, 160]);
});

Deno.test("VOICE_PRESETS.speaker sends no microphone audio during playback, and both presets set noise reduction", async () => {
  await using conversation = await converse(VOICE_PRESETS.speaker, { ...STORY, pace: "fast" });
  const { audio } = conversation.voice.session.config!;
  assertEquals(audio?.input?.noise_reduction?.type, "far_field");
  await startStory(conversation);
  await write(conversation, tone(1000));
  await conversation.clock.advance(1000);
  assertEquals(eventsOf(conversation, "speech_started"), []);

  await using other = await converse(VOICE_PRESETS.headset, STORY);
  assertEquals(other.voice.session.config!.audio?.input?.noise_reduction?.type, "near_field");
  await write(other, tone(1000));
  await other.clock.advance(100);
  assertEquals(eventsOf(other, "speech_started").length, 1);
});

Deno.test("VoiceSession handles duplicate end events once", async () => {
  await using conversation = await converse({ turnDetection: null }, {
    ...saying({ outputs: [{ type: "message", text: "Once.", audio: tone(1500) }] }),
    faults: ["response.done", "response.output_audio.done", "conversation.item.done"].map((at) =>
      ({ type: "duplicate", at, times: Infinity }) as const
    ),
  });
  const { voice, clock, taken } = conversation;
  voice.session.respond();
  await until(clock, () => eventsOf(conversation, "response_done").length > 0 && voice.playback.unheardMs === 0);
  await clock.advance(1000);
  assertEquals([...taken.values()], [1500]);
  assertEquals(voice.playback.items.map(({ heardMs, receivedMs }) => [heardMs, receivedMs]), [[1500, 1500]]);
  assertEquals(eventsOf(conversation, "response_done").length, 1);
});

Deno.test("VoiceSession rejects unknown values of enumerated options, and leaves the session usable", async () => {
  const { session } = await open();
  for (const name of ["inputEnd", "onDrop", "overflow", "playbackSource"]) {
    const options = { [name]: "drop" };
    const expected = new RegExp(
      `^Cannot add voice as ${name} must be \\w+ or \\w.*: current value is of type String$`,
    );
    const error = assertThrows(() => new VoiceSession(session, options), TypeError);
    assertMatch(error.message, expected);
  }
  new VoiceSession(session, { inputEnd: undefined, onDrop: "flush", overflow: "wait", playbackSource: "reported" });
  await session.close();
});

Deno.test("VoiceSession rejects invalid durations", async () => {
  const { session } = await open();
  for (
    const options of [
      { leadMs: -1 },
      { maxUnheardMs: NaN },
      { minBargeInMs: -0.5 },
      { preRollMs: NaN },
      {
        echoTailMs: -1,
      },
      { transcriptTimeoutMs: NaN },
    ]
  ) {
    const [[name, value]] = Object.entries(options) as [[string, number]];
    assertThrows(
      () => new VoiceSession(session, options),
      RangeError,
      `${name} must be a number >= 0: current value is ${value}`,
    );
  }
  for (const options of [{ leadMs: "200" as never }, { maxUnheardMs: null as never }]) {
    assertThrows(() => new VoiceSession(session, options), TypeError, "must be a number >= 0");
  }
  const endless = "preRollMs must be finite: current value is Infinity";
  assertThrows(() => new VoiceSession(session, { preRollMs: Infinity }), RangeError, endless);
  await session.close();
});

Deno.test("VoiceSession rejects flags that are not booleans", async () => {
  const { session } = await open();
  for (const name of ["autoBargeIn", "halfDuplex"]) {
    const open = () => new VoiceSession(session, { [name]: "no" });
    assertThrows(open, TypeError, `Cannot add voice as ${name} must be true or false: current value is `);
  }
  await session.close();
});

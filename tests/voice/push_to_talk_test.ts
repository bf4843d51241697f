import * as audioKit from "../../src/audio/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConnectionError, VoiceSession } from "../../mod.ts";
import { open, stateOf } from "../session/_fake_server.ts";
import { converse, eventsOf, settled, startStory, STORY, tone, until } from "./_conversation.ts";

const PUSH_TO_TALK = { turnDetection: null };

/** Writes to the input as a microphone does. */
async function record(voice: VoiceSession, ms: number): Promise<void> {
  const writer = voice.input.getWriter();
  await writer.write(tone(ms));
  writer.releaseLock();
}

Deno.test("VoiceSession.talk() makes an item of a turn, and release() requests the answer", async () => {
  await using conversation = await converse(PUSH_TO_TALK, STORY);
  const { voice, clock, appended, sent } = conversation;
  const turn = voice.talk();
  turn.append(tone(60));
  turn.append(new Uint8Array(40 * 48));
  assertEquals(turn.lengthMs, 100);
  const response = await settled(clock, turn.release({ instructions: "Be brief." }));
  assertEquals((await settled(clock, response!.done)).status, "completed");
  assertEquals(appended, [60 * 48, 40 * 48]);
  assertEquals(sent.slice(-2).map(({ type }) => type), ["input_audio_buffer.commit", "response.create"]);
  assertThrows(() => turn.append(tone(10)), TypeError, "has ended");
  await assertRejects(() => turn.commit(), TypeError, "has ended");
  await assertRejects(() => turn.release(), TypeError, "has ended");
});

Deno.test("VoiceSession.talk() sends a turn of another rate to its last sample", async () => {
  await using conversation = await converse({ ...PUSH_TO_TALK, inputRate: 48_000, audioKit }, STORY);
  const { voice, clock, appended } = conversation;
  const turn = voice.talk();
  for (let piece = 0; piece < 10; piece++) turn.append(new Int16Array(4_800).fill(3_000));
  await settled(clock, turn.commit());
  assertEquals(appended.reduce((sum, bytes) => sum + bytes), 48_000);
});

Deno.test("VoiceSession.talk() commits without requesting an answer", async () => {
  await using conversation = await converse(PUSH_TO_TALK, STORY);
  const { voice, clock, received, sent } = conversation;
  const turn = voice.talk();
  turn.append(tone(200));
  const itemId = await settled(clock, turn.commit());
  const committed = received.find((event) => event.type === "input_audio_buffer.committed");
  assertEquals([itemId, sent.at(-1)?.type], [committed?.item_id, "input_audio_buffer.commit"]);
});

Deno.test("VoiceSession.talk() rejects a commit that the server would refuse, and the turn continues", async () => {
  await using conversation = await converse(PUSH_TO_TALK, STORY);
  const { voice, clock, sent } = conversation;
  const turn = voice.talk();
  turn.append(tone(99));
  await assertRejects(() => turn.commit(), RangeError, "must be >= 100 ms long: current value is 99");
  assertEquals(sent.some(({ type }) => type === "input_audio_buffer.commit"), false);
  turn.append(tone(1));
  assert(await settled(clock, turn.commit()));

  await using held = await converse({ ...PUSH_TO_TALK, preRollMs: 0 }, STORY);
  const heldTurn = held.voice.talk();
  await assertRejects(() => heldTurn.commit(), RangeError);
  await record(held.voice, 100);
  assertEquals(heldTurn.lengthMs, 100);
});

Deno.test("VoiceSession.talk() treats the release of a short press as an accident, and discards its audio", async () => {
  await using conversation = await converse(PUSH_TO_TALK, STORY);
  const { voice, clock, sent } = conversation;
  const turn = voice.talk();
  turn.append(tone(50));
  assertEquals(await settled(clock, turn.release()), undefined);
  assertEquals(sent.at(-1)?.type, "input_audio_buffer.clear");
  const again = voice.talk();
  assertEquals(again.lengthMs, 0);
  await settled(clock, again.cancel());
  await again.cancel();
  assertEquals(sent.filter(({ type }) => type === "input_audio_buffer.clear").length, 2);
});

Deno.test("VoiceSession.talk() throws while the server detects turns or another turn is open", async () => {
  await using conversation = await converse({}, STORY);
  assertThrows(() => conversation.voice.talk(), TypeError, "by server_vad: turnDetection must be null");
  await using other = await converse(PUSH_TO_TALK, STORY);
  other.voice.talk();
  assertThrows(() => other.voice.talk(), TypeError, "another turn is open");
});

Deno.test("VoiceSession.talk() interrupts the model as speech does, unless that is disabled", async () => {
  for (const autoBargeIn of [true, false]) {
    await using conversation = await converse({ ...PUSH_TO_TALK, autoBargeIn }, STORY);
    await startStory(conversation);
    await conversation.clock.advance(500);
    conversation.voice.talk();
    await conversation.clock.advance(100);
    assertEquals(eventsOf(conversation, "interrupted").length, autoBargeIn ? 1 : 0);
    assertEquals(conversation.sent.some(({ type }) => type === "response.cancel"), autoBargeIn);
  }
});

Deno.test("VoiceSession with a pre-roll sends an open microphone only during turns, and the moment before", async () => {
  await using conversation = await converse({ ...PUSH_TO_TALK, preRollMs: 250 }, STORY);
  const { voice, clock, appended } = conversation;
  await record(voice, 1000);
  assertEquals(appended, []);
  const turn = voice.talk();
  await clock.advance(0);
  assertEquals([turn.lengthMs, appended], [200, [4800, 4800]]);
  await record(voice, 350);
  assertEquals(turn.lengthMs, 500);
  await settled(clock, turn.commit());
  assertEquals([turn.lengthMs, appended.slice(2)], [550, [4800, 4800, 4800, 2400]]);
  const empty = voice.talk();
  assertEquals(empty.lengthMs, 0);
  await settled(clock, empty.cancel());
  await record(voice, 1000);
  assertEquals(appended.length, 6);
  // Nothing of the previous turn begins the next.
  const next = voice.talk();
  assertEquals(next.lengthMs, 200);
  await settled(clock, next.cancel());
});

Deno.test("VoiceSession with turn detection forwards a plain commit", async () => {
  await using conversation = await converse({}, STORY);
  const { voice, clock } = conversation;
  voice.session.appendAudio(new Uint8Array(9600));
  assert(await settled(clock, voice.session.commitAudio()));
});

Deno.test("VoiceSession.input does not commit each chunk", async () => {
  await using conversation = await converse(PUSH_TO_TALK, STORY);
  const { voice, appended, clock, received, sent } = conversation;
  await ReadableStream.from([tone(150), tone(150)]).pipeTo(voice.input);
  await until(clock, () => appended.length === 3);
  assertEquals(sent.some(({ type }) => type === "input_audio_buffer.commit"), false);
  assert(await settled(clock, voice.session.commitAudio()));
  assertEquals(received.filter(({ type }) => type === "input_audio_buffer.committed").length, 1);
});

Deno.test("VoiceSession.talk() keeps samples whole that are split between chunks", async () => {
  await using conversation = await converse(PUSH_TO_TALK, STORY);
  const turn = conversation.voice.talk();
  const bytes = new Uint8Array(9600);
  turn.append(bytes.subarray(0, 4801));
  turn.append(bytes.subarray(4801));
  await conversation.clock.advance(0);
  assertEquals([conversation.appended, turn.lengthMs], [[4800, 4800], 200]);
});

Deno.test("VoiceSession.talk() treats a tap as an accident, however long its pre-roll is", async () => {
  await using conversation = await converse({ ...PUSH_TO_TALK, preRollMs: 500 }, STORY);
  const { voice, clock, sent } = conversation;
  await record(voice, 1000);
  const tap = voice.talk();
  await clock.advance(0);
  assertEquals(tap.lengthMs, 500);
  await record(voice, 99);
  await assertRejects(() => tap.commit(), RangeError, "must be >= 100 ms long: current value is 99");
  assertEquals(await settled(clock, tap.release()), undefined);
  assertEquals(sent.map(({ type }) => type).slice(-1), ["input_audio_buffer.clear"]);
  await record(voice, 1000);
  const turn = voice.talk();
  await record(voice, 100);
  assert(await settled(clock, turn.commit()));
  assertEquals(turn.lengthMs, 600);
});

Deno.test("TalkTurn.append() resolves when there is room, and sends queued audio in order", async () => {
  const { server, session } = await open();
  const voice = new VoiceSession(session, { clock: server.clock, maxLagMs: 500 });
  let buffered = 0;
  Object.defineProperty(session, "bufferedAmount", { get: () => buffered });
  const turn = voice.talk();
  const chunk = (fill: number) => new Uint8Array(4800).fill(fill);
  assertEquals(await stateOf(turn.append(chunk(1))), "resolved");
  buffered = 64_000;
  const room = turn.append(chunk(2));
  assertEquals([await stateOf(room), Math.round(voice.lagMs)], ["pending", 1100]);
  const more = turn.append(chunk(3));
  assertEquals([server.sentOf("input_audio_buffer.append").length, turn.lengthMs], [1, 300]);
  buffered = 0;
  await server.clock.advance(20);
  assertEquals([await stateOf(room), await stateOf(more)], ["resolved", "resolved"]);
  // Silence in place of muted audio.
  voice.mute();
  void turn.append(chunk(4));
  voice.unmute();
  // A huge piece is sent in smaller ones.
  await turn.append(new Uint8Array(20 * 1024 * 1024).fill(5));
  await server.settle();
  const sent = server.sentOf("input_audio_buffer.append").map(({ audio }) => atob(audio.slice(0, 4)).charCodeAt(0));
  assertEquals(sent.slice(0, 5), [1, 2, 3, 0, 5]);
  assert(server.sentOf("input_audio_buffer.append").every(({ audio }) => audio.length <= 64_000));
  buffered = 64_000;
  const lost = turn.append(chunk(6));
  const closing = voice.close();
  await server.clock.advance(20);
  await closing;
  await assertRejects(() => lost, ConnectionError);
});

Deno.test("TalkTurn.append() that is not awaited causes no unhandled rejection when the session ends", async () => {
  const { server, session } = await open();
  const voice = new VoiceSession(session, { clock: server.clock, maxLagMs: 500 });
  Object.defineProperty(session, "bufferedAmount", { get: () => 64_000 });
  voice.input.getWriter().closed.catch(() => {});
  void voice.talk().append(new Uint8Array(4800));
  const closing = voice.close();
  await server.clock.advance(100);
  await closing;
  assertEquals(server.clock.pending, 0);
});

Deno.test("VoiceSession.talk() throws after the end of the session, whichever side ended it", async () => {
  for (const by of ["client", "server"]) {
    await using conversation = await converse({ ...PUSH_TO_TALK, recovery: false });
    const { clock, end, voice } = conversation;
    void (by === "client" ? voice.close() : end());
    await settled(clock, voice.closed);
    assertThrows(() => voice.talk(), ConnectionError, "Cannot talk as the session has ended");
  }
});

Deno.test("TalkTurn neither counts nor commits audio that was dropped before it was sent", async () => {
  const { server, session } = await open();
  const voice = new VoiceSession(session, { clock: server.clock });
  let buffered = 640_000;
  Object.defineProperty(session, "bufferedAmount", { get: () => buffered });
  const turn = voice.talk();
  const room = turn.append(tone(500));
  assertEquals(turn.lengthMs, 500);
  voice.input.abort().catch(() => {});
  assertEquals(turn.lengthMs, 0);
  buffered = 0;
  await server.clock.advance(20);
  await room;
  await assertRejects(() => turn.commit(), RangeError, "current value is 0");
  assertEquals(server.sentOf("input_audio_buffer.commit"), []);
  assertEquals(await turn.append(tone(200)), undefined);
  assertEquals(turn.lengthMs, 200);
  const closing = voice.close();
  await server.clock.advance(20);
  await closing;
});

Deno.test("TalkTurn.release() is answered by the next connection when its connection drops or is dead", async () => {
  for (const fault of [{ type: "drop", at: "input_audio_buffer.committed" }, { type: "silence" }] as const) {
    await using conversation = await converse(PUSH_TO_TALK, STORY);
    const { voice, appended, clock, sent, simulator } = conversation;
    const turn = voice.talk();
    turn.append(tone(200));
    await clock.advance(0);
    simulator.sessions[0]!.fault(fault);
    const response = await settled(clock, turn.release());
    assertEquals((await settled(clock, response!.done)).status, "completed");
    assertEquals(eventsOf(conversation, "recovered").length, 1);
    assertEquals(appended, [9600, 9600]);
    assertEquals(sent.slice(-2).map(({ type }) => type), ["input_audio_buffer.commit", "response.create"]);
    const users = voice.session.conversation.getSnapshot().filter(({ role }) => role === "user");
    assertEquals([users.length, turn.lengthMs], [1, 200]);
  }
});

Deno.test("turns that follow each other on a line that drops or is dead remain separate, in order", async () => {
  for (const fault of [{ type: "drop", at: "input_audio_buffer.committed" }, { type: "silence" }] as const) {
    await using conversation = await converse(PUSH_TO_TALK, STORY);
    const { voice, clock, sent, simulator } = conversation;
    const [first, ...others] = [200, 300, 250];
    const speak = (ms: number) => {
      const turn = voice.talk();
      turn.append(tone(ms));
      return turn;
    };
    const turn = speak(first!);
    await clock.advance(0);
    simulator.sessions[0]!.fault(fault);
    const commits = [turn.commit(), ...others.map((ms) => speak(ms).commit())];
    const cancelling = speak(400).cancel();
    const last = speak(150).commit();
    const itemIds = await settled(clock, Promise.all([...commits, last]));
    await cancelling;
    const server = simulator.sessions.at(-1)!;
    assertEquals(itemIds.map((id) => server.audioMsOf(id)), [first, ...others, 150]);
    const inserted = voice.session.conversation.getSnapshot().filter(({ role }) => role === "user");
    assertEquals(inserted.map(({ id }) => id), itemIds);
    assertEquals(sent.filter(({ type }) => type === "input_audio_buffer.clear").length, 1);
  }
});

Deno.test("the audio of a turn waits for the answer to an earlier commit, counts as waiting, and is copied", async () => {
  const { server, session } = await open();
  const voice = new VoiceSession(session, { clock: server.clock });
  const turn = voice.talk();
  turn.append(tone(200));
  const committing = turn.commit();
  const memory = new Uint8Array(9600).fill(7);
  voice.talk().append(memory);
  memory.fill(0);
  await server.settle();
  assertEquals([voice.lagMs, server.sentOf("input_audio_buffer.append").length], [200, 1]);
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
  assertEquals(await committing, "item_1");
  await server.settle();
  assertEquals(voice.lagMs, 0);
  assertEquals(atob(server.last("input_audio_buffer.append").audio), "\x07".repeat(9600));
  await voice.close();
});

Deno.test("the end of a source commits its audio on the next connection when its connection drops or is dead", async () => {
  for (const fault of [{ type: "drop", at: "input_audio_buffer.committed" }, { type: "silence" }] as const) {
    await using conversation = await converse({ ...PUSH_TO_TALK, inputEnd: "commit" }, STORY);
    const { voice, clock, simulator } = conversation;
    simulator.sessions[0]!.fault(fault);
    assertEquals(await settled(clock, voice.pipe({ from: [tone(400)] })), {});
    const server = simulator.sessions.at(-1)!;
    assertEquals(server.items.map(({ id }) => server.audioMsOf(id!)), [400]);
    assertEquals(eventsOf(conversation, "recovered").length, 1);
  }
});

Deno.test("TalkTurn.cancel() discards the audio for the next connection, too, and nothing of a later turn", async () => {
  for (const fault of [{ type: "drop", at: "input_audio_buffer.cleared" }, { type: "silence" }] as const) {
    await using conversation = await converse(PUSH_TO_TALK, STORY);
    const { voice, appended, clock, simulator } = conversation;
    const turn = voice.talk();
    turn.append(tone(200));
    await clock.advance(0);
    simulator.sessions[0]!.fault(fault);
    const cancelling = turn.cancel();
    const next = voice.talk();
    next.append(tone(300));
    const committing = next.commit();
    assertEquals(await settled(clock, cancelling), undefined);
    const itemId = await settled(clock, committing);
    assertEquals([appended, simulator.sessions.at(-1)!.audioMsOf(itemId)], [[9600, 14_400], 300]);
  }
});

Deno.test("TalkTurn.commit() and cancel() reject when the session ends with its connection", async () => {
  for (
    const [method, at] of [["commit", "input_audio_buffer.committed"], [
      "cancel",
      "input_audio_buffer.cleared",
    ]] as const
  ) {
    await using conversation = await converse({ ...PUSH_TO_TALK, recovery: false });
    const { voice, clock, simulator } = conversation;
    const turn = voice.talk();
    turn.append(tone(200));
    await clock.advance(0);
    simulator.sessions[0]!.fault({ type: "drop", at });
    await assertRejects(() => settled<unknown>(clock, turn[method]()), ConnectionError, "ended with code 1006");
  }
});

Deno.test("TalkTurn counts none of the audio from before it that a lagging line drops", async () => {
  for (const [preRollMs, startMs] of [[undefined, 0], [300, 300]] as const) {
    const { server, session } = await open();
    const voice = new VoiceSession(session, {
      clock: server.clock,
      overflow: "drop-oldest",
      maxLagMs: 1800,
      preRollMs,
    });
    // One second waits in the socket.
    let buffered = 64_000;
    Object.defineProperty(session, "bufferedAmount", { get: () => buffered });
    await record(voice, 800);
    const turn = voice.talk();
    assertEquals([turn.lengthMs, voice.lagMs], [startMs, preRollMs === undefined ? 1800 : 1300]);
    for (let ms = 100; ms <= 800; ms += 100) {
      await record(voice, 100);
      // The pre-roll is part of the turn, and is dropped before its speech.
      assertEquals(turn.lengthMs, Math.min(startMs + ms, 800));
    }
    assertEquals(voice.droppedMs, preRollMs === undefined ? 800 : 300);
    // Only then is its own audio dropped.
    await record(voice, 100);
    assertEquals([turn.lengthMs, voice.lagMs], [800, 1800]);
    const committing = turn.commit();
    buffered = 0;
    await server.settle();
    server.emit({ type: "input_audio_buffer.committed", item_id: "item_turn" });
    assertEquals(await committing, "item_turn");
    // A turn that has ended does not become longer.
    await record(voice, 500);
    voice.talk();
    assertEquals(turn.lengthMs, 800);
    const closing = voice.close();
    await server.clock.advance(20);
    await closing;
  }
});

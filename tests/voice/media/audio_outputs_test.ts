import { assert, assertEquals, assertRejects } from "@std/assert";
import { type AudioChunk, type ResponseHandle, VoiceSession } from "../../../mod.ts";
import { encodeBase64 } from "../../../src/audio/mod.ts";
import { open, output, responseCreated, responseDone } from "../../session/_fake_server.ts";
import { converse, saying, settled, startStory, STORY, tone, until } from "../_conversation.ts";

/** Reads to the end, and counts the audio per response. */
function reading(stream: ReadableStream<AudioChunk>) {
  const state = { takenMs: 0, responseIds: new Set<string>(), ended: false };
  (async () => {
    for await (const { durationMs, responseId } of stream) {
      state.takenMs += durationMs;
      state.responseIds.add(responseId);
    }
    state.ended = true;
  })();
  return state;
}

Deno.test("VoiceSession.outputOf() emits one paced response, ends when it was heard, and leaves the others to output", async () => {
  await using conversation = await converse({ turnDetection: null }, {
    ...saying({ outputs: [{ type: "message", text: "Hello.", audio: tone(1000) }] }),
    pace: "fast",
  });
  const { voice, clock, taken } = conversation;
  const first = voice.session.respond();
  const second = voice.session.respond();
  const reader = reading(voice.outputOf(first));
  assertEquals(voice.outputOf(first), voice.outputOf(first));
  await until(clock, () => reader.takenMs > 0);
  await clock.advance(500);
  // At most leadMs ahead, while a second answer plays in parallel.
  assert(reader.takenMs >= 500 && reader.takenMs <= 760, `${reader.takenMs} ms were taken`);
  await until(clock, () => reader.ended);
  await until(clock, () => voice.playback.unheardMs === 0);
  assertEquals([reader.takenMs, [...reader.responseIds]], [1000, [first.id]]);
  assertEquals([...taken.values()], [1000]);
  assertEquals(voice.playback.items.map(({ responseId, heardMs }) => [responseId, heardMs]), [
    [first.id, 1000],
    [second.id, 1000],
  ]);
});

Deno.test("VoiceSession.outputOf() emits nothing stale after an interruption, and ends", async () => {
  await using conversation = await converse({ turnDetection: null }, STORY);
  const { voice, clock, taken } = conversation;
  const response = voice.session.respond();
  const reader = reading(voice.outputOf(response));
  await until(clock, () => reader.takenMs > 0);
  await clock.advance(1000);
  const { takenMs } = reader;
  const [cut] = await settled(clock, voice.bargeIn());
  assert(cut && cut.action === "truncate" && takenMs - cut.heardMs <= 200 && cut.heardMs >= 1000 - 40);
  await clock.advance(3000);
  assertEquals([reader.takenMs, reader.ended, taken.size], [takenMs, true, 0]);
});

Deno.test("VoiceSession.outputOf() drops queued audio when a completed response is interrupted", async () => {
  await using conversation = await converse({ turnDetection: null }, { ...STORY, pace: "fast" });
  const { voice, clock } = conversation;
  const response = voice.session.respond();
  const reader = reading(voice.outputOf(response));
  assertEquals((await settled(clock, response.done)).status, "completed");
  await clock.advance(1000);
  const { takenMs } = reader;
  const [cut] = await settled(clock, voice.bargeIn());
  assert(cut && Math.abs(cut.heardMs - 1000) <= 40 && cut.receivedMs === 10_000);
  await clock.advance(0);
  assertEquals([reader.takenMs, reader.ended], [takenMs, true]);
});

Deno.test("VoiceSession.outputOf() takes queued audio over from output", async () => {
  await using conversation = await converse({ turnDetection: null }, { ...STORY, pace: "fast" });
  const { voice, clock, taken } = conversation;
  const responses = voice.session.responses();
  const itemId = await startStory(conversation);
  const { value: response } = await settled(clock, responses.next());
  await clock.advance(500);
  const before = taken.get(itemId)!;
  const reader = reading(voice.outputOf(response as ResponseHandle));
  await until(clock, () => reader.ended);
  assertEquals([before, reader.takenMs], [taken.get(itemId), 10_000 - before]);
  assertEquals(voice.playback.get(itemId)?.heardMs, 10_000);
  // A finished one emits nothing.
  assertEquals(await Array.fromAsync(voice.outputOf(response as ResponseHandle)), []);
});

Deno.test("VoiceSession.outputOf() ends when its response never begins, and when the session closes", async () => {
  const conversation = await converse({ turnDetection: null }, STORY);
  const { voice, clock } = conversation;
  await startStory(conversation);
  const queued = voice.session.respond();
  const reader = reading(voice.outputOf(queued));
  await settled(clock, queued.cancel());
  await clock.advance(0);
  assertEquals([reader.ended, reader.takenMs], [true, 0]);
  const lost = reading(voice.outputOf(voice.session.respond()));
  await settled(clock, voice.close());
  await clock.advance(0);
  assertEquals([lost.ended, clock.pending], [true, 0]);
  await conversation[Symbol.asyncDispose]();
});

/** A voice session over a scripted server, and its reported errors. */
async function openVoice(maxUnheardMs: number) {
  const { server, session } = await open();
  const voice = new VoiceSession(session, { clock: server.clock, maxUnheardMs });
  const errors: Error[] = [];
  voice.on("error", ({ error }) => errors.push(error));
  const begin = async (responseId: string) => {
    const handles = session.responses();
    server.emit(responseCreated(responseId));
    await server.settle();
    return (await handles.next()).value!;
  };
  const speak = async (responseId: string, ms: number) => {
    const delta = encodeBase64(new Uint8Array(ms * 48));
    server.emit(output("response.output_audio.delta", responseId, { delta }));
    await server.settle();
  };
  return { begin, errors, server, speak, voice };
}

Deno.test("VoiceSession.outputOf() without a reader errors when too much is queued in total, and the others continue", async () => {
  const { begin, errors, server, speak, voice } = await openVoice(1000);
  const unread = voice.outputOf(await begin("resp_1"));
  await speak("resp_1", 600);
  server.emit(responseDone("resp_1"));
  const other = voice.outputOf(await begin("resp_2"));
  await speak("resp_2", 400);
  assertEquals(errors, []);
  await speak("resp_2", 40);
  assertEquals(errors.map(({ name }) => name), ["QuotaExceededError"]);
  await assertRejects(() => unread.getReader().read(), DOMException, "more than 1000 ms");
  assertEquals((await other.getReader().read()).value?.responseId, "resp_2");
  await voice.close();
});

Deno.test("VoiceSession.outputOf() when cancelled drops the audio of its response only", async () => {
  const { begin, errors, server, speak, voice } = await openVoice(1000);
  await voice.outputOf(await begin("resp_1")).cancel();
  for (let i = 0; i < 5; i++) await speak("resp_1", 600);
  server.emit(responseDone("resp_1"));
  await begin("resp_2");
  await speak("resp_2", 600);
  assertEquals((await voice.output.getReader().read()).value?.responseId, "resp_2");
  assertEquals(errors, []);
  await voice.close();
});

Deno.test("VoiceSession.outputOf() takes over the rest in order, and does not hold up the next response in output", async () => {
  const { begin, server, speak, voice } = await openVoice(60_000);
  const main = reading(voice.output);
  const first = await begin("resp_1");
  for (let piece = 0; piece < 10; piece++) await speak("resp_1", 40);
  const { takenMs } = main;
  const starts: number[] = [];
  const own = voice.outputOf(first).pipeTo(new WritableStream({ write: ({ startMs }) => void starts.push(startMs) }));
  await begin("resp_2");
  await speak("resp_2", 40);
  await server.clock.advance(400);
  const rest = Array.from({ length: 10 }, (_, index) => index * 40).filter((startMs) => startMs >= takenMs);
  assertEquals([starts, main.takenMs], [rest, takenMs + 40]);
  await voice.close();
  await own;
});

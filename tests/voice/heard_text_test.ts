import { assertEquals } from "@std/assert";
import { encodeBase64 } from "../../src/audio/mod.ts";
import { type VoiceOptions, VoiceSession } from "../../src/voice/mod.ts";
import {
  CANCELLED,
  type FakeServer,
  functionCall,
  open,
  output,
  responseCreated,
  responseDone,
} from "../session/_fake_server.ts";

const SPEECH = { type: "input_audio_buffer.speech_started", audio_start_ms: 0, item_id: "item_user" };

async function openVoice(playbackSource: VoiceOptions["playbackSource"]) {
  const { server, session } = await open();
  return { server, voice: new VoiceSession(session, { playbackSource, clock: server.clock }) };
}

const audio = (ms: number) =>
  output("response.output_audio.delta", "r", { delta: encodeBase64(new Uint8Array(ms * 48)) });
const words = (delta: string) => output("response.output_audio_transcript.delta", "r", { delta });
const whole = (transcript: string) => output("response.output_audio_transcript.done", "r", { transcript });

/** The conversation's entry of the answer, and what another session would receive of it. */
function answerIn({ session: { conversation } }: VoiceSession) {
  const { heardText, interrupted, text } = conversation.getSnapshot().find(({ id }) => id === "r_item")!;
  const exported = conversation.export().map((item) =>
    (item as unknown as { content: { text: string }[] }).content[0]!.text
  );
  return { exported, heardText, interrupted, text };
}

/** One second of "One two three four", of which the player reports half. */
async function hearHalf(server: FakeServer, voice: VoiceSession, ...events: readonly object[]) {
  server.emit(responseCreated("r"), ...events, audio(1000));
  await server.settle();
  voice.playback.report("r_item", 500);
}

Deno.test("conversation knows which words of server-side playback were heard, and so does export()", async () => {
  const { server, voice } = await openVoice("server");
  server.emit(responseCreated("r"), words("One two three four five six se"), {
    type: "output_audio_buffer.started",
    response_id: "r",
  });
  await server.clock.advance(1000);
  assertEquals(answerIn(voice).interrupted, false);
  // The answer may end before the server reports where it was cut.
  server.emit(responseDone("r", CANCELLED));
  server.emit({ type: "output_audio_buffer.cleared", response_id: "r" });
  server.emit({ type: "conversation.item.truncated", item_id: "r_item", content_index: 0, audio_end_ms: 987 });
  await server.settle();
  const { exported, heardText, interrupted } = answerIn(voice);
  assertEquals([exported, heardText, interrupted], [["One two three"], "One two three", true]);
  await voice.close();
});

Deno.test("conversation marks an answer when it is cut, whatever the server confirms later", async () => {
  const { server, voice } = await openVoice("reported");
  await hearHalf(server, voice, words("One two three four"));
  let changes = 0;
  voice.session.conversation.subscribe(() => changes++);
  server.emit(SPEECH);
  await server.settle();
  const cut = { exported: ["One two"], heardText: "One two", interrupted: true, text: "One two three four" };
  assertEquals([answerIn(voice), changes], [cut, 1]);
  // The player has stopped earlier than the reported cut.
  voice.playback.report("r_item", 250);
  assertEquals(answerIn(voice).heardText, "One");
  server.emit({ type: "conversation.item.truncated", item_id: "r_item", content_index: 0, audio_end_ms: 250 });
  await server.settle();
  assertEquals([answerIn(voice).heardText, changes], ["One", 2]);
  await voice.close();
});

Deno.test("conversation counts words that arrive after the cut only if there were none before", async () => {
  const late = await openVoice("reported");
  await hearHalf(late.server, late.voice);
  late.server.emit(SPEECH, words("One two "), words("three four"));
  await late.server.settle();
  assertEquals([answerIn(late.voice).heardText, answerIn(late.voice).exported], ["One two", ["One two"]]);
  // The player reports where it has stopped, later than that.
  late.voice.playback.report("r_item", 250);
  assertEquals(answerIn(late.voice).heardText, "One");
  await late.voice.close();

  const early = await openVoice("reported");
  await hearHalf(early.server, early.voice, words("One two three four"));
  early.server.emit(SPEECH, words(" five six seven eight"), whole("One two three four five six seven eight"));
  await early.server.settle();
  assertEquals(answerIn(early.voice).heardText, "One two");
  await early.voice.close();
});

Deno.test("conversation knows the heard words of a server that sends words only at the end of a message", async () => {
  const content = [{ type: "output_audio", transcript: "One two three four" }];
  const item = { id: "r_item", type: "message", role: "assistant", status: "incomplete", content };
  for (
    const last of [
      whole("One two three four"),
      { type: "response.output_item.done", response_id: "r", item },
      { type: "conversation.item.done", item },
      responseDone("r", { ...CANCELLED, output: [item] }),
    ]
  ) {
    const { server, voice } = await openVoice("reported");
    const utterances = voice.transcripts();
    await hearHalf(server, voice);
    server.emit(SPEECH, last, responseDone("r", CANCELLED));
    await server.settle();
    assertEquals([answerIn(voice).heardText, answerIn(voice).exported], ["One two", ["One two"]]);
    assertEquals((await utterances.next()).value?.heardText, "One two");
    voice.playback.report("r_item", 250);
    assertEquals(answerIn(voice).heardText, "One");
    await voice.close();
  }
});

Deno.test("conversation exports no words of an answer that was cut before any of it was heard", async () => {
  const { server, voice } = await openVoice("reported");
  server.emit(responseCreated("r"), words("One two"), audio(1000), SPEECH, words(" three four"));
  await server.settle();
  const { exported, heardText } = answerIn(voice);
  assertEquals([exported, heardText], [[], ""]);
  await voice.close();
});

Deno.test("conversation exports no words of a message that began after the interruption, whenever they arrive", async () => {
  const late = { item_id: "late_item" };
  for (const wordsFirst of [true, false]) {
    const { server, voice } = await openVoice("reported");
    await hearHalf(server, voice, words("One two three four"));
    const events = [
      { ...words("five six"), ...late },
      { ...audio(1000), ...late },
    ];
    server.emit(SPEECH, ...(wordsFirst ? events : events.toReversed()));
    await server.settle();
    const entry = voice.session.conversation.getSnapshot().find(({ id }) => id === "late_item");
    assertEquals([entry?.heardText, entry?.interrupted, entry?.text], ["", true, "five six"]);
    assertEquals(answerIn(voice).exported, ["One two"]);
    await voice.close();
  }
});

Deno.test("The conversation calls a listener with changes in their order, though another one interrupts meanwhile", async () => {
  const { server, voice } = await openVoice("reported");
  const { conversation } = voice.session;
  await hearHalf(server, voice, words("One two three four"));
  const mirror = [...conversation.getSnapshot()];
  conversation.subscribe(({ entry }) => void (entry.id === "item_call" && voice.bargeIn().catch(() => {})));
  conversation.subscribe(({ entry, index, type }) => {
    if (type !== "added") mirror.splice(mirror.findIndex(({ id }) => id === entry.id), 1);
    if (type !== "removed") mirror.splice(index, 0, entry);
  });
  const answer = { id: "r_item", type: "message", role: "assistant", status: "completed", content: [] };
  server.emit(responseDone("r", { output: [functionCall("call", "f"), answer] }));
  await server.settle();
  assertEquals(mirror[0]?.heardText, "One two");
  assertEquals(mirror, [...conversation.getSnapshot()]);
  await voice.close();
});

import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import type { HeardSpeech } from "../../../../src/simulator/model/heard_speech.ts";
import { Client, type Frame, only, typesOf } from "../../_client.ts";
import { tone } from "../../_sound.ts";

const PREFIX = "conversation.item.input_audio_transcription.";

/** The transcription events of a second and a half of speech. */
async function transcribed(
  transcription: Readonly<Record<string, unknown>>,
  heard: string | HeardSpeech = "Hello there.",
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ client: Client; frames: Frame[] }> {
  const client = await Client.open({ createModel: () => ({ hear: () => heard, reply: () => ({ outputs: [] }) }) });
  const input = { turn_detection: null, transcription };
  await client.ask({ type: "session.update", session: { type: "realtime", audio: { input }, ...more } });
  await client.speak(tone(1500));
  const frames = await client.ask({ type: "input_audio_buffer.commit" }, 5000);
  return { client, frames: frames.filter(({ type }) => type.startsWith(PREFIX)) };
}

function deltasOf(frames: readonly Frame[]): unknown[] {
  return frames.filter(({ type }) => type === `${PREFIX}delta`).map(({ delta }) => delta);
}

Deno.test("A transcript is streamed and completed as in the recording of gpt-realtime-whisper", async () => {
  const { client, frames } = await transcribed({ model: "gpt-realtime-whisper" });
  assertEquals(typesOf(frames), [`${PREFIX}delta`, `${PREFIX}completed`]);
  assertEquals(deltasOf(frames), [" Hello", " there", "."]);
  const completed = only(frames, `${PREFIX}completed`);
  const { event_id: _event, item_id, ...rest } = completed;
  assertEquals(rest as unknown, {
    type: `${PREFIX}completed`,
    content_index: 0,
    transcript: "Hello there.",
    usage: { type: "duration", seconds: 2 },
  });
  const retrieved = await client.ask({ type: "conversation.item.retrieve", item_id });
  assertObjectMatch(only(retrieved, "conversation.item.retrieved"), {
    item: { content: [{ type: "input_audio", transcript: "Hello there." }] },
  });
});

Deno.test("Whisper models are billed by the second, other models by the token", async () => {
  const tokens = {
    type: "tokens",
    total_tokens: 15 + 3,
    input_tokens: 15,
    input_token_details: { text_tokens: 0, audio_tokens: 15 },
    output_tokens: 3,
  };
  const seconds = { type: "duration", seconds: 2 };
  for (const [model, usage] of [["whisper-1", seconds], ["gpt-4o-transcribe", tokens], ["gpt-transcribe", tokens]]) {
    assertEquals(only((await transcribed({ model })).frames, `${PREFIX}completed`).usage, usage);
  }
});

Deno.test("whisper-1 sends its transcript at once, and other models begin without a space", async () => {
  assertEquals(deltasOf((await transcribed({ model: "whisper-1" })).frames), ["Hello there."]);
  assertEquals(deltasOf((await transcribed({ model: "gpt-4o-transcribe" })).frames), ["Hello", " there", "."]);
});

Deno.test("Log probabilities are sent when requested", async () => {
  const include = ["item.input_audio_transcription.logprobs"];
  const { frames } = await transcribed({ model: "gpt-4o-transcribe" }, "Hé!", { include });
  const logprob = -0.05;
  const tokens = [{ token: "Hé", logprob, bytes: [72, 195, 169] }, { token: "!", logprob, bytes: [33] }];
  assertEquals(frames.map(({ logprobs }) => logprobs), [[tokens[0]], [tokens[1]], tokens]);
  const without = await transcribed({ model: "gpt-4o-transcribe" }, "Hé!");
  assertEquals(without.frames.some((frame) => "logprobs" in frame), false);
});

Deno.test("Languages are reported by the models that support them", async () => {
  const languagesOf = async (config: Readonly<Record<string, unknown>>, heard?: HeardSpeech) =>
    only((await transcribed(config, heard)).frames, `${PREFIX}completed`).languages;
  assertEquals(await languagesOf({ model: "gpt-transcribe" }), [{ code: "en" }]);
  assertEquals(await languagesOf({ model: "gpt-transcribe", language: "fr" }), [{ code: "fr" }]);
  assertEquals(await languagesOf({ model: "gpt-transcribe", languages: ["pt", "es"] }), [{ code: "pt" }]);
  assertEquals(await languagesOf({ model: "gpt-transcribe" }, { transcript: "" }), []);
  assertEquals(await languagesOf({ model: "gpt-live-transcribe" }), undefined);
  const german = { transcript: "Guten Tag", language: "de" };
  assertEquals(await languagesOf({ model: "gpt-transcribe", language: "fr" }, german), [{ code: "de" }]);
  assertEquals(await languagesOf({ model: "gpt-4o-transcribe" }, german), undefined);
});

Deno.test("A diarizing model sends segments, and no deltas", async () => {
  const segments = [{ speaker: "A", text: "12345678" }, { speaker: "B", text: "1234" }];
  const { frames } = await transcribed({ model: "gpt-4o-transcribe-diarize" }, { transcript: "Hi", segments });
  assertEquals(typesOf(frames), [`${PREFIX}segment`, `${PREFIX}completed`]);
  const told = frames.slice(0, 2).map(({ content_index, end, item_id, speaker, start, text }) => {
    return { content_index, end, isSame: item_id === frames[2]?.item_id, speaker, start, text };
  });
  assertEquals(told, [
    { content_index: 0, end: 1, isSame: true, speaker: "A", start: 0, text: "12345678" },
    { content_index: 0, end: 1.5, isSame: true, speaker: "B", start: 1, text: "1234" },
  ]);
  assert(frames[0]?.id !== frames[1]?.id);
  const alone = await transcribed({ model: "gpt-4o-transcribe-diarize" });
  assertObjectMatch(alone.frames[0] ?? {}, { speaker: "speaker_0", text: "Hello there.", start: 0, end: 1.5 });
});

Deno.test("A failed transcription reports the reason, and leaves the item without a transcript", async () => {
  const failure = { code: "audio_unintelligible", message: "The audio could not be understood." };
  const { client, frames } = await transcribed({ model: "whisper-1" }, { transcript: "Hello there.", failure });
  assertEquals(typesOf(frames), [`${PREFIX}failed`]);
  assertEquals(frames[0]?.error, { type: "transcription_error", ...failure, param: null });
  const retrieved = await client.ask({ type: "conversation.item.retrieve", item_id: frames[0]?.item_id });
  assertObjectMatch(only(retrieved, "conversation.item.retrieved"), { item: { content: [{ transcript: null }] } });
});

Deno.test("A transcript can arrive after the response", async () => {
  const heard = { transcript: "Hello there.", delayMs: 3000 };
  const client = await Client.open({
    pace: "fast",
    createModel: () => ({ hear: () => heard, reply: () => ({ outputs: [{ type: "message", text: "Yes." }] }) }),
  });
  const input = { turn_detection: null, transcription: { model: "whisper-1" } };
  await client.ask({ type: "session.update", session: { type: "realtime", audio: { input } } });
  await client.speak(tone(500));
  await client.ask({ type: "input_audio_buffer.commit" });
  const early = typesOf(await client.ask({ type: "response.create" }, 2999));
  assert(early.includes("response.done") && !early.some((type) => type.startsWith(PREFIX)));
  assertEquals(typesOf(await client.wait(1)), [`${PREFIX}delta`, `${PREFIX}completed`]);
});

Deno.test("A model waits for context as its delay specifies", async () => {
  const arrival = async (delay?: string) => {
    const client = await Client.open({
      createModel: () => ({ hear: () => "Hi", reply: () => ({ outputs: [] }) }),
      pace: 1,
    });
    const input = { turn_detection: null, transcription: { model: "gpt-realtime-whisper", delay } };
    await client.ask({ type: "session.update", session: { type: "realtime", audio: { input } } });
    await client.speak(tone(500));
    const committed = client.clock.now();
    let arrivedMs = 0;
    client.onFrame = ({ type }) => void (type === `${PREFIX}delta` && (arrivedMs ||= client.clock.now() - committed));
    await client.ask({ type: "input_audio_buffer.commit" }, 5000);
    return arrivedMs;
  };
  assertEquals(await Promise.all([undefined, "minimal", "low", "medium", "high", "xhigh"].map(arrival)), [
    40,
    40,
    200,
    400,
    800,
    1600,
  ]);
});

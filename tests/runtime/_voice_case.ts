import { connectVoice, defineTool, type VoiceEvent, type VoiceSession } from "@oai-rt/edge";
import { synthesizeSpeech } from "@oai-rt/edge/simulator";
import { assert, assertEquals, assertMatch } from "@std/assert";
import * as v from "valibot";
import type { Target } from "./_target.ts";

const sum = defineTool({
  name: "sum",
  description: "Add two integers.",
  parameters: v.object({ a: v.pipe(v.number(), v.integer()), b: v.pipe(v.number(), v.integer()) }),
  run: ({ a, b }) => ({ sum: a + b }),
});

/** A whole voice conversation: a tool, speech in and out, an interruption. Its audio is heard in real time. */
export async function holdVoiceConversation({ apiKey, baseUrl }: Target): Promise<void> {
  const voice = await connectVoice({
    apiKey,
    baseUrl,
    tools: [sum],
    turnDetection: "server_vad",
    transcription: { model: "gpt-4o-mini-transcribe" },
  });
  const { session } = voice;
  assertEquals(session.config?.type, "realtime");

  // The model calls a tool, and answers with its result.
  const called = next(voice, "tool_call_done");
  await session.sendMessage("Please use the sum tool to add 2 and 3.");
  assertEquals((await session.respond({ output_modalities: ["text"] }).done).status, "completed");
  assertEquals(JSON.parse((await called).output), { sum: 5 });
  assertMatch((await next(voice, "text_done")).text, /5/);

  // The user speaks, is heard, and is answered.
  const heard: number[] = [];
  const listening = (async () => {
    for await (const chunk of voice.output) heard.push(chunk.bytes.length);
  })();
  const microphone = voice.input.getWriter();
  const transcribed = next(voice, "user_transcript_done");
  const answered = next(voice, "transcript_done");
  await microphone.write(synthesizeSpeech("Hello, is anybody there?"));
  await microphone.write(new Int16Array(24_000));
  assert((await transcribed).transcript.length > 0);
  assert((await answered).transcript.length > 0);
  while (voice.playback.unheardMs > 0 || session.activeResponse) await pause(20);
  const heardBytes = heard.reduce((total, bytes) => total + bytes, 0);
  assert(heardBytes > 24_000, `only ${heardBytes} bytes were heard`);

  // A long answer is interrupted by speech.
  await session.sendMessage("Tell me a long story.");
  const story = session.respond();
  const heardOfStory = () => {
    const item = voice.playback.items.at(-1);
    return item && item.responseId === story.id ? item.heardMs : 0;
  };
  while (heardOfStory() < 300) await pause(20);
  const interrupted = next(voice, "interrupted");
  const truncated = new Promise<number>((resolve) => {
    session.on("conversation.item.truncated", (event) => resolve(event.audio_end_ms));
  });
  await microphone.write(synthesizeSpeech("Stop, please."));
  const cut = await interrupted;
  assertEquals(cut.action, "truncate");
  assert(cut.heardMs >= 300 && cut.heardMs < cut.receivedMs, `heard ${cut.heardMs} of ${cut.receivedMs} ms`);
  assertEquals(await truncated, cut.heardMs);
  assertEquals((await story.done).status, "cancelled");

  await voice.close();
  await listening;
}

/** Resolves with the next event of a type. */
function next<T extends VoiceEvent["type"]>(voice: VoiceSession, type: T): Promise<VoiceEvent & { type: T }> {
  return new Promise((resolve) => {
    const remove = voice.on("*", (event) => {
      if (event.type !== type) return;
      remove();
      resolve(event as VoiceEvent & { type: T });
    });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

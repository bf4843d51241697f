import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { connect, ConnectionError, connectVoice, defineTool, type VoiceEvent, type VoiceSession } from "@oai-rt/edge";
import { synthesizeSpeech } from "@oai-rt/edge/simulator";
import * as v from "valibot";

// The simulator listens in another process: the gate starts one.
const url = process.env.SIMULATOR_URL;
assert.ok(url, "SIMULATOR_URL must be the address of a simulator");
const baseUrl = url.replace(/\/realtime$/, "");

const sum = defineTool({
  name: "sum",
  description: "Add two integers.",
  parameters: v.object({ a: v.pipe(v.number(), v.integer()), b: v.pipe(v.number(), v.integer()) }),
  run: ({ a, b }) => ({ sum: a + b }),
});

// Its audio is heard in real time.
const LONG = { timeout: 60_000 };

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

test(
  "a whole voice conversation: a tool, speech in and out, an interruption that cuts where it was heard",
  LONG,
  async () => {
    const voice = await connectVoice({
      apiKey: "sk-test",
      baseUrl,
      tools: [sum],
      turnDetection: "server_vad",
      transcription: { model: "gpt-4o-mini-transcribe" },
    });
    const { session } = voice;
    assert.equal(session.config?.type, "realtime");

    // The model calls a tool, and answers with its result.
    const called = next(voice, "tool_call_done");
    await session.sendMessage("Please use the sum tool to add 2 and 3.");
    assert.equal((await session.respond({ output_modalities: ["text"] }).done).status, "completed");
    assert.deepEqual(JSON.parse((await called).output), { sum: 5 });
    const { text } = await next(voice, "text_done");
    assert.match(text, /5/);

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
    assert.ok((await transcribed).transcript.length > 0);
    assert.ok((await answered).transcript.length > 0);
    while (voice.playback.unheardMs > 0 || session.activeResponse) await pause(20);
    const heardBytes = heard.reduce((total, bytes) => total + bytes, 0);
    assert.ok(heardBytes > 24_000, `only ${heardBytes} bytes were heard`);

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
    assert.equal(cut.action, "truncate");
    assert.ok(cut.heardMs >= 300 && cut.heardMs < cut.receivedMs, `heard ${cut.heardMs} of ${cut.receivedMs} ms`);
    assert.equal(await truncated, cut.heardMs);
    assert.equal((await story.done).status, "cancelled");

    await voice.close();
    await listening;
  },
);

test("a refused key makes connect() reject with what the API said", async () => {
  await assert.rejects(connect({ apiKey: "sk-invalid", baseUrl }), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.kind, "refused");
    assert.equal(error.close?.code, 3000);
    assert.ok(!String(error).includes("sk-invalid"));
    return true;
  });
});

test("an unreachable server makes connect() reject with a ConnectionError", async () => {
  await assert.rejects(connect({ apiKey: "sk-test", baseUrl: "http://127.0.0.1:9/v1" }), (error) => {
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.kind, "unreachable");
    return true;
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

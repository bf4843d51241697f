// The agent with @oai-rt/edge.
import { connectVoice, defineTool } from "@oai-rt/edge";
import { writeWav } from "@oai-rt/edge/audio";
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import * as v from "valibot";

const [question = "question.wav", interruption = "interruption.wav", answer = "answer.wav"] = process.argv.slice(2);
const voice = await connectVoice({
  apiKey: process.env.OPENAI_API_KEY,
  baseUrl: process.env.OPENAI_BASE_URL,
  instructions: "You are a travel assistant.",
  turnDetection: "server_vad",
  transcription: { model: "gpt-4o-mini-transcribe" },
  tools: [defineTool({
    name: "get_weather",
    description: "Get the weather in a city.",
    parameters: v.object({ city: v.string() }),
    run: ({ city }) => ({ city, celsius: 21, sky: "sunny" }),
  })],
});
voice.on("user_transcript_done", ({ transcript }) => console.log("You:", transcript));
voice.on("transcript_done", ({ transcript }) => console.log("Assistant:", transcript));
voice.on("tool_call_done", ({ name, output }) => console.log("Tool:", name, output));
voice.session.on("conversation.item.truncated", (event) => console.log("Cut at", event.audio_end_ms, "ms"));
const heard: Uint8Array<ArrayBuffer>[] = [];
void voice.pipe({ to: (bytes) => void heard.push(bytes) });
await voice.pipe({ from: await readFile(question) });
await voice.drain();
while ((voice.playback.items.at(-1)?.heardMs ?? 0) < 1000) await new Promise((resolve) => setTimeout(resolve, 20));
await voice.pipe({ from: await readFile(interruption) });
await voice.drain();
await voice.waitForPlayout();
await voice.close();
await writeFile(answer, writeWav(new Uint8Array(await new Blob(heard).arrayBuffer()), { sampleRate: 24_000 }));

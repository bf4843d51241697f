// The agent with npm `@openai/agents-realtime`.
import { RealtimeAgent, RealtimeSession, tool } from "@openai/agents-realtime";
import { Buffer } from "node:buffer";
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { z } from "zod";

const [question = "question.wav", interruption = "interruption.wav", answer = "answer.wav"] = process.argv.slice(2);
const getWeather = tool({
  name: "get_weather",
  description: "Get the weather in a city.",
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => JSON.stringify({ city, celsius: 21, sky: "sunny" }),
});
const agent = new RealtimeAgent({
  name: "assistant",
  instructions: "You are a travel assistant.",
  tools: [getWeather],
});
const session = new RealtimeSession(agent, {
  transport: "websocket",
  model: "gpt-realtime-2.1",
  config: {
    audio: { input: { turnDetection: { type: "server_vad" }, transcription: { model: "gpt-4o-mini-transcribe" } } },
  },
});

let heard = Buffer.alloc(0);
let startedAt = 0; // where the audio of this response begins in `heard`, in bytes
let heardResponse: string | undefined;
const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
let turns = 0; // of the user, transcribed
let isInterrupted = false;
let isAnswered = false;

async function speak(recording: string): Promise<void> {
  const bytes = (await readFile(recording)).subarray(44); // the header of the usual WAV file
  const silence = Buffer.alloc(48_000); // lets the server notice the end of the turn
  for (const part of [bytes, silence]) {
    for (let offset = 0; offset < part.length; offset += 4800) {
      session.sendAudio(new Uint8Array(part.subarray(offset, offset + 4800)).buffer);
    }
  }
}

session.on("error", ({ error }) => reject(error));
session.on("audio", ({ data, responseId }) => {
  if (!heardResponse) setTimeout(() => speak(interruption).catch(reject), 1000);
  if (responseId !== heardResponse) [heardResponse, startedAt] = [responseId, heard.length];
  heard = Buffer.concat([heard, Buffer.from(data)]);
});
session.on("audio_interrupted", () => isInterrupted = true);
session.on("agent_tool_end", (_context, _agent, { name }, output) => console.log("Tool:", name, output));
session.transport.on("connection_change", (status) => {
  if (status === "disconnected") reject(new Error("The connection ended"));
});
session.transport.on("*", (event) => {
  if (event.type === "conversation.item.input_audio_transcription.completed") {
    console.log("You:", event.transcript);
    turns++;
  }
  if (event.type === "conversation.item.truncated") {
    console.log("Cut at", event.audio_end_ms, "ms");
    heard = heard.subarray(0, startedAt + event.audio_end_ms * 48); // unheard words are forgotten
  }
  if (event.type === "response.output_audio_transcript.done") console.log("Assistant:", event.transcript);
  if (event.type === "response.done") {
    // deno-lint-ignore no-explicit-any -- events are not typed here
    const isCall = event.response.output.some((item: any) => item.type === "function_call");
    isAnswered = isInterrupted && !isCall && event.response.status === "completed";
  }
  if (turns === 2 && isAnswered) resolve();
});
const url = process.env.OPENAI_BASE_URL;
await session.connect({
  apiKey: process.env.OPENAI_API_KEY!,
  ...url && { url: `${url.replace(/^http/, "ws")}/realtime?model=gpt-realtime-2.1` },
});
await speak(question);
await finished.finally(() => session.close());

const header = Buffer.alloc(44);
header.write("RIFF", 0);
header.writeUInt32LE(36 + heard.length, 4);
header.write("WAVEfmt ", 8);
header.writeUInt32LE(16, 16);
header.writeUInt16LE(1, 20);
header.writeUInt16LE(1, 22);
header.writeUInt32LE(24_000, 24);
header.writeUInt32LE(48_000, 28);
header.writeUInt16LE(2, 32);
header.writeUInt16LE(16, 34);
header.write("data", 36);
header.writeUInt32LE(heard.length, 40);
await writeFile(answer, Buffer.concat([header, heard]));

// The agent with npm `openai`: events are typed, and everything else is the application's.
import { Buffer } from "node:buffer";
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";

const [question = "question.wav", interruption = "interruption.wav", answer = "answer.wav"] = process.argv.slice(2);
const client = new OpenAI({ apiKey: process.env.OPENAI_API_KEY, baseURL: process.env.OPENAI_BASE_URL });
const rt = new OpenAIRealtimeWS({ model: "gpt-realtime-2.1" }, client);

let heard = Buffer.alloc(0);
let calls = 0;
let startedMs = 0; // when the audio that is being heard began
let startedAt = 0; // where it begins in `heard`, in bytes
let heardItem: string | undefined;
const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
let turns = 0; // of the user, transcribed
let isInterrupted = false;
let isAnswered = false;
const finish = () => turns === 2 && isAnswered && resolve();

async function speak(recording: string): Promise<void> {
  const bytes = (await readFile(recording)).subarray(44); // the header of the usual WAV file
  const silence = Buffer.alloc(48_000); // lets the server notice the end of the turn
  for (const part of [bytes, silence]) {
    for (let offset = 0; offset < part.length; offset += 4800) {
      const audio = part.subarray(offset, offset + 4800).toString("base64");
      rt.send({ type: "input_audio_buffer.append", audio });
    }
  }
}

function runTool(name: string, callId: string, text: string): void {
  let output: string;
  try {
    const { city } = JSON.parse(text);
    if (name !== "get_weather" || typeof city !== "string") throw new TypeError("The arguments do not fit");
    output = JSON.stringify({ city, celsius: 21, sky: "sunny" });
  } catch (error) {
    output = `The call failed: ${error}`;
  }
  console.log("Tool:", name, output);
  rt.send({ type: "conversation.item.create", item: { type: "function_call_output", call_id: callId, output } });
}

rt.on("error", reject);
rt.socket.on("close", (code) => reject(new Error(`The connection ended with code ${code}`)));
rt.on("session.created", () => {
  rt.send({
    type: "session.update",
    session: {
      type: "realtime",
      instructions: "You are a travel assistant.",
      audio: {
        input: { turn_detection: { type: "server_vad" }, transcription: { model: "gpt-4o-mini-transcribe" } },
      },
      tools: [{
        type: "function",
        name: "get_weather",
        description: "Get the weather in a city.",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      }],
    },
  });
});
rt.on("session.updated", () => void speak(question).catch(reject));
rt.on("input_audio_buffer.speech_started", () => {
  // The user interrupts: unheard words are forgotten, here and on the server.
  if (!heardItem) return;
  const receivedMs = (heard.length - startedAt) / 48;
  const audioEndMs = Math.floor(Math.min(Date.now() - startedMs, receivedMs));
  heard = heard.subarray(0, startedAt + audioEndMs * 48);
  isInterrupted = true;
  rt.send({
    type: "conversation.item.truncate",
    item_id: heardItem,
    content_index: 0,
    audio_end_ms: audioEndMs,
  });
});
rt.on("conversation.item.truncated", (event) => console.log("Cut at", event.audio_end_ms, "ms"));
rt.on("response.output_audio.delta", ({ delta, item_id }) => {
  if (!heardItem) setTimeout(() => speak(interruption).catch(reject), 1000);
  if (item_id !== heardItem) [heardItem, startedMs, startedAt] = [item_id, Date.now(), heard.length];
  heard = Buffer.concat([heard, Buffer.from(delta, "base64")]);
});
rt.on("conversation.item.input_audio_transcription.completed", ({ transcript }) => {
  console.log("You:", transcript);
  turns++;
  finish();
});
rt.on("response.output_audio_transcript.done", ({ transcript }) => console.log("Assistant:", transcript));
rt.on("response.function_call_arguments.done", ({ name, call_id, arguments: text }) => {
  calls++;
  runTool(name, call_id, text);
});
rt.on("response.done", ({ response }) => {
  if (response.status === "failed") reject(new Error("The response failed"));
  if (calls === 0) {
    isAnswered = isInterrupted && response.status === "completed";
    return finish();
  }
  calls = 0;
  rt.send({ type: "response.create" });
});
await finished.finally(() => rt.close());

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

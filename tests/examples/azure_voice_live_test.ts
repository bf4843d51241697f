import { assert, assertEquals } from "@std/assert";
import { VOICE_LIVE } from "../../examples/azure_voice_live/dialect.ts";
import { connectVoiceLive } from "../../examples/azure_voice_live/main.ts";
import { defineTool, type Dial, type DialectFrame, withDialect } from "../../mod.ts";
import { createSimulator } from "../../src/simulator/mod.ts";

// deno-lint-ignore no-explicit-any -- the test looks into frames at will
type Frame = any;

const FORMATS: Frame = { pcm16: { type: "audio/pcm", rate: 24_000 }, g711_ulaw: { type: "audio/pcmu" } };

/** The simulator behind the beta's words, as Azure Voice Live speaks them. */
function voiceLiveServer(): { dial: Dial; sent: Frame[]; received: Frame[]; requests: Frame[] } {
  const [sent, received, requests]: Frame[][] = [[], [], []];
  const dial = withDialect(createSimulator({ pace: "fast" }).dial, {
    toServer: (frame) => {
      sent!.push(frame);
      const { session, item, response }: Frame = frame;
      if (frame.type === "response.create") {
        const { modalities, ...rest } = response;
        return { ...frame, response: modalities ? { ...rest, output_modalities: ["text"] } : rest };
      }
      if (item?.role === "assistant") {
        const content = item.content.map((part: Frame) => ({ ...part, type: `output_${part.type}` }));
        return { ...frame, item: { ...item, content } };
      }
      if (frame.type !== "session.update") return frame;
      const { modalities, input_audio_format, turn_detection, voice, ...rest } = session;
      const audio = { input: { format: FORMATS[input_audio_format], turn_detection }, output: { voice } };
      const output_modalities = modalities.includes("audio") ? ["audio"] : ["text"];
      return { ...frame, session: { ...rest, type: "realtime", output_modalities, audio } };
    },
    fromServer: (frame) => {
      const type = String(frame.type).replace("response.output_", "response.").replace("item.added", "item.created")
        .replace("response.item", "response.output_item");
      const beta: Frame = { ...frame, type };
      if (beta.item?.content) {
        beta.item.content = beta.item.content.map((part: Frame) => ({
          ...part,
          type: part.type.replace("output_", ""),
        }));
      }
      if (beta.session) {
        const { audio, output_modalities, ...rest } = beta.session;
        const voice = audio.output.voice;
        const modalities = output_modalities[0] === "audio" ? ["text", "audio"] : ["text"];
        beta.session = {
          ...rest,
          modalities,
          voice,
          input_audio_format: audio.input.format.type === "audio/pcmu" ? "g711_ulaw" : "pcm16",
          turn_detection: audio.input.turn_detection,
        };
      }
      received!.push(beta);
      return beta;
    },
  });
  const noting: Dial = (request) => {
    requests!.push(request);
    const url = new URL("wss://fake.example/v1/realtime?model=gpt-realtime");
    return dial({ ...request, url, headers: new Headers({ authorization: "Bearer sk-test" }) });
  };
  return { dial: noting, sent: sent!, received: received!, requests: requests! };
}

Deno.test("the Azure Voice Live example holds a conversation with the beta names", async () => {
  const { dial, sent, received, requests } = voiceLiveServer();
  const sum = defineTool({ name: "sum", run: () => 5 });
  const session = await connectVoiceLive("https://my.example", "azure-key", {
    dial,
    model: "gpt-realtime",
    instructions: "Be brief.",
    voice: "marin",
    turnDetection: null,
    outputModalities: ["text"],
    tools: [sum],
    session: { audio: { input: { format: { type: "audio/pcmu" } } } },
  });
  const [{ url, headers }] = requests;
  assertEquals(`${url}`, "wss://my.example/voice-live/realtime?model=gpt-realtime&api-version=2025-10-01");
  assertEquals([...headers], [["api-key", "azure-key"]]);
  assertEquals(sent[0].session, {
    instructions: "Be brief.",
    modalities: ["text"],
    input_audio_format: "g711_ulaw",
    turn_detection: null,
    voice: "marin",
    tools: [sum.definition],
  });
  const audio = session.config?.audio as Frame;
  assertEquals([audio.input.format, audio.input.turn_detection, audio.output.voice], [
    { type: "audio/pcmu" },
    null,
    "marin",
  ]);
  await session.addItem({ type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello" }] });
  const outcome = await session.ask("How are you?", { outputModalities: ["text"] });
  assertEquals(outcome.status, "completed");
  const [user, said, answer] = session.conversation.getSnapshot().slice(-3).map((
    { text, final },
  ) => [text.length > 0, final]);
  assertEquals([user, said, answer], [[true, true], [true, true], [true, true]]);
  assertEquals(sent.find(({ type }) => type === "response.create").response.modalities, ["text"]);
  assert(received.some(({ type }) => type === "response.text.delta"));
  assert(received.some(({ type }) => type === "conversation.item.created"));
  assert(!sent.some((frame) => /output_text|output_modalities|"audio"/.test(JSON.stringify(frame))));
  await session.close();
});

Deno.test("the dialect of Azure Voice Live maps the beta names, and keeps unknown events", () => {
  const { toServer, fromServer } = VOICE_LIVE;
  const names: readonly (readonly [string, string])[] = [
    ["response.audio.delta", "response.output_audio.delta"],
    ["response.audio_transcript.done", "response.output_audio_transcript.done"],
    ["response.animation_viseme.delta", "response.animation_viseme.delta"],
  ];
  for (const [theirs, ours] of names) assertEquals(fromServer({ type: theirs, x: 1 }), { type: ours, x: 1 });
  const session: DialectFrame = { modalities: ["text", "audio"], input_audio_sampling_rate: 24_000 };
  assertEquals(fromServer({ type: "session.updated", session }).session, {
    type: "realtime",
    output_modalities: ["audio"],
    input_audio_sampling_rate: 24_000,
    audio: { input: {}, output: {} },
  });
  const append = { type: "input_audio_buffer.append", audio: "AAAA" };
  assertEquals(toServer(append), append);
});

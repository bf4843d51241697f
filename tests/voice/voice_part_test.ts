import { assertEquals } from "@std/assert";
import { connectTranscription, defineTool, guardTranscript, type OpenSessionOptions, VoiceSession } from "../../mod.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { functionCallEvents, open, responseCreated } from "../session/_fake_server.ts";

const SPEECH = { type: "input_audio_buffer.speech_started", audio_start_ms: 0, item_id: "item_1" };
const FAILING = defineTool({
  name: "failing",
  run: () => {
    throw new Error("No line");
  },
});
const CALL = [responseCreated("resp_1"), ...functionCallEvents("resp_1", "call_1", "failing")];

/** A session with a voice, and the unhandled errors. */
async function openVoice(options: OpenSessionOptions = {}) {
  const unhandled: string[] = [];
  const onUnhandled = (error: unknown, { type }: { readonly type: string }) =>
    void unhandled.push(`${type} ${(error as Error).message}`);
  const { server, session } = await open({ ...options, onUnhandled });
  return { server, session, unhandled, voice: new VoiceSession(session, { clock: server.clock }) };
}

Deno.test("a voice error without readers and listeners goes to onUnhandled", async () => {
  const { server, unhandled, voice } = await openVoice();
  voice.on("speech_started", () => {
    throw new Error("Broken");
  });
  server.emit(SPEECH);
  await server.settle();
  assertEquals(unhandled, ["listener_failed Broken"]);
  const microphone = new ReadableStream({ pull: () => Promise.reject(new Error("Unplugged")) });
  void voice.pipe({ from: microphone });
  await server.settle();
  assertEquals(unhandled.slice(1), ["listener_failed Unplugged"]);
  await voice.close();
});

Deno.test("a voice error with a reader or listener counts as handled", async () => {
  const { server, unhandled, voice } = await openVoice({ tools: [FAILING] });
  const heard: string[] = [];
  voice.on("listener_failed", ({ eventType }) => heard.push(eventType));
  voice.on("tool_call_failed", ({ name }) => heard.push(name));
  voice.on("speech_started", () => {
    throw new Error("Broken");
  });
  server.emit(SPEECH, ...CALL);
  await server.settle();
  assertEquals([heard, unhandled], [["speech_started", "failing"], []]);
  await voice.close();
});

Deno.test("voice events include tool reports while the session ends, followed by closed", async () => {
  const slow = defineTool({ name: "failing", run: () => new Promise(() => {}) });
  const { server, unhandled, voice } = await openVoice({ tools: [slow] });
  const events = voice.events();
  server.emit(...CALL);
  await server.settle();
  await voice.close();
  const types = (await Array.fromAsync(events)).map(({ type }) => type);
  assertEquals(types.slice(-3), ["tool_call_started", "tool_call_failed", "closed"]);
  assertEquals(unhandled, []);
});

Deno.test("an event whose type is a built-in JavaScript property name does not break a voice", async () => {
  const { server, unhandled, voice } = await openVoice();
  for (const type of ["__proto__", "constructor", "toString", "hasOwnProperty"]) server.emit({ type });
  await server.settle();
  assertEquals(unhandled, []);
  await voice.close();
});

Deno.test("a guard and a transcription do not keep errors from onUnhandled", async () => {
  const { server, session, unhandled } = await openVoice({ tools: [FAILING] });
  guardTranscript(session, { check: () => undefined, onError: () => {} });
  server.emit(...CALL);
  await server.settle();
  assertEquals(unhandled, ["tool_call_failed No line"]);
  await session.close();

  const reported: unknown[] = [];
  const transcription = await connectTranscription({
    apiKey: "sk-test",
    dial: createSimulator().dial,
    onUnhandled: (error) => void reported.push(error),
  });
  const wrong = new Error("Wrong");
  transcription.session.install({
    name: "bad",
    install: () => ({
      onSent: () => {
        throw wrong;
      },
    }),
  });
  transcription.session.send({ type: "input_audio_buffer.clear" });
  assertEquals(reported, [wrong]);
  await transcription.close();
});

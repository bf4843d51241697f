import { assertEquals } from "@std/assert";
import { defineTool, type VoiceOptions, VoiceSession } from "../../mod.ts";
import {
  acknowledgeItem,
  CANCELLED,
  functionCallEvents,
  open,
  responseCreated,
  responseDone,
} from "../session/_fake_server.ts";

const VAD = { type: "server_vad", create_response: true, interrupt_response: true };
const speech = (state: "started" | "stopped") => ({
  type: `input_audio_buffer.speech_${state}`,
  audio_start_ms: 0,
  audio_end_ms: 0,
  item_id: "item_user",
});

/** A voice session with a running tool that opted in to being aborted when the user interrupts. */
async function openWithTool(options: VoiceOptions) {
  const state = { aborted: false };
  const tool = defineTool({
    name: "pay",
    onInterrupt: "abort",
    run: (_args: unknown, { signal }) =>
      new Promise((resolve) =>
        signal.addEventListener("abort", () => {
          state.aborted = true;
          resolve(0);
        })
      ),
  });
  const { server, session } = await open({ tools: [tool] });
  const audio = { input: { turn_detection: VAD } };
  server.emit({ type: "session.updated", session: { type: "realtime", id: "sess_1", audio } });
  const voice = new VoiceSession(session, { clock: server.clock, ...options });
  server.emit(responseCreated("r"), ...functionCallEvents("r", "c", "pay"), responseDone("r"));
  await server.settle();
  return { server, state, voice };
}

Deno.test("VoiceSession with minBargeInMs aborts tools only when speech lasts long enough", async () => {
  const { server, state, voice } = await openWithTool({ minBargeInMs: 500 });
  server.emit(speech("started"));
  await server.clock.advance(200);
  server.emit(speech("stopped"));
  await server.clock.advance(1000);
  assertEquals(state.aborted, false);
  server.emit(speech("started"));
  await server.clock.advance(499);
  assertEquals(state.aborted, false);
  await server.clock.advance(1);
  assertEquals(state.aborted, true);
  await voice.close();
});

Deno.test("VoiceSession with autoBargeIn: false is interrupted by bargeIn(), not by speech", async () => {
  const { server, state, voice } = await openWithTool({ autoBargeIn: false });
  server.emit(speech("started"));
  await server.clock.advance(5000);
  server.emit(speech("stopped"));
  await server.settle();
  assertEquals(state.aborted, false);
  await voice.bargeIn();
  assertEquals(state.aborted, true);
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  await voice.close();
});

Deno.test("VoiceSession treats a server-side cut as an interruption even with autoBargeIn: false", async () => {
  const { server, state, voice } = await openWithTool({ autoBargeIn: false, playbackSource: "server" });
  server.emit(responseCreated("s"), { type: "output_audio_buffer.started", response_id: "s" }, speech("started"));
  await server.settle();
  assertEquals(state.aborted, false);
  server.emit({ type: "output_audio_buffer.cleared", response_id: "s" }, responseDone("s", CANCELLED));
  await server.settle();
  assertEquals(state.aborted, true);
  await voice.close();
});

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { InputTail } from "../../../src/session/_recovery/input_tail.ts";

// 100 ms of PCM at 24 kHz in base64.
const CHUNK = "A".repeat(6400);

const configOf = (turn_detection: unknown) => ({ audio: { input: { turn_detection } } });

function tailOf(config: unknown, seconds: number): InputTail {
  const tail = new InputTail();
  for (let i = 0; i < seconds * 10; i++) tail.send({ type: "input_audio_buffer.append", audio: CHUNK }, config);
  return tail;
}

Deno.test("InputTail keeps few seconds of a silent user, where the server finds turns", () => {
  const config = configOf({ type: "server_vad" });
  const tail = tailOf(config, 60);
  tail.receive({ type: "input_audio_buffer.speech_started", audio_start_ms: 40_000 });
  const { audio, lostMs } = tail.take(config);
  assertEquals(audio.length, 50);
  assertAlmostEquals(lostMs, 15_000, 1);
});

Deno.test("InputTail keeps a minute of a user who speaks, and of one whose turns the client finds", () => {
  const config = configOf({ type: "server_vad" });
  const tail = tailOf(config, 3);
  tail.receive({ type: "input_audio_buffer.speech_started", audio_start_ms: 1000 });
  for (let i = 0; i < 400; i++) tail.send({ type: "input_audio_buffer.append", audio: CHUNK }, config);
  const { audio, lostMs } = tail.take(config);
  assertEquals([audio.length, lostMs], [420, 0]);
  assertEquals(tailOf(configOf(null), 50).take(configOf(null)).audio.length, 500);
  assertEquals(tailOf(configOf(null), 120).take(configOf(null)).audio.length, 600);
});

Deno.test("InputTail knows what is committed of the item that is made, where the server tells no commits", () => {
  const item = { id: "item_1", type: "message", role: "user", content: [{ type: "input_audio" }] };
  for (const isTold of [true, false]) {
    const config = configOf(null);
    const tail = tailOf(config, 2);
    const words = { ...item, content: [{ type: "input_text", text: "Hi." }] };
    tail.receive({ type: "conversation.item.created", item });
    tail.send({ type: "input_audio_buffer.commit", event_id: "event_1" }, config);
    tail.send({ type: "input_audio_buffer.append", audio: CHUNK }, config);
    tail.receive({ type: "conversation.item.created", item: words });
    if (isTold) tail.receive({ type: "input_audio_buffer.committed", item_id: "item_1" });
    tail.receive({ type: "conversation.item.created", item });
    tail.receive({ type: "conversation.item.created", item });
    assertEquals(tail.take(config).audio.length, 1, `told: ${isTold}`);
  }
  const config = configOf({ type: "server_vad" });
  const tail = tailOf(config, 3);
  tail.receive({ type: "input_audio_buffer.speech_started", audio_start_ms: 500 });
  tail.receive({ type: "input_audio_buffer.speech_stopped", audio_end_ms: 2_500 });
  tail.receive({ type: "conversation.item.created", item });
  assertEquals(tail.take(config).audio.length, 5);
});

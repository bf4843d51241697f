import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { ClientEvent } from "../../../src/protocol/mod.ts";
import { decodeInto } from "../../../src/session/_recovery/decode_into.ts";
import { InputTail } from "../../../src/session/_recovery/input_tail.ts";

// 100 ms of PCM at 24 kHz in base64.
const CHUNK = "A".repeat(6400);

/** A session at this time, whose line still has some bytes to send. */
const hostAt = (ms: number, config: unknown, bufferedAmount = 0) => ({
  clock: { now: () => ms },
  config,
  generations: { connection: { transport: { bufferedAmount } } },
});

const configOf = (turn_detection: unknown) => ({ audio: { input: { turn_detection } } });

function speak(tail: InputTail, config: unknown, seconds: number): void {
  for (let i = 0; i < seconds * 10; i++) tail.send({ type: "input_audio_buffer.append", audio: CHUNK }, config);
}

function tailOf(config: unknown, seconds: number): InputTail {
  const tail = new InputTail();
  speak(tail, config, seconds);
  return tail;
}

Deno.test("InputTail keeps few seconds of a silent user if the server detects turns and responds", () => {
  const config = configOf({ type: "server_vad" });
  const tail = new InputTail();
  for (let i = 0; i < 600; i++) {
    tail.send({ type: "input_audio_buffer.append", audio: CHUNK }, config);
    if (i % 3 === 0) tail.hear(hostAt(i * 100, config));
  }
  tail.receive({ type: "input_audio_buffer.speech_started", audio_start_ms: 40_000 }, 60_000);
  const { again, lostMs } = tail.take(60_000);
  assert(again.length >= 24 && again.length <= 30, `${again.length}`);
  assertAlmostEquals(lostMs, 20_000 - again.length * 100, 1);
});

Deno.test("InputTail keeps up to a minute of audio that an unresponsive server may not have processed", () => {
  const config = configOf({ type: "server_vad" });
  let tail = tailOf(config, 5);
  for (const ms of [5000, 6000]) tail.hear(hostAt(ms, config));
  speak(tail, config, 40);
  // After a stall everything arrives at once, and shows nothing about the audio of that time.
  for (const _ of [1, 2, 3]) tail.hear(hostAt(45_000, config));
  const { again, lostMs } = tail.take(45_000);
  assertEquals([again.length, lostMs], [418, 0]);
  const resend = (events: readonly ClientEvent[]) => {
    tail = new InputTail();
    for (const event of events) tail.send(event, config);
  };
  resend(again);
  // The next connection has had it for no time at all.
  tail.hear(hostAt(46_000, config));
  const rest = tail.take(46_000).again;
  assertEquals(rest.length, 418);
  resend(rest);
  speak(tail, config, 40);
  const later = tail.take(90_000);
  assertEquals([later.again.length, Math.round(later.lostMs)], [600, 21_800]);
});

Deno.test("InputTail keeps a minute of a speaking user, and of one whose turns the client detects", () => {
  const config = configOf({ type: "server_vad" });
  const tail = tailOf(config, 3);
  tail.receive({ type: "input_audio_buffer.speech_started", audio_start_ms: 1000 }, 0);
  for (let second = 1; second <= 40; second++) {
    speak(tail, config, 1);
    tail.hear(hostAt(second * 1000, config));
  }
  const { again, lostMs } = tail.take(0);
  assertEquals([again.length, lostMs], [420, 0]);
  assertEquals(tailOf(configOf(null), 50).take(0).again.length, 500);
  assertEquals(tailOf(configOf(null), 120).take(0).again.length, 600);
});

Deno.test("InputTail keeps audio that was sent within a moment, however often the server is heard in it", () => {
  const config = configOf({ type: "server_vad" });
  const tail = tailOf(config, 5);
  tail.hear(hostAt(5000, config));
  speak(tail, config, 5);
  for (const ms of [5001, 5002]) {
    tail.hear(hostAt(ms, config));
    speak(tail, config, 5);
  }
  assertEquals(tail.take(5002).again.length, 200);
});

Deno.test("InputTail keeps speech from its first start, until it is committed", () => {
  const config = configOf({ type: "server_vad" });
  const tail = tailOf(config, 3);
  assertEquals(tail.isSpeaking(config), false);
  for (const audio_start_ms of [1000, 2000]) {
    tail.receive({ type: "input_audio_buffer.speech_started", audio_start_ms }, 0);
    tail.receive({ type: "input_audio_buffer.speech_stopped", audio_end_ms: audio_start_ms + 500 }, 0);
    assertEquals(tail.isSpeaking(config), true);
  }
  assertEquals(tail.take(0).again.length, 20);
});

Deno.test("InputTail counts speech that a browser sent as lost from its first start", () => {
  const tail = new InputTail();
  for (const ms of [1000, 3000]) tail.receive({ type: "input_audio_buffer.speech_started", audio_start_ms: ms }, ms);
  assertEquals(tail.take(4000), { again: [], lostMs: 3000 });
  assertEquals(new InputTail().take(4000), { again: [], lostMs: 0 });
});

Deno.test("InputTail drops all audio with a turn whose end the server does not tell", () => {
  const config = configOf({ type: "server_vad" });
  const tail = tailOf(config, 1);
  tail.receive({ type: "input_audio_buffer.speech_started" }, 0);
  tail.receive({ type: "input_audio_buffer.speech_stopped" }, 0);
  tail.receive({ type: "input_audio_buffer.committed" }, 0);
  assertEquals(tail.take(0).again.length, 0);
});

Deno.test("InputTail counts no committed audio as lost when the server omits where speech starts", () => {
  const config = configOf({ type: "server_vad" });
  const tail = tailOf(config, 3);
  tail.receive({ type: "input_audio_buffer.committed" }, 0);
  speak(tail, config, 2);
  tail.receive({ type: "input_audio_buffer.speech_started" }, 0);
  const { again, lostMs } = tail.take(0);
  assertEquals([again.length, lostMs], [20, 0]);
});

Deno.test("InputTail drops the audio of each commit, and no other", () => {
  const config = configOf({ type: "server_vad" });
  const refusal = (event_id: string) => ({ type: "error", error: { event_id } });
  const commit = { type: "input_audio_buffer.commit", event_id: "event_1" } as const;
  const committed = { type: "input_audio_buffer.committed" };
  const cases: readonly (readonly [string, (tail: InputTail) => void, kept: number])[] = [
    ["the audio after a commit", (tail) => tail.receive(committed, 0), 10],
    ["an error of another event", (tail) => {
      tail.receive(refusal("event_2"), 0);
      tail.receive(committed, 0);
    }, 10],
    ["a refused commit, then a turn", (tail) => {
      tail.receive(refusal("event_1"), 0);
      tail.receive(committed, 0);
    }, 0],
    ["a commit, then a turn", (tail) => {
      tail.receive(committed, 0);
      tail.receive(committed, 0);
    }, 0],
    ["a turn, then the commit", (tail) => {
      tail.receive({ type: "input_audio_buffer.speech_stopped", audio_end_ms: 500 }, 0);
      tail.receive(committed, 0);
      tail.receive(committed, 0);
    }, 10],
  ];
  for (const [name, receive, kept] of cases) {
    const tail = tailOf(config, 1);
    tail.send(commit, config);
    speak(tail, config, 1);
    receive(tail);
    assertEquals(tail.take(0).again.length, kept, name);
  }
});

Deno.test("InputTail drops nothing for an audio item that is no commit", () => {
  const tail = tailOf(configOf(null), 1);
  const content = [{ type: "input_audio" }];
  tail.receive({ type: "conversation.item.created", item: { type: "message", role: "user", content } }, 0);
  assertEquals(tail.take(0).again.length, 10);
});

Deno.test("InputTail treats a created audio item as a commit if the server sends no committed event", () => {
  const item = { id: "item_1", type: "message", role: "user", content: [{ type: "input_audio" }] };
  for (const isTold of [true, false]) {
    const config = configOf(null);
    const tail = tailOf(config, 2);
    const words = { ...item, content: [{ type: "input_text", text: "Hi." }] };
    tail.receive({ type: "conversation.item.created", item }, 0);
    tail.send({ type: "input_audio_buffer.commit", event_id: "event_1" }, config);
    tail.send({ type: "input_audio_buffer.append", audio: CHUNK }, config);
    tail.receive({ type: "conversation.item.created", item: words }, 0);
    if (isTold) tail.receive({ type: "input_audio_buffer.committed", item_id: "item_1" }, 0);
    tail.receive({ type: "conversation.item.created", item }, 0);
    tail.receive({ type: "conversation.item.created", item }, 0);
    assertEquals(tail.take(0).again.length, 1, `told: ${isTold}`);
  }
  const config = configOf({ type: "server_vad" });
  const tail = tailOf(config, 3);
  tail.receive({ type: "input_audio_buffer.speech_started", audio_start_ms: 500 }, 0);
  tail.receive({ type: "input_audio_buffer.speech_stopped", audio_end_ms: 2_500 }, 0);
  tail.receive({ type: "conversation.item.created", item }, 0);
  assertEquals(tail.take(0).again.length, 5);
});

Deno.test("InputTail uses the item of a reported commit for no other commit", () => {
  const config = configOf(null);
  const tail = tailOf(config, 1);
  const commit = (id: string) => tail.send({ type: "input_audio_buffer.commit", event_id: id }, config);
  const item = { id: "item_1", type: "message", role: "user", content: [{ type: "input_audio" }] };
  commit("event_1");
  tail.receive({ type: "input_audio_buffer.committed", item_id: "item_1" }, 0);
  // The next commit has waited for that answer, and is sent before the item arrives.
  speak(tail, config, 0.1);
  commit("event_2");
  speak(tail, config, 0.1);
  tail.receive({ type: "conversation.item.created", item }, 0);
  assertEquals(tail.take(0).again.length, 2);
});

Deno.test("InputTail returns the audio as it was sent, of any lengths, in order", () => {
  const config = configOf({ type: "server_vad" });
  const tail = new InputTail();
  const sent: string[] = [];
  const send = (length: number) => {
    const audio = crypto.getRandomValues(new Uint8Array(length)).toBase64();
    tail.send({ type: "input_audio_buffer.append", audio }, config);
    sent.push(audio);
  };
  // Memory is reused for chunks of the same length, and of another one.
  for (let i = 0; i < 700; i++) {
    send(i % 5 === 0 ? 4800 : 1 + i * 7 % 4800);
    tail.hear(hostAt(i * 100, config));
  }
  for (let i = 700; i < 900; i++) {
    send(4800);
    tail.hear(hostAt(i * 100, config));
  }
  const { again, lostMs } = tail.take(90_000);
  assert(again.length >= 18, `${again.length}`);
  assertEquals([again.map((event) => "audio" in event && event.audio), lostMs], [sent.slice(-again.length), 0]);
});

Deno.test("InputTail keeps no audio that the server refuses, as it is not base64", () => {
  const tail = new InputTail();
  for (const audio of [CHUNK, "no base64!", CHUNK]) {
    tail.send({ type: "input_audio_buffer.append", audio }, configOf(null));
  }
  const { again, lostMs } = tail.take(0);
  assertEquals([again.map((event) => "audio" in event && event.audio), lostMs], [[CHUNK, CHUNK], 0]);
});

Deno.test("InputTail keeps what a congested line has not sent", () => {
  const config = configOf({ type: "server_vad" });
  const tail = new InputTail();
  for (let i = 0; i < 200; i++) {
    tail.send({ type: "input_audio_buffer.append", audio: CHUNK }, config);
    // From 10 s on, nothing leaves, while the model is still heard.
    tail.hear(hostAt(i * 100, config, CHUNK.length * Math.max(0, i - 100)));
  }
  const { again, lostMs } = tail.take(20_000);
  assert(again.length >= 99 + 18 && again.length <= 99 + 30, `${again.length}`);
  assertEquals(lostMs, 0);
  // A second late, and no later.
  const late = new InputTail();
  for (let i = 0; i < 200; i++) {
    late.send({ type: "input_audio_buffer.append", audio: CHUNK }, config);
    late.hear(hostAt(i * 100, config, CHUNK.length * 10));
  }
  const { length } = late.take(20_000).again;
  assert(length >= 10 + 18 && length <= 10 + 30, `${length}`);
});

Deno.test("decodeInto() decodes into the given memory, with and without the runtime's own function", () => {
  for (const length of [0, 1, 2, 3, 4800]) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    for (const native of [{}, { setFromBase64: undefined }]) {
      const memory = Object.assign(new Uint8Array(length + 5).fill(7), native);
      assertEquals(decodeInto(memory, bytes.toBase64()), length);
      assertEquals([...memory], [...bytes, 7, 7, 7, 7, 7]);
      assertThrows(() => decodeInto(memory, "!"), SyntaxError);
    }
  }
});

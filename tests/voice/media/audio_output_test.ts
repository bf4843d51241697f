import { assertEquals, assertRejects } from "@std/assert";
import type { Clock } from "../../../src/_internal/clock.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import type { AudioChunk } from "../../../src/voice/audio_chunk.ts";
import { AudioOutput } from "../../../src/voice/_media/audio_output.ts";
import { PlayoutRecords } from "../../../src/voice/_media/playout_records.ts";

function chunkOf(itemId: string, durationMs: number): AudioChunk {
  const place = { responseId: "resp_1", outputIndex: 0, contentIndex: 0, startMs: 0 };
  return { itemId, ...place, durationMs, bytes: new Uint8Array(48 * durationMs) };
}

function setUp(isPaced = true, leadMs = 200) {
  const clock = createVirtualClock();
  const records = new PlayoutRecords({ clock });
  const output = new AudioOutput({ records, isPaced, leadMs, clock });
  const push = (ms: number, itemId = "item_1", pieceMs = 40) => {
    for (let sentMs = 0; sentMs < ms; sentMs += pieceMs) {
      const chunk = chunkOf(itemId, pieceMs);
      records.receive(records.begin({ ...chunk, inConversation: true }), pieceMs);
      output.push(chunk);
    }
  };
  return { clock, records, output, push };
}

/** Reads continuously, and counts the audio taken. */
function reading(stream: ReadableStream<AudioChunk>) {
  const state = { takenMs: 0, items: [] as string[], ended: false };
  (async () => {
    for await (const chunk of stream) {
      state.takenMs += chunk.durationMs;
      state.items.push(chunk.itemId);
    }
    state.ended = true;
  })();
  return state;
}

Deno.test("AudioOutput emits audio at most leadMs ahead of the playhead, which follows the clock", async () => {
  const { clock, records, output, push } = setUp();
  const reader = reading(output.stream);
  push(2000);
  await clock.advance(0);
  assertEquals(reader.takenMs, 200);
  for (let ms = 100; ms <= 1000; ms += 100) {
    await clock.advance(100);
    output.sync();
    assertEquals(records.get("item_1")?.heardMs, ms);
    assertEquals(reader.takenMs <= ms + 200, true);
    assertEquals(reader.takenMs > ms, true);
  }
  output.end();
  await clock.advance(2000);
  assertEquals(reader, { takenMs: 2000, items: Array(50).fill("item_1"), ended: true });
});

Deno.test("AudioOutput takes one timer for what waits, however many pieces arrive meanwhile", async () => {
  const clock = createVirtualClock();
  let timers = 0;
  const counting: Clock = {
    now: () => clock.now(),
    schedule(callback, ms) {
      timers++;
      return clock.schedule(callback, ms);
    },
  };
  const output = new AudioOutput({
    records: new PlayoutRecords({ clock }),
    isPaced: true,
    leadMs: 200,
    clock: counting,
  });
  const reader = reading(output.stream);
  for (let i = 0; i < 100; i++) {
    output.push(chunkOf("item_1", 40));
    await clock.advance(0);
  }
  assertEquals([reader.takenMs, timers], [200, 1]);
  await clock.advance(1000);
  assertEquals([reader.takenMs, timers], [1200, 26]);
});

Deno.test("AudioOutput does not delay a response that another one waits for", async () => {
  const { clock, output } = setUp();
  const reader = reading(output.stream);
  const push = (responseId: string) => output.push({ ...chunkOf(`item_of_${responseId}`, 40), responseId });
  for (const responseId of ["first", "second"]) push(responseId);
  await clock.advance(0);
  // The first may have more, so the second waits for it.
  assertEquals(reader.items, ["item_of_first"]);
  push("first");
  await clock.advance(0);
  assertEquals(reader.items, ["item_of_first", "item_of_first"]);
});

Deno.test("AudioOutput pauses the playhead while there is no reader", async () => {
  const { clock, records, output, push } = setUp();
  push(1000);
  await clock.advance(5000);
  output.sync();
  assertEquals(records.get("item_1")?.heardMs, 0);
  output.end();
});

Deno.test("AudioOutput resumes at the right position after an underrun", async () => {
  const { clock, records, output, push } = setUp();
  reading(output.stream);
  push(200);
  await clock.advance(1000);
  output.sync();
  assertEquals(records.get("item_1")?.heardMs, 200);
  push(400);
  await clock.advance(100);
  output.sync();
  assertEquals(records.get("item_1")?.heardMs, 300);
  output.end();
  await clock.advance(1000);
});

Deno.test("AudioOutput.clear() discards everything that the reader has not taken", async () => {
  const { clock, output, push } = setUp();
  const reader = reading(output.stream);
  push(2000);
  await clock.advance(500);
  const taken = reader.takenMs;
  assertEquals(taken <= 700, true);
  output.clear();
  await clock.advance(3000);
  assertEquals(reader.takenMs, taken);
  push(400, "item_2");
  await clock.advance(0);
  assertEquals(reader.items.at(-1), "item_2");
  output.end();
  await clock.advance(1000);
});

Deno.test("AudioOutput with reported playback emits audio at once, and waits for reports to count it as heard", async () => {
  const { clock, records, output, push } = setUp(false);
  const reader = reading(output.stream);
  push(2000);
  await clock.advance(5000);
  output.sync();
  assertEquals(reader.takenMs, 2000);
  assertEquals(records.get("item_1")?.heardMs, 0);
  output.end();
  await clock.advance(0);
});

Deno.test("AudioOutput emits a piece that is longer than the lead", async () => {
  const { clock, output, push } = setUp(true, 10);
  const reader = reading(output.stream);
  push(80);
  await clock.advance(39);
  assertEquals(reader.takenMs, 40);
  await clock.advance(1);
  assertEquals(reader.takenMs, 80);
  output.end();
  await clock.advance(1000);
});

Deno.test("AudioOutput gives each of several pending reads one piece, when it is due", async () => {
  const { clock, output, push } = setUp();
  const reader = output.stream.getReader();
  const taken: number[] = [];
  for (let index = 0; index < 7; index++) reader.read().then(() => taken.push(clock.now()));
  push(240);
  await clock.advance(0);
  assertEquals(taken, [0, 0, 0, 0, 0]);
  await clock.advance(1000);
  assertEquals(taken, [0, 0, 0, 0, 0, 40]);
  push(40);
  await clock.advance(0);
  assertEquals(taken, [0, 0, 0, 0, 0, 40, 1000]);
});

Deno.test("AudioOutput drops audio after its reader cancels, and leaves no timer behind", async () => {
  const { clock, output, push } = setUp();
  push(1000);
  const reader = output.stream.getReader();
  await reader.read();
  await reader.cancel();
  push(1000);
  await clock.advance(5000);
  assertEquals(clock.pending, 0);
});

Deno.test("AudioOutput.fail() discards queued audio, and errors the stream", async () => {
  const { output, push } = setUp();
  const reader = output.stream.getReader();
  push(400);
  assertEquals((await reader.read()).value?.durationMs, 40);
  assertEquals(output.waitingMs, 360);
  output.fail(new DOMException("Too much"));
  push(4000);
  assertEquals([output.waitingMs, output.isOver], [0, false]);
  await assertRejects(() => reader.read(), DOMException, "Too much");
});

Deno.test("AudioOutput ends when its last audio was heard, not when it was taken", async () => {
  const { clock, records, output, push } = setUp();
  const reader = reading(output.stream);
  push(120);
  output.end();
  await clock.advance(119);
  assertEquals([reader.takenMs, reader.ended, output.isOver], [120, false, false]);
  await clock.advance(1);
  assertEquals([reader.ended, output.isOver, records.unheardMs, clock.pending], [true, true, 0, 0]);
});

Deno.test("AudioOutput tracks heardMs per item, even when their pieces interleave", async () => {
  const { clock, records, output, push } = setUp();
  reading(output.stream);
  for (let i = 0; i < 5; i++) for (const itemId of ["item_1", "item_2"]) push(40, itemId);
  await clock.advance(100);
  output.sync();
  assertEquals(records.items.map(({ heardMs }) => heardMs), [60, 40]);
  output.end();
  await clock.advance(300);
});

Deno.test("AudioOutput falls silent at the end of pieces whose durations are not whole milliseconds", async () => {
  const { clock, records, output, push } = setUp();
  const reader = reading(output.stream);
  push(100 / 3 * 30, "item_1", 100 / 3);
  push(0.7, "item_2", 0.1);
  await clock.advance(1002);
  assertEquals([records.unheardMs, output.waitingMs], [0, 0]);
  for (const { itemId } of records.items) records.complete(itemId);
  assertEquals(records.cut(), []);
  output.end();
  await clock.advance(0);
  assertEquals(reader.ended, true);
});

/** A piece of a response. */
function pieceOf(responseId: string, durationMs = 40): AudioChunk {
  return { ...chunkOf(`${responseId}_item`, durationMs), responseId };
}

Deno.test("AudioOutput emits simultaneous responses one after the other", async () => {
  for (const isPaced of [true, false]) {
    const { clock, output } = setUp(isPaced);
    const reader = reading(output.stream);
    for (let i = 0; i < 20; i++) {
      output.push(pieceOf("resp_1"));
      output.push(pieceOf("resp_2"));
    }
    await clock.advance(500);
    assertEquals(new Set(reader.items), new Set(["resp_1_item"]));
    output.complete("resp_1");
    output.complete("resp_2");
    await clock.advance(2000);
    assertEquals(reader.items, [...Array(20).fill("resp_1_item"), ...Array(20).fill("resp_2_item")]);
    output.end();
    await clock.advance(100);
    assertEquals([reader.ended, clock.pending], [true, 0]);
  }
});

Deno.test("AudioOutput emits the next response when the previous one stalls, and its late audio afterwards", async () => {
  for (const isPaced of [true, false]) {
    const { clock, output } = setUp(isPaced);
    const reader = reading(output.stream);
    output.push(pieceOf("resp_1", 100));
    output.push(pieceOf("resp_2", 100));
    await clock.advance(isPaced ? 1099 : 999);
    assertEquals(reader.items, ["resp_1_item"]);
    await clock.advance(1);
    assertEquals(reader.items, ["resp_1_item", "resp_2_item"]);
    output.push(pieceOf("resp_1", 100));
    await clock.advance(200);
    assertEquals(reader.items.length, 2);
    output.complete("resp_2");
    await clock.advance(0);
    assertEquals(reader.items.at(-1), "resp_1_item");
    output.end();
    await clock.advance(1000);
    assertEquals([reader.ended, clock.pending], [true, 0]);
  }
});

Deno.test("AudioOutput ends although a response is queued behind one that never ended", async () => {
  const { clock, output } = setUp();
  const reader = reading(output.stream);
  output.push(pieceOf("resp_1", 100));
  output.push(pieceOf("resp_2", 100));
  output.end();
  await clock.advance(200);
  assertEquals([reader.takenMs, reader.ended], [200, true]);
});

Deno.test("AudioOutput.move() hands over the queued audio of one response, in order", async () => {
  const { clock, output } = setUp();
  const { output: other } = setUp();
  for (let i = 0; i < 5; i++) {
    output.push(pieceOf("resp_1"));
    output.push(pieceOf("resp_2"));
  }
  output.move("resp_1", other);
  assertEquals([output.waitingMs, other.waitingMs], [200, 200]);
  output.move("resp_unknown", other);
  output.complete("resp_2");
  output.end();
  const reader = reading(output.stream);
  await clock.advance(1000);
  assertEquals(reader.items, Array(5).fill("resp_2_item"));
});

Deno.test("AudioOutput takes a piece in constant time, however long the queue is", () => {
  /** How often the queue is inspected while a piece is added. */
  const looksAt = (waiting: number) => {
    let looks = 0;
    const { output } = setUp();
    for (let i = 0; i < waiting; i++) {
      const piece = chunkOf("item_1", 40);
      output.push(Object.defineProperty({ ...piece }, "durationMs", { get: () => (looks++, 40) }));
    }
    looks = 0;
    for (let i = 0; i < 10; i++) output.push(chunkOf("item_1", 40));
    assertEquals(output.waitingMs, (waiting + 10) * 40);
    return looks;
  };
  assertEquals([looksAt(10), looksAt(10_000)], [0, 0]);
});

import { assertEquals, assertRejects } from "@std/assert";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import type { AudioChunk } from "../../src/voice/audio_chunk.ts";
import { AudioOutput, type PlaybackSource } from "../../src/voice/_audio_output.ts";
import { PlaybackLedger } from "../../src/voice/playback_ledger.ts";

function chunkOf(itemId: string, durationMs: number): AudioChunk {
  const place = { responseId: "resp_1", outputIndex: 0, contentIndex: 0, startMs: 0 };
  return { itemId, ...place, durationMs, bytes: new Uint8Array(48 * durationMs) };
}

function setUp(source: PlaybackSource = "paced", leadMs = 200) {
  const clock = createVirtualClock();
  const ledger = new PlaybackLedger();
  const output = new AudioOutput({ ledger, source, leadMs, clock });
  const push = (ms: number, itemId = "item_1", pieceMs = 40) => {
    for (let sentMs = 0; sentMs < ms; sentMs += pieceMs) {
      const chunk = chunkOf(itemId, pieceMs);
      ledger.begin(chunk);
      ledger.receive(itemId, pieceMs);
      output.push(chunk);
    }
  };
  return { clock, ledger, output, push };
}

/** Reads for ever, and notes how much has been taken. */
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

Deno.test("AudioOutput lets audio out at most leadMs ahead of the playhead, and hears it at the pace of the clock", async () => {
  const { clock, ledger, output, push } = setUp();
  const reader = reading(output.stream);
  push(2000);
  await clock.advance(0);
  assertEquals(reader.takenMs, 200);
  for (let ms = 100; ms <= 1000; ms += 100) {
    await clock.advance(100);
    output.sync();
    assertEquals(ledger.get("item_1")?.heardMs, ms);
    assertEquals(reader.takenMs <= ms + 200, true);
    assertEquals(reader.takenMs > ms, true);
  }
  output.end();
  await clock.advance(2000);
  assertEquals(reader, { takenMs: 2000, items: Array(50).fill("item_1"), ended: true });
});

Deno.test("AudioOutput stands still while nobody reads", async () => {
  const { clock, ledger, output, push } = setUp();
  push(1000);
  await clock.advance(5000);
  output.sync();
  assertEquals(ledger.get("item_1")?.heardMs, 0);
  output.end();
});

Deno.test("AudioOutput resumes at the right place after the audio ran out", async () => {
  const { clock, ledger, output, push } = setUp();
  reading(output.stream);
  push(200);
  await clock.advance(1000);
  output.sync();
  assertEquals(ledger.get("item_1")?.heardMs, 200);
  push(400);
  await clock.advance(100);
  output.sync();
  assertEquals(ledger.get("item_1")?.heardMs, 300);
  output.end();
  await clock.advance(1000);
});

Deno.test("AudioOutput.clear() leaves nothing stale but what the reader has taken", async () => {
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

Deno.test("AudioOutput with reported playback lets audio out at once and hears nothing by itself", async () => {
  const { clock, ledger, output, push } = setUp("reported");
  const reader = reading(output.stream);
  push(2000);
  await clock.advance(5000);
  output.sync();
  assertEquals(reader.takenMs, 2000);
  assertEquals(ledger.get("item_1")?.heardMs, 0);
  output.end();
  await clock.advance(0);
});

Deno.test("AudioOutput gives out a piece that is longer than the lead", async () => {
  const { clock, output, push } = setUp("paced", 10);
  const reader = reading(output.stream);
  push(80);
  await clock.advance(39);
  assertEquals(reader.takenMs, 40);
  await clock.advance(1);
  assertEquals(reader.takenMs, 80);
  output.end();
  await clock.advance(1000);
});

Deno.test("AudioOutput drops what comes after its reader has gone, and leaves no timer behind", async () => {
  const { clock, output, push } = setUp();
  push(1000);
  const reader = output.stream.getReader();
  await reader.read();
  await reader.cancel();
  push(1000);
  await clock.advance(5000);
  assertEquals(clock.pending, 0);
});

Deno.test("AudioOutput.fail() keeps nothing of what waits, and ends the stream in the error", async () => {
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

Deno.test("AudioOutput ends when the last of it was heard, not when it was taken", async () => {
  const { clock, ledger, output, push } = setUp();
  const reader = reading(output.stream);
  push(120);
  output.end();
  await clock.advance(119);
  assertEquals([reader.takenMs, reader.ended, output.isOver], [120, false, false]);
  await clock.advance(1);
  assertEquals([reader.ended, output.isOver, ledger.unheardMs, clock.pending], [true, true, 0, 0]);
});

Deno.test("AudioOutput hears each item for what was taken of it, in whatever order their pieces come", async () => {
  const { clock, ledger, output, push } = setUp();
  reading(output.stream);
  for (let i = 0; i < 5; i++) for (const itemId of ["item_1", "item_2"]) push(40, itemId);
  await clock.advance(100);
  output.sync();
  assertEquals(ledger.items.map(({ heardMs }) => heardMs), [60, 40]);
  output.end();
  await clock.advance(300);
});

Deno.test("AudioOutput is silent at the end of pieces whose durations are not whole milliseconds", async () => {
  const { clock, ledger, output, push } = setUp();
  const reader = reading(output.stream);
  push(100 / 3 * 30, "item_1", 100 / 3);
  push(0.7, "item_2", 0.1);
  await clock.advance(1002);
  assertEquals([output.isHeard, output.waitingMs], [false, 0]);
  for (const { itemId } of ledger.items) ledger.complete(itemId);
  assertEquals(ledger.cut(), []);
  output.end();
  await clock.advance(0);
  assertEquals(reader.ended, true);
});

Deno.test("AudioOutput counts as heard from the first piece that waits to the end of the last one taken", async () => {
  const { clock, output, push } = setUp();
  reading(output.stream);
  assertEquals(output.isHeard, false);
  push(400);
  assertEquals(output.isHeard, true);
  await clock.advance(399);
  assertEquals(output.isHeard, true);
  await clock.advance(1);
  assertEquals(output.isHeard, false);
  push(400);
  output.clear();
  assertEquals(output.isHeard, false);
  output.end();
  await clock.advance(0);
});

import { assertEquals, assertRejects } from "@std/assert";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import type { AudioChunk } from "../../src/voice/audio_chunk.ts";
import { AudioOutput, type PlaybackSource } from "../../src/voice/_audio_output.ts";
import { PlaybackLedger } from "../../src/voice/playback_ledger.ts";

function setUp(source: PlaybackSource = "paced", leadMs = 200, maxUnheardMs = 600_000) {
  const overflows: DOMException[] = [];
  const clock = createVirtualClock();
  const ledger = new PlaybackLedger();
  const output = new AudioOutput({
    ledger,
    source,
    leadMs,
    maxUnheardMs,
    clock,
    onOverflow: (error) => overflows.push(error),
  });
  let sentMs = 0;
  const push = (ms: number, itemId = "item_1") => {
    for (let pushed = 0; pushed < ms; pushed += 40) {
      const chunk: AudioChunk = {
        itemId,
        responseId: "resp_1",
        outputIndex: 0,
        contentIndex: 0,
        startMs: sentMs,
        durationMs: 40,
        bytes: new Uint8Array(1920),
      };
      sentMs += 40;
      ledger.begin(chunk);
      ledger.receive(itemId, 40);
      output.push(chunk);
    }
  };
  return { clock, ledger, output, push, overflows };
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

Deno.test("AudioOutput ends in an error when its reader stops and more waits than may, and keeps nothing", async () => {
  const { clock, output, push, overflows } = setUp("paced", 200, 1000);
  const reader = output.stream.getReader();
  push(400);
  assertEquals((await reader.read()).value?.durationMs, 40);
  await clock.advance(5000);
  // 360 ms wait; 640 more are allowed, and one piece beyond is not.
  push(640);
  assertEquals([overflows.length, output.isHeard], [0, true]);
  push(40);
  assertEquals(overflows.map(({ name }) => name), ["QuotaExceededError"]);
  push(4000);
  assertEquals([overflows.length, output.isHeard], [1, false]);
  await assertRejects(() => reader.read(), DOMException, "more than 1000 ms");
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

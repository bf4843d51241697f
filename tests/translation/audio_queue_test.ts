import { assertEquals, assertRejects } from "@std/assert";
import { audioLayout } from "../../src/_media/audio_layout.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { AudioQueue } from "../../src/translation/audio_queue.ts";

function open(maxMs: number) {
  const errors: Error[] = [];
  const queue = new AudioQueue({ layout: audioLayout(undefined), maxMs, onOverflow: (error) => errors.push(error) });
  return { errors, queue, reader: queue.stream.getReader() };
}

/** Audio of this length, in milliseconds. */
const audio = (ms: number) => new Uint8Array(ms * 48);

Deno.test("AudioQueue wakes a waiting reader, and limits what waits, not what was read", async () => {
  const { errors, queue, reader } = open(1_000);
  const clock = createVirtualClock();
  for (let piece = 0; piece < 20; piece++) {
    const reading = reader.read();
    await clock.advance(0);
    queue.push(audio(400));
    await clock.advance(0);
    assertEquals((await reading).value?.length, 400 * 48);
  }
  queue.push(audio(600));
  queue.push(audio(400));
  assertEquals(errors, []);
  queue.push(audio(1));
  assertEquals(errors.map(({ name }) => name), ["QuotaExceededError"]);
  await assertRejects(() => reader.read(), DOMException, "more than 1000 ms of audio");
  queue.push(audio(2_000));
  assertEquals(errors.length, 1);
});

Deno.test("AudioQueue gives what waits before its end, and skips empty audio", async () => {
  const { queue, reader } = open(1_000);
  queue.push(audio(0));
  queue.push(audio(20));
  queue.end();
  queue.end(new Error("Too late"));
  queue.push(audio(40));
  assertEquals((await reader.read()).value?.length, 20 * 48);
  assertEquals((await reader.read()).done, true);
});

Deno.test("AudioQueue keeps nothing for a reader that has left, and reports no overflow", async () => {
  const { errors, queue, reader } = open(1_000);
  const reading = reader.read();
  await reader.cancel();
  assertEquals((await reading).done, true);
  for (let piece = 0; piece < 20; piece++) queue.push(audio(400));
  queue.end();
  assertEquals(errors, []);
});

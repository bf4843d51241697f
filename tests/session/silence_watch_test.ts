import { assertEquals } from "@std/assert";
import { SilenceWatch } from "../../src/session/_silence_watch.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";

Deno.test("SilenceWatch tells of every span of silence, counted from the last sound", async () => {
  const clock = createVirtualClock();
  const silences: number[] = [];
  const watch = new SilenceWatch(1000, clock, () => silences.push(clock.now()));
  watch.start();
  await clock.advance(400);
  watch.heard();
  await clock.advance(999);
  assertEquals(silences, []);
  await clock.advance(2000);
  assertEquals(silences, [1400, 2400]);
  watch.start();
  await clock.advance(999);
  watch.end();
  await clock.advance(5000);
  assertEquals([silences.length, clock.pending], [2, 0]);
});

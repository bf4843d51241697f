import { assertEquals } from "@std/assert";
import { SlotHold } from "../../src/session/_slot_hold.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";

Deno.test("SlotHold ends by itself, counted from its last beginning, or when it is told to", async () => {
  const clock = createVirtualClock();
  const ends: number[] = [];
  const hold = new SlotHold(clock, () => ends.push(clock.now()));
  hold.end();
  hold.begin(1000);
  await clock.advance(600);
  hold.begin(1000);
  await clock.advance(999);
  assertEquals([hold.isOn, ends], [true, []]);
  await clock.advance(1);
  assertEquals([hold.isOn, ends], [false, [1600]]);
  hold.begin(1000);
  hold.end();
  hold.end();
  assertEquals([hold.isOn, ends, clock.pending], [false, [1600, 1600], 0]);
});

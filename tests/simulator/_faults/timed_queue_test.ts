import { assertEquals } from "@std/assert";
import { TimedQueue } from "../../../src/simulator/_faults/timed_queue.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";

/** A queue and its output with times. */
function queue() {
  const clock = createVirtualClock();
  const timed = new TimedQueue(clock);
  const out: [name: string, atMs: number][] = [];
  const push = (name: string, bytes = 0) => timed.push(bytes, () => out.push([name, clock.now()]));
  return { clock, timed, out, push };
}

Deno.test("TimedQueue forwards at once unless it is held", async () => {
  const { clock, out, push, timed } = queue();
  push("a");
  timed.hold(100);
  timed.hold(50);
  push("b", 7);
  push("c", 5);
  assertEquals([out, timed.waitingBytes, timed.isEmpty], [[["a", 0]], 12, false]);
  await clock.advance(100);
  assertEquals([out.slice(1), timed.isEmpty], [[["b", 100], ["c", 100]], true]);
});

Deno.test("TimedQueue applies the longer of two delays, starting when the hold ends", async () => {
  const { clock, out, push, timed } = queue();
  timed.slowDown(2, 30);
  push("small", 10);
  push("large", 40);
  await clock.advance(50);
  timed.hold(500);
  push("last", 1);
  await clock.advance(1000);
  assertEquals(out, [["small", 30], ["large", 550], ["last", 580]]);
});

Deno.test("TimedQueue drops cleared entries", async () => {
  const { clock, out, push, timed } = queue();
  timed.hold(100);
  push("a");
  timed.clear();
  assertEquals(clock.pending, 0);
  await clock.advance(100);
  push("b");
  assertEquals(out, [["b", 100]]);
});

import { assertEquals } from "@std/assert";
import { sharedTimers } from "../../../src/hono/_app/shared_timers.ts";
import { createVirtualClock } from "../../../src/simulator/mod.ts";

/** Timers that count how many of the clock they take. */
function createTimers() {
  const clock = createVirtualClock();
  const running = new Set<object>();
  let taken = 0;
  const timers = sharedTimers({
    now: () => clock.now(),
    schedule(callback, delayMs) {
      const timer = {};
      running.add(timer);
      taken++;
      const cancel = clock.schedule(() => {
        running.delete(timer);
        callback();
      }, delayMs);
      return () => {
        running.delete(timer);
        cancel();
      };
    },
  });
  return { clock, timers, running, taken: () => taken };
}

Deno.test("sharedTimers() calls back in order, at most 100 ms late", async () => {
  const { clock, running, timers } = createTimers();
  const called: string[] = [];
  for (const delayMs of [5_000, 4_999, 15_000, 5, 0, 4_901]) {
    timers.schedule(() => called.push(`${delayMs} ${clock.now()}`), delayMs);
  }
  await clock.advance(3_000);
  timers.schedule(() => called.push(`later ${clock.now()}`), 5_000);
  await clock.advance(20_000);
  assertEquals(called, [
    "0 0",
    "5 5",
    "5000 5000",
    "4999 5000",
    "4901 5000",
    "later 8000",
    "15000 15000",
  ]);
  assertEquals(running.size, 0);
});

Deno.test("sharedTimers() uses one timer for many delays, and none when all are cancelled", async () => {
  const { clock, running, taken, timers } = createTimers();
  const called: number[] = [];
  const cancels = Array.from({ length: 1000 }, (_, index) => timers.schedule(() => called.push(index), 15_000));
  assertEquals([running.size, taken()], [1, 1]);
  for (const [index, cancel] of cancels.entries()) if (index !== 500) cancel();
  cancels[0]!();
  await clock.advance(15_000);
  assertEquals([called, running.size], [[500], 0]);
  const cancel = timers.schedule(() => called.push(0), 15_000);
  // One that has been called has nothing to cancel.
  cancels[500]!();
  assertEquals(running.size, 1);
  cancel();
  assertEquals(running.size, 0);
  await clock.advance(60_000);
  assertEquals(called, [500]);
});

Deno.test("a callback of sharedTimers() may set or cancel another timer", async () => {
  const { clock, timers } = createTimers();
  const called: number[] = [];
  let cancel = () => {};
  timers.schedule(() => {
    cancel();
    timers.schedule(() => called.push(clock.now()), 2_000);
  }, 2_000);
  cancel = timers.schedule(() => called.push(-1), 2_000);
  await clock.advance(10_000);
  assertEquals(called, [4_000]);
});

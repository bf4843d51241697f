import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";

Deno.test("createVirtualClock() runs due callbacks by time, then by order of scheduling", async () => {
  const clock = createVirtualClock();
  const seen: string[] = [];
  clock.schedule(() => seen.push(`b@${clock.now()}`), 20);
  clock.schedule(() => seen.push(`a@${clock.now()}`), 10);
  clock.schedule(() => seen.push(`c@${clock.now()}`), 20);
  clock.schedule(() => seen.push(`late@${clock.now()}`), 21);
  await clock.advance(20);
  assertEquals(seen, ["a@10", "b@20", "c@20"]);
  assertEquals(clock.now(), 20);
  assertEquals(clock.pending, 1);
});

Deno.test("createVirtualClock() runs callbacks scheduled during the same advance", async () => {
  const clock = createVirtualClock({ startMs: 1000 });
  const seen: number[] = [];
  function tick() {
    seen.push(clock.now());
    clock.schedule(tick, 10);
  }
  clock.schedule(tick, 10);
  await clock.advance(35);
  assertEquals(seen, [1010, 1020, 1030]);
  assertEquals(clock.now(), 1035);
});

Deno.test("createVirtualClock() lets promises and streams settle between two callbacks", async () => {
  const clock = createVirtualClock();
  const seen: string[] = [];
  const { readable, writable } = new TransformStream<string, string>();
  const writer = writable.getWriter();
  const pump = (async () => {
    for await (const chunk of readable.pipeThrough(new TransformStream<string, string>())) seen.push(chunk);
  })();
  clock.schedule(() => void writer.write("first"), 5);
  clock.schedule(() => seen.push("second"), 5);
  await clock.advance(5);
  assertEquals(seen, ["first", "second"]);
  await writer.close();
  await pump;
});

Deno.test("createVirtualClock() waits for promise chains of any length at every callback", async () => {
  const clock = createVirtualClock();
  const seen: string[] = [];
  async function chain(name: string) {
    for (let link = 0; link < 2000; link++) await null;
    seen.push(name);
  }
  for (let index = 0; index < 5; index++) {
    clock.schedule(() => void chain(`chain ${index}`), index);
    clock.schedule(() => seen.push(`call ${index}`), index);
  }
  await clock.advance(4);
  assertEquals(seen, [0, 1, 2, 3, 4].flatMap((index) => [`chain ${index}`, `call ${index}`]));
});

Deno.test("createVirtualClock() does not run a cancelled callback", async () => {
  const clock = createVirtualClock();
  let ran = 0;
  const cancel = clock.schedule(() => ran++, 5);
  clock.schedule(() => cancel(), 4);
  await clock.advance(10);
  cancel();
  assertEquals(ran, 0);
  assertEquals(clock.pending, 0);
});

Deno.test("createVirtualClock() runs a callback with a zero or negative delay at the current time", async () => {
  const clock = createVirtualClock();
  const seen: number[] = [];
  clock.schedule(() => seen.push(clock.now()), -5);
  clock.schedule(() => seen.push(clock.now()), 0);
  await clock.advance(0);
  assertEquals(seen, [0, 0]);
});

Deno.test("createVirtualClock() runs overlapping advances one after the other", async () => {
  const clock = createVirtualClock();
  const seen: number[] = [];
  clock.schedule(() => seen.push(clock.now()), 10);
  clock.schedule(() => seen.push(clock.now()), 20);
  await Promise.all([clock.advance(10), clock.advance(10)]);
  assertEquals(seen, [10, 20]);
  assertEquals(clock.now(), 20);
});

Deno.test("createVirtualClock() rejects advance() with an error of a callback, and continues afterwards", async () => {
  const clock = createVirtualClock();
  clock.schedule(() => {
    throw new Error("Boom");
  }, 1);
  await assertRejects(() => clock.advance(5), Error, "Boom");
  await clock.advance(5);
  assertEquals(clock.now(), 6);
});

Deno.test("createVirtualClock() rejects negative times", () => {
  const clock = createVirtualClock();
  assertThrows(() => clock.advance(-1), RangeError, "current value is -1");
  assertThrows(() => clock.advance(NaN), RangeError, "current value is NaN");
});

Deno.test("createVirtualClock() starts at a number, and takes NaN for no delay, as the platform's timers do", async () => {
  assertThrows(() => createVirtualClock({ startMs: NaN }), RangeError, "startMs must be a finite number");
  const clock = createVirtualClock({ startMs: 5 });
  const seen: number[] = [];
  clock.schedule(() => seen.push(clock.now()), NaN);
  clock.schedule(() => seen.push(-1), Infinity);
  await clock.advance(10);
  assertEquals([seen, clock.pending], [[5], 1]);
});

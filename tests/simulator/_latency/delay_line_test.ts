import { assertEquals, assertThrows } from "@std/assert";
import { DelayLine } from "../../../src/simulator/_latency/delay_line.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";

/** A line on a virtual clock, and the arrivals with their times. */
function lineOf(delayMs: number) {
  const clock = createVirtualClock();
  const line = new DelayLine(clock, delayMs);
  const arrived: [name: string, atMs: number][] = [];
  const send = (owner: object, name: string) => line.push(owner, () => void arrived.push([name, clock.now()]));
  return { arrived, clock, line, send };
}

const [ANN, BEN] = [{ name: "Ann" }, { name: "Ben" }];

Deno.test("DelayLine delays all owners equally and in order, with one timer", async () => {
  const { arrived, clock, send } = lineOf(100);
  send(ANN, "a1");
  send(BEN, "b1");
  await clock.advance(30);
  send(ANN, "a2");
  send(BEN, "b2");
  assertEquals(clock.pending, 1);
  await clock.advance(69);
  assertEquals(arrived, []);
  await clock.advance(1000);
  assertEquals(arrived, [["a1", 100], ["b1", 100], ["a2", 130], ["b2", 130]]);
  assertEquals(clock.pending, 0);
});

Deno.test("DelayLine delivers at once without a delay", () => {
  const { arrived, clock, send } = lineOf(0);
  send(ANN, "a1");
  assertEquals([arrived, clock.pending], [[["a1", 0]], 0]);
});

Deno.test("DelayLine forgets pending entries of one owner only", async () => {
  const { arrived, clock, line, send } = lineOf(100);
  send(ANN, "a1");
  send(BEN, "b1");
  send(ANN, "a2");
  line.forget(ANN);
  await clock.advance(100);
  assertEquals(arrived, [["b1", 100]]);
  send(ANN, "a3");
  line.forget(ANN);
  assertEquals(clock.pending, 0);
});

Deno.test("DelayLine can forget entries that are due at the same time", async () => {
  const { arrived, clock, line, send } = lineOf(100);
  line.push(ANN, () => line.forget(BEN));
  send(BEN, "b1");
  send(ANN, "a1");
  await clock.advance(100);
  assertEquals(arrived, [["a1", 100]]);
});

Deno.test("DelayLine delays entries pushed during a delivery", async () => {
  const { arrived, clock, line, send } = lineOf(100);
  line.push(ANN, () => send(ANN, "answer"));
  send(BEN, "b1");
  await clock.advance(1000);
  assertEquals(arrived, [["b1", 100], ["answer", 200]]);
  assertEquals(clock.pending, 0);
});

Deno.test("DelayLine continues after a delivery throws", () => {
  let due: (() => void) | undefined;
  let nowMs = 0;
  const clock = {
    now: () => nowMs,
    schedule(callback: () => void) {
      due = callback;
      return () => void (due = undefined);
    },
  };
  const line = new DelayLine(clock, 100);
  const arrived: string[] = [];
  line.push(ANN, () => {
    throw new Error("Ann fails");
  });
  line.push(BEN, () => void arrived.push("b1"));
  nowMs = 100;
  assertThrows(() => due?.(), Error, "Ann fails");
  due?.();
  assertEquals(arrived, ["b1"]);
});

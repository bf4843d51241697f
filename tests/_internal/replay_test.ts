import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { Replay } from "../../src/_internal/replay.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";

function textReplay(maxWeight = 100): Replay<string> {
  return new Replay(maxWeight, (value) => value.length);
}

function same<T>(value: T): T {
  return value;
}

Deno.test("Replay delivers all values from the start to every reading, even late ones", async () => {
  const replay = textReplay();
  const early = Array.fromAsync(replay.stream(same));
  const all = replay.all();
  replay.push("a");
  await createVirtualClock().advance(0);
  const middle = Array.fromAsync(replay.stream((value) => value.toUpperCase()));
  replay.push("b");
  replay.end();
  replay.push("c");
  assertEquals(await all, ["a", "b"]);
  assertEquals(await early, ["a", "b"]);
  assertEquals(await middle, ["A", "B"]);
  assertEquals(await Array.fromAsync(replay.stream(same)), ["a", "b"]);
  assertEquals(await replay.all(), ["a", "b"]);
});

Deno.test("Replay delivers a value as soon as it arrives", async () => {
  const replay = textReplay();
  const reader = replay.stream(same).getReader();
  const reads = [reader.read(), reader.read()];
  replay.push("a");
  assertEquals(await reads[0], { done: false, value: "a" });
  replay.push("b");
  assertEquals(await reads[1], { done: false, value: "b" });
  replay.end();
  assertEquals((await reader.read()).done, true);
});

Deno.test("Replay delivers an error after earlier values, and ignores later ends", async () => {
  const replay = textReplay();
  const error = new Error("lost");
  replay.push("a");
  replay.end(error);
  replay.end(new Error("other"));
  const reader = replay.stream(same).getReader();
  assertEquals(await reader.read(), { done: false, value: "a" });
  assertStrictEquals(await assertRejects(() => reader.read()), error);
  assertStrictEquals(await assertRejects(() => replay.all()), error);
});

Deno.test("Replay keeps values up to exactly maxWeight", async () => {
  const replay = textReplay(4);
  replay.push("ab");
  replay.push("cd");
  replay.end();
  assertEquals(await replay.all(), ["ab", "cd"]);
});

Deno.test("Replay fails only readings that need values already dropped", async () => {
  const replay = textReplay(4);
  const quick = replay.stream(same).getReader();
  const slow = replay.stream(same).getReader();
  for (const value of ["ab", "cd", "ef", "g"]) {
    replay.push(value);
    assertEquals(await quick.read(), { done: false, value });
  }
  const error = await assertRejects(() => slow.read(), DOMException, "more than 4 characters");
  assertEquals(error.name, "QuotaExceededError");
  replay.end();
  assertEquals((await quick.read()).done, true);
  const late = await assertRejects(() => replay.all(), DOMException, "as it has more than 4 characters");
  assertEquals(late.name, "QuotaExceededError");
});

Deno.test("Replay streams can be cancelled while they wait and while others read", async () => {
  const replay = textReplay();
  const reader = replay.stream(same).getReader();
  const waiting = reader.read();
  await reader.cancel();
  assertEquals((await waiting).done, true);
  replay.push("a");
  replay.end();
  await createVirtualClock().advance(0);
  assertEquals(await replay.all(), ["a"]);
});

Deno.test("Replay fails only the stream whose map throws", async () => {
  const replay = textReplay();
  replay.push("a");
  replay.end();
  const stream = replay.stream(() => {
    throw new SyntaxError("bad");
  });
  await assertRejects(() => stream.getReader().read(), SyntaxError, "bad");
  assertEquals(await replay.all(), ["a"]);
});

Deno.test("Replay drops everything beyond maxUnread if there was no reading", async () => {
  const replay = new Replay<string>(100, (value) => value.length, 4);
  replay.push("abcd");
  const inTime = Array.fromAsync(replay.stream(same));
  replay.push("e");
  await createVirtualClock().advance(0);
  const late = replay.all();
  replay.push("f");
  replay.end();
  assertEquals(await inTime, ["abcd", "e", "f"]);
  const error = await assertRejects(() => late, DOMException, "more than 4 characters");
  assertEquals(error.name, "QuotaExceededError");
});

Deno.test("Replay keeps all values for a reading of the whole, and for later ones", async () => {
  const replay = new Replay<string>(100, (value) => value.length, 0);
  const whole = replay.all();
  for (const value of ["ab", "cd"]) replay.push(value);
  replay.end();
  assertEquals(await whole, ["ab", "cd"]);
  assertEquals(await Array.fromAsync(replay.stream(same)), ["ab", "cd"]);
});

Deno.test("Replay keeps nothing for cancelled streams", async () => {
  const replay = new Replay<string>(100, (value) => value.length, 0);
  const cancelled = replay.stream(same);
  const broken = replay.stream(() => {
    throw new SyntaxError("bad");
  }).getReader();
  replay.push("a");
  await cancelled.cancel();
  await assertRejects(() => broken.read(), SyntaxError);
  replay.end();
  await assertRejects(() => replay.all(), DOMException, "more than 0 characters");
});

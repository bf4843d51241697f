import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { timeoutError, withTimeout } from "../../src/_internal/timeout.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";

/** A signal that counts its listeners. */
function countingSignal(): { controller: AbortController; listeners: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => (count++, add(...args));
  signal.removeEventListener = (...args: Parameters<typeof remove>) => (count--, remove(...args));
  return { controller, listeners: () => count };
}

Deno.test("withTimeout() returns the task's result, and leaves no timer or listener behind", async () => {
  const clock = createVirtualClock();
  const { controller, listeners } = countingSignal();
  const options = { what: "wait", signal: controller.signal, timeoutMs: 100, clock };
  let inner!: AbortSignal;
  const result = await withTimeout((signal) => (inner = signal, Promise.resolve("done")), options);
  assertEquals(result, "done");
  assertEquals([clock.pending, listeners()], [0, 0]);
  controller.abort();
  assertEquals(inner.aborted, false);
});

Deno.test("withTimeout() rejects with the task's error, and leaves nothing behind", async () => {
  const clock = createVirtualClock();
  const { controller, listeners } = countingSignal();
  const options = { what: "wait", signal: controller.signal, timeoutMs: 100, clock };
  const boom = new Error("boom");
  assertStrictEquals(await assertRejects(() => withTimeout(() => Promise.reject(boom), options)), boom);
  const task = () => {
    throw boom;
  };
  assertStrictEquals(await assertRejects(() => withTimeout(task, options)), boom);
  assertEquals([clock.pending, listeners()], [0, 0]);
});

Deno.test("withTimeout() rejects with a TimeoutError after timeoutMs, and aborts the task", async () => {
  const clock = createVirtualClock();
  const { controller, listeners } = countingSignal();
  const options = { what: "wait for it", signal: controller.signal, timeoutMs: 100, clock };
  let inner!: AbortSignal;
  const promise = withTimeout((signal) => (inner = signal, new Promise(() => {})), options);
  const rejected = assertRejects(() => promise, DOMException, "Cannot wait for it as it took longer than 100 ms");
  await clock.advance(99);
  assertEquals(inner.aborted, false);
  await clock.advance(1);
  const error = await rejected;
  assertEquals(error.name, "TimeoutError");
  assertStrictEquals(inner.reason, error);
  assertEquals(listeners(), 0);
});

Deno.test("withTimeout() rejects with the signal's reason at once, and aborts the task", async () => {
  const clock = createVirtualClock();
  const { controller, listeners } = countingSignal();
  const options = { what: "wait", signal: controller.signal, timeoutMs: 100, clock };
  let inner!: AbortSignal;
  const promise = withTimeout((signal) => (inner = signal, new Promise(() => {})), options);
  const reason = new Error("enough");
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => promise), reason);
  assertStrictEquals(inner.reason, reason);
  assertEquals([clock.pending, listeners()], [0, 0]);
});

Deno.test("withTimeout() does not run the task when the signal is already aborted", async () => {
  const reason = new Error("enough");
  const options = { what: "wait", signal: AbortSignal.abort(reason), timeoutMs: 1, clock: createVirtualClock() };
  let runs = 0;
  assertStrictEquals(await assertRejects(() => withTimeout(() => Promise.resolve(runs++), options)), reason);
  assertEquals([runs, options.clock.pending], [0, 0]);
});

Deno.test("withTimeout() ignores a result or error of the task after the timeout", async () => {
  for (const settle of ["resolve", "reject"] as const) {
    const clock = createVirtualClock();
    const late = Promise.withResolvers<string>();
    const promise = withTimeout(() => late.promise, { what: "wait", timeoutMs: 10, clock });
    const rejected = assertRejects(() => promise, DOMException);
    await clock.advance(10);
    assertEquals((await rejected).name, "TimeoutError");
    late[settle]("late");
    await clock.advance(0);
  }
});

Deno.test("withTimeout() either gives a result or discards it, whenever the signal is aborted", async () => {
  const seen = new Set<string>();
  for (let turns = 0; turns < 12; turns++) {
    const controller = new AbortController();
    const discarded: string[] = [];
    const task = async () => {
      for (let turn = 0; turn < 4; turn++) await Promise.resolve();
      return "result";
    };
    const options = { what: "wait", signal: controller.signal, timeoutMs: 10, clock: createVirtualClock() };
    const outcome = withTimeout(task, { ...options, discard: (result) => discarded.push(result) })
      .then((result) => result, () => "aborted");
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    controller.abort();
    const got = await outcome;
    await options.clock.advance(0);
    assertEquals(discarded, got === "aborted" ? ["result"] : []);
    seen.add(got);
  }
  assertEquals(seen, new Set(["aborted", "result"]));
});

Deno.test("withTimeout() waits indefinitely without timeoutMs", async () => {
  const clock = createVirtualClock();
  const task = Promise.withResolvers<string>();
  const promise = withTimeout(() => task.promise, { what: "wait", timeoutMs: undefined, clock });
  await clock.advance(1e9);
  assertEquals(clock.pending, 0);
  task.resolve("done");
  assertEquals(await promise, "done");
});

Deno.test("timeoutError() returns the platform's TimeoutError", () => {
  const error = timeoutError("connect", 5);
  assertEquals([error.name, error.message], ["TimeoutError", "Cannot connect as it took longer than 5 ms"]);
});

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { reuse } from "../../src/session/_kernel/reuse.ts";
import { open } from "./_fake_server.ts";

Deno.test("reuse() returns the new value and shares the unchanged parts of the old one", () => {
  const before = { a: { b: [1, { c: 2 }] }, d: "same", e: [1, 2], f: null };
  const copy = () => structuredClone(before);
  assertStrictEquals(reuse(before, copy()), before);
  const changed = { ...copy(), d: "other", g: 1 };
  const made = reuse(before, changed) as typeof before;
  assertEquals(made, { ...before, d: "other", g: 1 } as typeof before);
  assertStrictEquals(made.a, before.a);
  assertStrictEquals(made.e, before.e);
  const others: readonly unknown[] = [
    { a: { b: [1, { c: 3 }] }, d: "same", e: [1, 2], f: null },
    { a: { b: [1, { c: 2 }] }, d: "same", e: [1, 2] },
    { ...copy(), e: { 0: 1, 1: 2 } },
    { ...copy(), e: [1, 2, 3] },
    { ...copy(), e: [] },
    { ...copy(), f: {} },
    JSON.parse(`{"__proto__": {"b": 1}, "a": 1}`),
    [],
    null,
    undefined,
    "text",
  ];
  for (const other of others) {
    const expected = structuredClone(other);
    assertEquals(reuse(before, other), expected);
    assertEquals(reuse(other, copy()), before);
  }
  assertEquals(before, copy());
});

Deno.test("reuse() does not overflow the stack on deeply nested values", () => {
  const nest = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));
  reuse(nest(100_000), nest(100_000));
});

Deno.test("Session.config shares unchanged parts with the previous report", async () => {
  const { server, session } = await open();
  const before = session.config;
  const reported = (silence_duration_ms: number) => ({
    type: "realtime",
    id: "sess_1",
    instructions: "Be brief.",
    tools: [{ type: "function", name: "look_up", parameters: { type: "object" } }],
    audio: { input: { turn_detection: { type: "server_vad", silence_duration_ms } } },
  });
  const configs = [];
  for (const ms of [300, 300, 500]) {
    server.emit({ type: "session.updated", session: reported(ms) });
    await server.settle();
    assertEquals(session.config as unknown, reported(ms));
    configs.push(session.config as unknown as ReturnType<typeof reported>);
  }
  const [first, second, third] = configs;
  assert(first && second && third && first !== before as unknown);
  assertStrictEquals(second, first);
  assertStrictEquals(third.tools, first.tools);
  assertEquals(first.audio.input.turn_detection.silence_duration_ms, 300);
  await session.close();
});

import { assertEquals } from "@std/assert";
import { callListener } from "../../src/_internal/call_listener.ts";

Deno.test("callListener() reports exceptions and rejections of a function, and nothing else", async () => {
  const reported: unknown[] = [];
  const report = (error: unknown) => void reported.push(error);
  callListener(() => 1, report);
  callListener(() => Promise.resolve(1), report);
  callListener(() => Promise.reject("late"), report);
  callListener(() => {
    throw "early";
  }, report);
  assertEquals(reported, ["early"]);
  await Promise.resolve();
  assertEquals(reported, ["early", "late"]);
});

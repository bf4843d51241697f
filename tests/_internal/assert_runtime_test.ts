import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { assertRuntime } from "../../src/_internal/assert_runtime.ts";
import { ConnectionError } from "../../src/errors.ts";

const MESSAGE = "this runtime is too old: use Node.js 22, Deno 2, Bun 1.2, or a browser of 2024 or newer";

Deno.test("assertRuntime() accepts versions that are recent enough, and lists them otherwise", () => {
  for (const old of [{ Promise: {} }, {}]) {
    assertEquals(assertThrows(() => assertRuntime(old), ConnectionError, MESSAGE).kind, "configuration");
  }
  assertRuntime();
});

Deno.test("an old runtime can import every entry point, and learns that it is too old", async () => {
  const worker = new Worker(import.meta.resolve("./_old_runtime.ts"), { type: "module" });
  try {
    const answer = new Promise((resolve) => worker.addEventListener("message", ({ data }) => resolve(data)));
    worker.postMessage(Object.values(config.exports).map((path) => import.meta.resolve(`../../${path}`)));
    assertMatch(String(await answer), new RegExp(`^ConnectionError: .+${MESSAGE}$`));
  } finally {
    worker.terminate();
  }
});

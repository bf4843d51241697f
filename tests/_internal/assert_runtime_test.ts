import { assertEquals, assertThrows } from "@std/assert";
import { assertRuntime } from "../../src/_internal/assert_runtime.ts";
import { ConnectionError } from "../../src/errors.ts";

Deno.test("assertRuntime() accepts versions that are recent enough, and lists them otherwise", () => {
  const message = "this runtime is too old: use Node.js 22, Deno 2, Bun 1.2, or a browser of 2024 or newer";
  for (const old of [{ Promise: {} }, {}]) {
    assertEquals(assertThrows(() => assertRuntime(old), ConnectionError, message).kind, "configuration");
  }
  assertRuntime();
});

import { assertEquals, assertThrows } from "@std/assert";
import { assertRuntime } from "../../src/_internal/assert_runtime.ts";
import { ConnectionError } from "../../src/errors.ts";

Deno.test("assertRuntime() accepts versions that are recent enough, and names one that is not", () => {
  const old = { Promise: {}, process: { versions: { node: "20.19.0" } } };
  const message = "this runtime is too old (Node.js 20.19.0): use Node.js 22, ";
  const error = assertThrows(() => assertRuntime(old), ConnectionError, message);
  assertEquals(error.kind, "configuration");
  assertThrows(() => assertRuntime({ Promise: {} }), ConnectionError, "a browser of 2024");
  assertRuntime();
});

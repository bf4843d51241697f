import { assertEquals, assertThrows } from "@std/assert";
import { assertRuntime } from "../../src/_internal/assert_runtime.ts";
import { ConnectionError } from "../../src/errors.ts";

Deno.test("assertRuntime() accepts versions that are recent enough, and names one that is not", () => {
  const old = { Promise: {}, process: { versions: { node: "20.19.0" } } };
  const error = assertThrows(() => assertRuntime(old), ConnectionError, "Node.js 22");
  assertEquals([error.kind, error.message.endsWith("this is Node.js 20.19.0")], ["configuration", true]);
  assertThrows(() => assertRuntime({ Promise: {} }), ConnectionError, "a browser of 2024");
  assertRuntime();
});

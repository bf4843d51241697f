import { assertEquals, assertThrows } from "@std/assert";
import { mixToMono } from "../../src/audio/mono.ts";

Deno.test("mixToMono() averages each frame without overflow", () => {
  assertEquals(mixToMono(new Int16Array([32767, 32767, -32768, -32768, 5, 8]), 2), new Int16Array([32767, -32768, 7]));
  assertEquals(mixToMono(new Int16Array([30, 60, 90, -3, -3, -9]), 3), new Int16Array([60, -5]));
});

Deno.test("mixToMono() returns one channel unchanged, and drops a partial frame", () => {
  assertEquals(mixToMono(new Int16Array([1, -2, 3]), 1), new Int16Array([1, -2, 3]));
  assertEquals(mixToMono(new Int16Array([1, 3, 7]), 2), new Int16Array([2]));
});

Deno.test("mixToMono() rejects an invalid number of channels", () => {
  for (const channels of [0, -1, 1.5, NaN]) assertThrows(() => mixToMono(new Int16Array(2), channels), RangeError);
});

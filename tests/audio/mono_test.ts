import { assertEquals, assertThrows } from "@std/assert";
import { mixToMono } from "../../src/audio/mono.ts";

Deno.test("mixToMono() gives the mean of each frame and never overflows", () => {
  assertEquals(mixToMono(new Int16Array([32767, 32767, -32768, -32768, 5, 8]), 2), new Int16Array([32767, -32768, 7]));
  assertEquals(mixToMono(new Int16Array([30, 60, 90, -3, -3, -9]), 3), new Int16Array([60, -5]));
});

Deno.test("mixToMono() leaves one channel as it is, and a trailing part of a frame out", () => {
  assertEquals(mixToMono(new Int16Array([1, -2, 3]), 1), new Int16Array([1, -2, 3]));
  assertEquals(mixToMono(new Int16Array([1, 3, 7]), 2), new Int16Array([2]));
});

Deno.test("mixToMono() refuses a number of channels that is none", () => {
  for (const channels of [0, -1, 1.5, NaN]) assertThrows(() => mixToMono(new Int16Array(2), channels), RangeError);
});

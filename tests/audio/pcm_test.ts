import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { float32ToPcm16, pcm16ToFloat32, toBytes, toInt16 } from "../../src/audio/pcm.ts";

Deno.test("toInt16() is a view of bytes that start on an even address", () => {
  const memory = new Uint8Array([9, 9, 1, 0, 0xff, 0x7f]);
  const samples = toInt16(memory.subarray(2));
  assertEquals(samples, new Int16Array([1, 32767]));
  assertStrictEquals(samples.buffer, memory.buffer);
  assertEquals(samples.byteOffset, 2);
});

Deno.test("toInt16() copies bytes that start on an odd address", () => {
  const memory = new Uint8Array([9, 1, 0, 0, 0x80]);
  const samples = toInt16(memory.subarray(1));
  assertEquals(samples, new Int16Array([1, -32768]));
  assertNotStrictEquals(samples.buffer, memory.buffer);
});

Deno.test("toInt16() drops an odd trailing byte, at even and odd addresses", () => {
  const memory = new Uint8Array([1, 0, 2, 0, 3]);
  assertEquals(toInt16(memory), new Int16Array([1, 2]));
  assertEquals(toInt16(memory.subarray(1, 4)), new Int16Array([512]));
  assertEquals(toInt16(memory.subarray(4)), new Int16Array(0));
  assertEquals(toInt16(new Uint8Array(0)), new Int16Array(0));
});

Deno.test("toBytes() is a view of exactly the given samples", () => {
  const memory = new Int16Array([7, -2, 258]);
  const bytes = toBytes(memory.subarray(1));
  assertEquals(bytes, new Uint8Array([0xfe, 0xff, 2, 1]));
  assertStrictEquals(bytes.buffer, memory.buffer);
});

Deno.test("pcm16ToFloat32() divides by 32,768", () => {
  assertEquals(
    pcm16ToFloat32(new Int16Array([0, 1, -1, 16384, 32767, -32768])),
    new Float32Array([0, 1 / 32768, -1 / 32768, 0.5, 32767 / 32768, -1]),
  );
});

Deno.test("float32ToPcm16() restores every 16-bit sample", () => {
  const samples = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);
  assertEquals(float32ToPcm16(pcm16ToFloat32(samples)), samples);
});

Deno.test("float32ToPcm16() rounds to the nearest sample", () => {
  const floats = new Float32Array([0.49, 0.5, 0.51, -0.49, -0.5, -0.51, 99.6].map((step) => step / 32768));
  assertEquals(float32ToPcm16(floats), new Int16Array([0, 1, 1, 0, 0, -1, 100]));
});

Deno.test("float32ToPcm16() clamps out-of-range samples, and converts NaN to silence", () => {
  const floats = new Float32Array([
    1,
    1.5,
    -1.5,
    Infinity,
    -Infinity,
    NaN,
    32767.4 / 32768,
    32767.6 / 32768,
    -32769 / 32768,
  ]);
  assertEquals(float32ToPcm16(floats), new Int16Array([32767, 32767, -32768, 32767, -32768, 0, 32767, 32767, -32768]));
});

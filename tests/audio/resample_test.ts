import { assertEquals, assertThrows } from "@std/assert";
import { float32ToPcm16, type PcmChunk, toBytes } from "../../src/audio/pcm.ts";
import { resample, resampleAudio } from "../../src/audio/resample.ts";
import { cut, join, through, tone } from "./_helpers.ts";

Deno.test("resample() converts a whole piece, including its tail", () => {
  assertEquals(resample(new Int16Array(441), { from: 44_100, to: 24_000 }).length, 240);
});

Deno.test("resampleAudio() returns the bytes of resample(), from split bytes, samples and floats", async () => {
  const options = { from: 16_000, to: 24_000 };
  const floats = tone(900, 16_000, 3_000);
  const samples = float32ToPcm16(floats);
  const expected = toBytes(float32ToPcm16(resample(samples, options)));
  assertEquals(
    join(await through<PcmChunk, Uint8Array>(cut(toBytes(samples), 333, 9), resampleAudio(options))),
    expected,
  );
  assertEquals(join(await through<PcmChunk, Uint8Array>(cut(samples, 333, 9), resampleAudio(options))), expected);
  const fromFloats = join(await through<PcmChunk, Uint8Array>([floats], resampleAudio(options)));
  assertEquals(fromFloats, toBytes(float32ToPcm16(resample(floats, options))));
});

Deno.test("resampleAudio() emits no empty chunk", async () => {
  assertEquals(await through<PcmChunk, Uint8Array>([], resampleAudio({ from: 8_000, to: 24_000 })), []);
  const chunks = await through<PcmChunk, Uint8Array>([new Int16Array(1)], resampleAudio({ from: 8_000, to: 24_000 }));
  assertEquals(chunks.map((chunk) => chunk.length), [6]);
});

Deno.test("resampleAudio() rejects invalid rates at creation", () => {
  assertThrows(() => resampleAudio({ from: 0, to: 24_000 }), RangeError);
});

import { assertEquals } from "@std/assert";
import { pcm16ToFloat32, toBytes } from "../../src/audio/pcm.ts";
import { float32ToPcm16Stream, pcm16ToFloat32Stream } from "../../src/audio/pcm_stream.ts";
import { through } from "./_helpers.ts";

Deno.test("pcm16ToFloat32Stream() accepts bytes split inside a sample, and samples", async () => {
  const samples = new Int16Array([1000, -2000, 3000]);
  const bytes = toBytes(samples);
  const floats = await through<Uint8Array | Int16Array, Float32Array>(
    [bytes.subarray(0, 3), bytes.subarray(3), new Int16Array([-32768])],
    pcm16ToFloat32Stream(),
  );
  assertEquals(floats, [[1000], [-2000, 3000], [-32768]].map((part) => pcm16ToFloat32(new Int16Array(part))));
});

Deno.test("float32ToPcm16Stream() emits bytes, and no empty chunk", async () => {
  const bytes = await through(
    [new Float32Array([0.5]), new Float32Array(0), new Float32Array([-1])],
    float32ToPcm16Stream(),
  );
  assertEquals(bytes, [new Uint8Array([0, 0x40]), new Uint8Array([0, 0x80])]);
});

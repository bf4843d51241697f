import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { toBytes } from "../../../src/audio/pcm.ts";
import { readWav, writeWav } from "../../../src/audio/wav/wav.ts";
import { createWavReader } from "../../../src/audio/wav/wav_reader.ts";
import { join } from "../_helpers.ts";
import { chunk, fmt, patch, riff, unpadded } from "./_wav_files.ts";

// Deviations that programs write although they should not, and that players accept.

const AUDIO = chunk("data", [1, 0, 2, 0, 3, 0]);
const SAMPLES = new Int16Array([1, 2, 3]);
const FMT = chunk("fmt ", fmt({}));
const LIST = chunk("LIST", new TextEncoder().encode("INFOISFT"));

Deno.test("readWav() finds the audio after an unpadded chunk of odd length, unless strict", () => {
  for (const length of [1, 3, 17, 255]) {
    // Zeros look like padding, and letters like the name of a chunk.
    for (const fill of [0, 0x41, 0xff]) {
      const odd = unpadded("LIST", new Uint8Array(length).fill(fill));
      for (const file of [riff(odd, FMT, AUDIO), riff(FMT, odd, AUDIO), riff(odd, odd, FMT, odd, odd, AUDIO)]) {
        assertEquals(readWav(file).samples, SAMPLES);
        assertThrows(() => readWav(file, { strict: true }), SyntaxError, "the padding byte");
      }
      const padded = chunk("LIST", new Uint8Array(length).fill(fill));
      assertEquals(readWav(riff(padded, FMT, padded, AUDIO), { strict: true }).samples, SAMPLES);
    }
  }
});

Deno.test("readWav() accepts padding other than 0, even a letter", () => {
  for (const padding of [1, 0x20, 0x41, 0x80]) {
    const odd = join([unpadded("LIST", new Uint8Array(3)), new Uint8Array([padding])]);
    assertEquals(readWav(riff(odd, FMT, odd, AUDIO)).samples, SAMPLES);
  }
});

Deno.test("readWav() reads a fmt chunk of odd length with and without padding", () => {
  const body = new Uint8Array([...fmt({}), 0, 0, 9]);
  assertEquals(readWav(riff(unpadded("fmt ", body), AUDIO)).samples, SAMPLES);
  assertEquals(readWav(riff(chunk("fmt ", body), AUDIO)).samples, SAMPLES);
});

Deno.test("readWav() reads the available audio if the size is too large, unless strict", () => {
  const file = riff(FMT, AUDIO);
  for (const excess of [1, 2, 16, 1_000_000]) {
    const wrong = patch(file, 40, 6 + excess);
    assertEquals(readWav(wrong).samples, SAMPLES);
    assertThrows(() => readWav(wrong, { strict: true }), SyntaxError, `${excess} bytes are missing`);
  }
  assertEquals(readWav(file.subarray(0, file.length - 1)).samples, SAMPLES.subarray(0, 2));
});

Deno.test("readWav() does not mistake another chunk for audio", () => {
  for (const behind of [LIST, chunk("id3 ", [1, 2, 3]), chunk("Mine", []), join([LIST, LIST])]) {
    assertEquals(readWav(riff(FMT, AUDIO, behind)).samples, SAMPLES);
    const file = riff(FMT, chunk("data", []), behind);
    assertEquals(readWav(file).samples.length, 0);
    assertEquals(readWav(file, { strict: true }).samples.length, 0);
  }
  const streamed = patch(riff(FMT, chunk("data", []), LIST), 4, 0);
  assertEquals(readWav(streamed).samples.length, 0);
});

Deno.test("readWav() reads audio after a size of 0, even if it consists of letters", () => {
  const letters = new TextEncoder().encode("Audio that is text");
  for (const riffSize of [0, 36, 0xffffffff]) {
    const file = patch(patch(writeWav(letters), 40, 0), 4, riffSize);
    assertEquals(readWav(file).data, letters);
  }
});

Deno.test("createWavReader() returns no samples for an empty data chunk", () => {
  const reader = createWavReader();
  const file = riff(FMT, chunk("data", []), LIST);
  assertEquals(reader.push(file.subarray(0, 44))?.samples.length, 0);
  assertEquals(reader.push(file.subarray(44, 49))?.samples.length, 0);
  assertEquals(reader.push(file.subarray(49))?.samples.length, 0);
  reader.end();
  assertEquals(reader.missingBytes, 0);
});

Deno.test("readWav() accepts a block align of 0, unless strict", () => {
  const file = riff(chunk("fmt ", fmt({ blockAlign: 0 })), AUDIO);
  assertEquals(readWav(file).samples, SAMPLES);
  assertThrows(() => readWav(file, { strict: true }), SyntaxError, "its block align must be 2");
});

Deno.test("readWav() converts integers of 8, 24 and 32 bits with rounding, also in the extensible form", () => {
  const cases: readonly [bits: number, bytes: number[], samples: number[]][] = [
    [8, [128, 255, 0, 129], [0, 32_512, -32_768, 256]],
    [24, [0, 0, 0, 0xff, 0xff, 0x7f, 0, 0, 0x80, 0x80, 1, 0, 0x7f, 1, 0], [0, 32_767, -32_768, 2, 1]],
    [24, [0xff, 0xff, 0xff, 0x7f, 0xff, 0xff], [0, -1]],
    [32, [0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0x7f, 0, 0x80, 1, 0], [-32_768, 32_767, 2]],
    [12, [0x10, 0x20], [0x2010]],
    [20, [0, 0x10, 0x20], [0x2010]],
  ];
  for (const [bits, bytes, samples] of cases) {
    const blockAlign = Math.ceil(bits / 8);
    for (const settings of [{ bits, blockAlign }, { code: 0xfffe, subCode: 1, bits, blockAlign }]) {
      const wav = readWav(riff(chunk("fmt ", fmt(settings)), chunk("data", bytes)));
      assertEquals([wav.format, ...wav.samples], ["audio/pcm", ...samples]);
      assertEquals(wav.data, toBytes(wav.samples));
    }
  }
});

Deno.test("readWav() converts floats of 32 and 64 bits, clamps them, and converts NaN to silence", () => {
  const values = [0, 0.5, -0.5, 1, -1, 7, -7, NaN, Infinity, -Infinity];
  const expected = [0, 16_384, -16_384, 32_767, -32_768, 32_767, -32_768, 0, 32_767, -32_768];
  for (const [bits, floats] of [[32, new Float32Array(values)], [64, new Float64Array(values)]] as const) {
    for (const settings of [{ code: 3, bits }, { code: 0xfffe, subCode: 3, bits }]) {
      const data = chunk("data", new Uint8Array(floats.buffer));
      // An odd chunk before it, so that the floats are at an address of no multiple.
      const file = riff(unpadded("LIST", new Uint8Array(1)), chunk("fmt ", fmt(settings)), data);
      assertEquals([...readWav(file).samples], expected);
    }
  }
});

Deno.test("readWav() keeps the channels of wide samples separate", () => {
  const file = riff(
    chunk("fmt ", fmt({ bits: 24, channels: 2 })),
    chunk("data", [0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 9]),
  );
  const { channels, samples } = readWav(file);
  assertEquals([channels, ...samples], [2, 1, 2, 3, 4]);
});

Deno.test("readWav() reads RF64 and BW64 with the sizes of ds64", () => {
  const sizes = new Uint8Array(28);
  const view = new DataView(sizes.buffer);
  view.setUint32(0, 1000, true);
  view.setUint32(8, 6, true);
  for (const id of [0x34364652, 0x34365742]) {
    const file = patch(riff(chunk("ds64", sizes), FMT, AUDIO, LIST), 0, id);
    const streamed = patch(patch(file, 4, 0xffffffff), file.length - LIST.length - 10, 0xffffffff);
    assertEquals(readWav(streamed, { strict: true }).samples, SAMPLES);
    assertThrows(() => readWav(streamed.subarray(0, -LIST.length - 2), { strict: true }), SyntaxError, "2 bytes");
  }
});

Deno.test("readWav() handles audio of more than 4 GiB", () => {
  const sizes = new Uint8Array(28);
  new DataView(sizes.buffer).setUint32(12, 2, true);
  const file = patch(riff(chunk("ds64", sizes), FMT, chunk("data", [])), 0, 0x34364652);
  const reader = createWavReader();
  reader.push(patch(file, file.length - 4, 0xffffffff));
  assertEquals(reader.missingBytes, 2 * 2 ** 32);
});

Deno.test("readWav() rounds 24-bit audio to the nearest sample", () => {
  const bytes = new Uint8Array(3 * 240);
  const expected = Array.from({ length: 240 }, (_, i) => 16_000 * Math.sin(i / 5));
  expected.forEach((sample, i) => {
    const value = Math.round(sample * 256);
    bytes.set([value & 255, value >> 8 & 255, value >> 16 & 255], 3 * i);
  });
  const { samples } = readWav(riff(chunk("fmt ", fmt({ bits: 24 })), chunk("data", bytes)));
  expected.forEach((sample, i) => assertAlmostEquals(samples[i]!, sample, 0.51));
});

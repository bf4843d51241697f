import { assertEquals, assertThrows } from "@std/assert";
import { toBytes } from "../../../src/audio/pcm.ts";
import { readWav, writeWav } from "../../../src/audio/wav/wav.ts";
import { createWavReader } from "../../../src/audio/wav/wav_reader.ts";
import { cut, join, randomBytes } from "../_helpers.ts";
import { chunk, fmt, patch, riff, unpadded } from "./_wav_files.ts";

const FILES: readonly [string, Uint8Array][] = [
  ["PCM", writeWav(randomBytes(300, 1))],
  [
    "stereo PCM with chunks around it",
    riff(
      chunk("LIST", randomBytes(33, 2)),
      chunk("fmt ", [...fmt({ channels: 2 }), 0, 0, 9]),
      chunk("JUNK", []),
      chunk("data", randomBytes(299, 3)),
      chunk("LIST", randomBytes(20, 4)),
    ),
  ],
  ["µ-law of odd length", writeWav(randomBytes(301, 5), { format: "audio/pcmu" })],
  [
    "extensible A-law",
    riff(chunk("fmt ", fmt({ code: 0xfffe, bits: 8, subCode: 6 })), chunk("data", randomBytes(50, 6))),
  ],
  [
    "24-bit PCM behind chunks without padding",
    riff(
      unpadded("LIST", randomBytes(33, 8)),
      chunk("fmt ", fmt({ bits: 24, channels: 2 })),
      unpadded("bext", randomBytes(1, 9)),
      chunk("data", randomBytes(301, 10)),
    ),
  ],
  ["float64", riff(chunk("fmt ", fmt({ code: 3, bits: 64 })), chunk("data", randomBytes(801, 11)))],
  ["PCM whose size is 0", patch(writeWav(randomBytes(300, 12)), 40, 0)],
  [
    "PCM whose size is 0 and that begins like the name of a chunk",
    patch(writeWav(new TextEncoder().encode("LISTENer....")), 40, 0),
  ],
  ["no audio and a chunk behind it", riff(chunk("fmt ", fmt({})), chunk("data", []), chunk("LIST", [1, 2, 3]))],
  ["streamed PCM", patch(writeWav(randomBytes(300, 7)), 40, 0xffffffff)],
];

for (const [name, file] of FILES) {
  Deno.test(`createWavReader() reads the same audio however the file is split: ${name}`, () => {
    const expected = readWav(file);
    for (let most = 1; most <= 70; most += 3) {
      const reader = createWavReader();
      const pieces = cut(file, most, most).flatMap((piece) => reader.push(piece) ?? []);
      reader.end();
      assertEquals(join(pieces.map(({ data }) => data)), expected.data);
      assertEquals(join(pieces.map(({ samples }) => toBytes(samples))), toBytes(expected.samples).slice());
      for (const { format, sampleRate, channels } of pieces) {
        assertEquals({ format, sampleRate, channels }, {
          format: expected.format,
          sampleRate: expected.sampleRate,
          channels: expected.channels,
        });
      }
    }
  });
}

Deno.test("createWavReader() returns nothing until the header is complete, and a chunk may end with it", () => {
  const file = writeWav(new Int16Array([1, 2]));
  const reader = createWavReader();
  assertEquals(reader.push(file.subarray(0, 43)), undefined);
  assertEquals(reader.push(file.subarray(43, 44))?.data.length, 0);
  assertEquals(reader.push(file.subarray(44, 47))?.samples, new Int16Array([1]));
  assertEquals(reader.push(file.subarray(47))?.samples, new Int16Array([2]));
  reader.end();
});

Deno.test("createWavReader() rejects anything but WAV before the end", () => {
  const reader = createWavReader();
  assertEquals(reader.push(new Uint8Array(11)), undefined);
  assertThrows(() => reader.push(new Uint8Array(1)), SyntaxError, "must begin with RIFF…WAVE");
});

Deno.test("createWavReader() accepts a truncated file, and reports the missing length", () => {
  const reader = createWavReader();
  assertEquals(reader.missingBytes, 0);
  assertEquals(reader.push(writeWav(new Int16Array(10)).subarray(0, 50))?.samples.length, 3);
  reader.end();
  assertEquals(reader.missingBytes, 14);
});

Deno.test("createWavReader() rejects missing audio at the end if strict", () => {
  const reader = createWavReader({ strict: true });
  reader.push(writeWav(new Int16Array(10)).subarray(0, 50));
  assertThrows(() => reader.end(), SyntaxError, "its audio is truncated: 14 bytes are missing");
});

Deno.test("createWavReader() rejects unknown options", () => {
  const options = { strict: true, Strict: true };
  assertThrows(() => createWavReader(options), TypeError, "there is no option Strict: did you mean strict?");
});

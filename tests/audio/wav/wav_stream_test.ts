import { assertEquals, assertRejects } from "@std/assert";
import { writeWav } from "../../../src/audio/wav/wav.ts";
import { readWavStream, writeWavStream } from "../../../src/audio/wav/wav_stream.ts";
import { cut, join, randomBytes, through } from "../_helpers.ts";

Deno.test("readWavStream() emits the audio piece by piece, each with the header's information", async () => {
  const audio = randomBytes(500, 31);
  const file = writeWav(audio, { sampleRate: 16_000 });
  const pieces = await through(cut(file, 100, 31), readWavStream());
  assertEquals(join(pieces.map(({ data }) => data)), audio);
  assertEquals(pieces.every(({ sampleRate, data }) => sampleRate === 16_000 && data.length > 0), true);
});

Deno.test("readWavStream() errors if the file is not WAV or, if strict, is truncated", async () => {
  await assertRejects(() => through([new Uint8Array(12)], readWavStream()), SyntaxError, "must begin with RIFF…WAVE");
  const file = writeWav(new Int16Array(4));
  const strict = readWavStream({ strict: true });
  await assertRejects(() => through([file.subarray(0, 45)], strict), SyntaxError, "7 bytes are missing");
  await assertRejects(() => through([], readWavStream()), SyntaxError, "12 bytes are missing");
});

Deno.test("writeWavStream() writes files that readWavStream() reads, from split bytes and samples", async () => {
  const chunks = [new Uint8Array([1]), new Uint8Array([0, 2, 0]), new Int16Array([3])];
  const file = await through<Uint8Array | Int16Array, Uint8Array>(chunks, writeWavStream({ sampleRate: 8_000 }));
  const pieces = await through(file, readWavStream());
  assertEquals(pieces.flatMap(({ samples }) => [...samples]), [1, 2, 3]);
});

Deno.test("writeWavStream() writes a header even without audio", async () => {
  assertEquals(join(await through([], writeWavStream())).length, 44);
});

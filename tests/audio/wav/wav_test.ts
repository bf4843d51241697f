import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { decodeG711, encodeG711 } from "../../../src/audio/g711.ts";
import { readWav, writeWav } from "../../../src/audio/wav/wav.ts";
import { wavHeader } from "../../../src/audio/wav/wav_header.ts";
import { chunk, fmt, patch, riff } from "./_wav_files.ts";

const SAMPLES = new Int16Array([0, 1000, -1000, 32767, -32768, 7]);

Deno.test("writeWav() writes the standard 44-byte header, and the samples", () => {
  const file = writeWav(new Int16Array([1, -2]), { sampleRate: 16_000 });
  assertEquals(
    file,
    riff(chunk("fmt ", [1, 0, 1, 0, 0x80, 0x3e, 0, 0, 0, 0x7d, 0, 0, 2, 0, 16, 0]), chunk("data", [1, 0, 0xfe, 0xff])),
  );
});

Deno.test("writeWav() compresses samples, and writes bytes unchanged", () => {
  for (const format of ["audio/pcmu", "audio/pcma"] as const) {
    const codes = encodeG711(SAMPLES, format);
    const file = writeWav(SAMPLES, { format });
    assertEquals(writeWav(codes, { format }), file);
    assertEquals(
      file,
      riff(
        chunk("fmt ", [...fmt({ code: format === "audio/pcmu" ? 7 : 6, rate: 8_000, bits: 8 }), 0, 0]),
        chunk("fact", [6, 0, 0, 0]),
        chunk("data", codes),
      ),
    );
  }
});

Deno.test("writeWav() pads an odd size and does not count the padding", () => {
  const file = writeWav(new Uint8Array([1, 2, 3]), { format: "audio/pcma" });
  assertEquals([file.length, file.at(-1), file[54]], [62, 0, 3]);
  assertEquals(new DataView(file.buffer).getUint32(4, true), file.length - 8);
  assertEquals(readWav(file).data, new Uint8Array([1, 2, 3]));
});

Deno.test("writeWav() rejects partial frames and numbers that do not fit into the header", () => {
  assertThrows(() => writeWav(new Uint8Array(3)), RangeError, "whole frames of 2 bytes: current value is 3");
  assertThrows(() => writeWav(SAMPLES, { channels: 4 }), RangeError, "whole frames of 8 bytes");
  assertThrows(() => writeWav(SAMPLES, { sampleRate: 22_050.5 }), RangeError, "sampleRate");
  assertThrows(() => writeWav(SAMPLES, { sampleRate: 2 ** 31 }), RangeError, "sampleRate");
  assertThrows(() => writeWav(new Uint8Array(0), { channels: 40_000 }), RangeError, "channels");
  for (const size of [-2, 0.5, 2 ** 32 - 44]) {
    assertThrows(() => wavHeader({}, size), RangeError, `<= 4294967251: current value is ${size}`);
  }
  assertEquals(wavHeader({}, 2 ** 32 - 46).length, 44);
});

Deno.test("readWav() returns the input of writeWav()", () => {
  for (const channels of [1, 2, 3]) {
    const wav = readWav(writeWav(SAMPLES, { sampleRate: 44_100, channels }));
    assertEquals([wav.format, wav.sampleRate, wav.channels], ["audio/pcm", 44_100, channels]);
    assertEquals(wav.samples, SAMPLES);
  }
  for (const format of ["audio/pcmu", "audio/pcma"] as const) {
    const wav = readWav(writeWav(SAMPLES, { format }));
    assertEquals([wav.format, wav.sampleRate, wav.channels], [format, 8_000, 1]);
    assertEquals(wav.data, encodeG711(SAMPLES, format));
    assertEquals(wav.samples, decodeG711(wav.data, format));
  }
});

Deno.test("readWav() returns views of the file, and copies only samples at an odd address", () => {
  const file = writeWav(SAMPLES);
  const wav = readWav(file);
  assertStrictEquals(wav.data.buffer, file.buffer);
  assertStrictEquals(wav.samples.buffer, file.buffer);
  const shifted = new Uint8Array(file.length + 1);
  shifted.set(file, 1);
  assertEquals(readWav(shifted.subarray(1)).samples, SAMPLES);
});

Deno.test("readWav() skips chunks of any size before, between and after, and trailing data", () => {
  const file = riff(
    chunk("JUNK", new Uint8Array(28)),
    chunk("fmt ", fmt({})),
    chunk("LIST", [1, 2, 3]),
    chunk("fact", []),
    chunk("data", [1, 0, 2, 0]),
    chunk("LIST", [5, 6]),
    new TextEncoder().encode("data junk that is no chunk"),
  );
  assertEquals(readWav(file).samples, new Int16Array([1, 2]));
});

Deno.test("readWav() uses the first fmt chunk and the first data chunk", () => {
  const file = riff(
    chunk("fmt ", fmt({ rate: 16_000 })),
    chunk("fmt ", fmt({ rate: 8_000 })),
    chunk("data", [1, 0]),
    chunk("data", [2, 0]),
  );
  const { sampleRate, samples } = readWav(file);
  assertEquals([sampleRate, ...samples], [16_000, 1]);
});

Deno.test("readWav() reads fmt chunks of 16, 18, 40 and more bytes", () => {
  for (const extra of [0, 2, 24, 25, 100]) {
    const file = riff(chunk("fmt ", [...fmt({}), ...new Uint8Array(extra)]), chunk("data", [3, 0]));
    assertEquals(readWav(file).samples, new Int16Array([3]));
  }
});

Deno.test("readWav() reads the extensible form of each encoding", () => {
  for (const [code, bits, format] of [[1, 16, "audio/pcm"], [6, 8, "audio/pcma"], [7, 8, "audio/pcmu"]] as const) {
    const file = riff(chunk("fmt ", fmt({ code: 0xfffe, bits, subCode: code })), chunk("data", [1, 2]));
    const wav = readWav(file);
    assertEquals([wav.format, wav.data], [format, new Uint8Array([1, 2])]);
  }
});

Deno.test("readWav() drops a partial frame at the end", () => {
  const odd = riff(chunk("fmt ", fmt({})), chunk("data", [1, 0, 2]));
  assertEquals(readWav(odd).samples, new Int16Array([1]));
  const stereo = riff(chunk("fmt ", fmt({ channels: 2 })), chunk("data", [1, 0, 2, 0, 3, 0]));
  assertEquals(readWav(stereo).samples, new Int16Array([1, 2]));
});

Deno.test("readWav() needs no padding after odd data at the end of the file", () => {
  const file = riff(chunk("fmt ", fmt({ code: 7, bits: 8 })), chunk("data", [1, 2, 3]));
  assertEquals(readWav(file.subarray(0, file.length - 1)).data, new Uint8Array([1, 2, 3]));
});

Deno.test("readWav() reads to the end of the file if the size was never filled in", () => {
  const file = writeWav(SAMPLES);
  // The last is what sox writes for frames of six bytes.
  for (const size of [0, 0xffffffff, 0x80000000, 0x7fffffff, 0x7ffff000, 0x7fffeffc]) {
    for (const riffSize of [0, 0xffffffff, 36 + SAMPLES.byteLength]) {
      const streamed = patch(patch(file, 4, riffSize), 40, size);
      assertEquals(readWav(streamed).samples, SAMPLES);
    }
  }
});

Deno.test("readWav() reads a file without audio", () => {
  const wav = readWav(writeWav(new Int16Array(0), { sampleRate: 48_000 }));
  assertEquals([wav.sampleRate, wav.data.length, wav.samples.length], [48_000, 0, 0]);
});

Deno.test("readWav() explains what is wrong with a file", () => {
  const file = writeWav(SAMPLES);
  const data = chunk("data", [1, 0]);
  const of = (...settings: Parameters<typeof fmt>) => riff(chunk("fmt ", fmt(...settings)), data);
  const cases: readonly [Uint8Array, string][] = [
    [new TextEncoder().encode("OggS and so on and on"), 'must begin with RIFF…WAVE: it begins with "OggS and so "'],
    [patch(file, 8, 0x20495641), 'it begins with "RIFF'],
    [new Uint8Array(0), "its header is truncated: 12 bytes are missing"],
    [file.subarray(0, 11), "its header is truncated: 1 bytes are missing"],
    [file.subarray(0, 30), "its header is truncated: 6 bytes are missing"],
    [file.subarray(0, 36), "it has no data chunk"],
    [file.subarray(0, 40), "its header is truncated: 4 bytes are missing"],
    [file.subarray(0, 12), "it has no fmt chunk"],
    [riff(data), "it has no fmt chunk before its data chunk"],
    [riff(data, chunk("fmt ", fmt({}))), "it has no fmt chunk before its data chunk"],
    [riff(chunk("fmt ", [1, 0]), data), "its fmt chunk must be >= 16 bytes: current value is 2"],
    [riff(chunk("fmt ", []), data), "its fmt chunk must be >= 16 bytes: current value is 0"],
    [of({ code: 1, bits: 64 }), "its encoding is 1 with 64 bits"],
    [of({ code: 1, bits: 0 }), "its encoding is 1 with 0 bits"],
    [of({ code: 3, bits: 16 }), "its encoding is 3 with 16 bits"],
    [of({ code: 7, bits: 16 }), "its encoding is 7 with 16 bits"],
    [of({ code: 0xfffe, bits: 16, subCode: 3 }), "its encoding is 3 with 16 bits"],
    [patch(file, 0, 0x58464952), 'it begins with "RIFX'],
    [of({ code: 0x11, bits: 4 }), "its encoding is 17 with 4 bits"],
    [of({ code: 0xfffe, subCode: 1, guidTail: 0x72 }), "GUID ends in 000000001000800000aa00389b72"],
    [of({ code: 0xfffe }), "its extensible fmt chunk must be >= 40 bytes: current value is 16"],
    [of({ channels: 0 }), "it has 0 channels"],
    [of({ rate: 0 }), "at 0 Hz"],
    [of({ blockAlign: 4 }), "its block align must be 2: current value is 4"],
  ];
  for (const [bytes, message] of cases) assertThrows(() => readWav(bytes), SyntaxError, message);
});

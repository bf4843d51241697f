import { assertEquals } from "@std/assert";
import { readWav, writeWav } from "../../../src/audio/wav/wav.ts";
import { wavHeader } from "../../../src/audio/wav/wav_header.ts";
import { createWavWriter } from "../../../src/audio/wav/wav_writer.ts";
import { cut, join, randomBytes } from "../_helpers.ts";
import { patch } from "./_wav_files.ts";

Deno.test("createWavWriter() writes the file of writeWav() piece by piece, except for its sizes", () => {
  const bytes = randomBytes(1_000, 21);
  for (const layout of [{ sampleRate: 16_000 }, { channels: 2 }, { format: "audio/pcmu" }] as const) {
    const writer = createWavWriter(layout);
    const file = join([...cut(bytes, 9, 4).map((piece) => writer.push(piece)), writer.end()]);
    const whole = writeWav(bytes, layout);
    const sizeAt = whole.length - bytes.length - 4;
    const open = patch(patch(whole, 4, 0xffffffff), sizeAt, 0xffffffff);
    assertEquals(file, layout.format ? patch(open, sizeAt - 8, 0xffffffff) : open);
    assertEquals(writer.dataBytes, 1_000);
    assertEquals(readWav(file).data, bytes);
    file.set(wavHeader(layout, writer.dataBytes));
    assertEquals(file, whole);
  }
});

Deno.test("createWavWriter() compresses samples", () => {
  const samples = new Int16Array([5, -500, 5_000]);
  const writer = createWavWriter({ format: "audio/pcma" });
  assertEquals(readWav(writer.push(samples)), readWav(writeWav(samples, { format: "audio/pcma" })));
});

Deno.test("createWavWriter() writes a header without audio once, and drops a partial frame", () => {
  const writer = createWavWriter();
  assertEquals(writer.end(), wavHeader());
  assertEquals(writer.end().length, 0);
  assertEquals(writer.push(new Uint8Array([1, 2, 3])), new Uint8Array([1, 2]));
  assertEquals(writer.end().length, 0);
  assertEquals(writer.dataBytes, 2);
});

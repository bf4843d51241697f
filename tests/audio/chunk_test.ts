import { assertEquals, assertNotStrictEquals, assertThrows } from "@std/assert";
import { chunkAudio, createAudioChunker } from "../../src/audio/chunk.ts";
import { cut, join, randomBytes, through } from "./_helpers.ts";

Deno.test("createAudioChunker() returns chunks of one size, and every byte once, however the input is split", () => {
  const bytes = randomBytes(2_000, 3);
  for (const most of [1, 5, 59, 60, 61, 700, 2_000]) {
    const chunker = createAudioChunker({ chunkBytes: 60 });
    const chunks = cut(bytes, most, most).flatMap((piece) => chunker.push(piece));
    assertEquals(new Set(chunks.map((chunk) => chunk.length)), new Set([60]));
    const last = chunker.flush();
    assertEquals(last.length, 2_000 % 60);
    assertEquals(join([...chunks, last]), bytes);
  }
});

Deno.test("createAudioChunker() takes the size in milliseconds of the format, 100 ms of PCM by default", () => {
  assertEquals(createAudioChunker().chunkBytes, 4_800);
  assertEquals(createAudioChunker({ chunkMs: 20, format: "audio/pcmu" }).chunkBytes, 160);
  assertEquals(createAudioChunker({ chunkMs: 10, sampleRate: 22_050 }).chunkBytes, 442);
  assertEquals(createAudioChunker({ chunkMs: 20, sampleRate: 48_000, channels: 2 }).chunkBytes, 3_840);
});

Deno.test("createAudioChunker() holds less than a chunk, and reports how much", () => {
  const chunker = createAudioChunker({ chunkBytes: 4 });
  assertEquals(chunker.push(new Uint8Array(3)).length, 0);
  assertEquals(chunker.heldBytes, 3);
  assertEquals(chunker.push(new Uint8Array(6)).length, 2);
  assertEquals(chunker.heldBytes, 1);
});

Deno.test("createAudioChunker() flushes whole frames only, and restarts", () => {
  const chunker = createAudioChunker({ chunkBytes: 8, channels: 2 });
  chunker.push(new Uint8Array([1, 2, 3, 4, 5, 6, 7]));
  assertEquals(chunker.flush(), new Uint8Array([1, 2, 3, 4]));
  assertEquals(chunker.heldBytes, 0);
  assertEquals(chunker.flush(), new Uint8Array(0));
  assertEquals(chunker.push(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])), [new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])]);
});

Deno.test("createAudioChunker() copies its input, so that a buffer can be reused", () => {
  const chunker = createAudioChunker({ chunkBytes: 2 });
  const buffer = new Uint8Array([1, 2, 3]);
  const [chunk] = chunker.push(buffer);
  assertNotStrictEquals(chunk?.buffer, buffer.buffer);
  buffer.fill(9);
  assertEquals(chunk, new Uint8Array([1, 2]));
  assertEquals(chunker.push(new Uint8Array([4])), [new Uint8Array([3, 4])]);
});

Deno.test("createAudioChunker() rejects sizes that are empty, too large, or not whole frames", () => {
  for (const chunkBytes of [0, -2, 3, 1.5, NaN, Infinity]) {
    assertThrows(() => createAudioChunker({ chunkBytes }), RangeError, `current value is ${chunkBytes}`);
  }
  assertThrows(() => createAudioChunker({ chunkMs: 0.01 }), RangeError, "current value is 0");
  assertThrows(() => createAudioChunker({ chunkMs: -20 }), RangeError);
  assertThrows(() => createAudioChunker({ chunkMs: 20, chunkBytes: 960 }), TypeError, "both given");
  const most = 15 * 1024 * 1024;
  assertEquals(createAudioChunker({ chunkBytes: most }).chunkBytes, most);
  assertThrows(() => createAudioChunker({ chunkBytes: most + 2 }), RangeError, `<= ${most} bytes`);
  assertThrows(() => createAudioChunker({ chunkMs: 20, maxChunkBytes: 900 }), RangeError, "current value is 960");
});

Deno.test("chunkAudio() streams chunks, and the rest at the end", async () => {
  const bytes = randomBytes(1_001, 5);
  const chunks = await through(cut(bytes, 100, 5), chunkAudio({ chunkBytes: 300 }));
  assertEquals(chunks.map((chunk) => chunk.length), [300, 300, 300, 100]);
  assertEquals(join(chunks), bytes.subarray(0, 1_000));
});

Deno.test("chunkAudio() ends without an empty chunk when nothing is left over", async () => {
  assertEquals((await through([new Uint8Array(8)], chunkAudio({ chunkBytes: 4 }))).length, 2);
  assertEquals(await through([], chunkAudio()), []);
});

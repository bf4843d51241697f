import { assertEquals, assertThrows } from "@std/assert";
import { encodeBase64 } from "../../../src/audio/base64.ts";
import { SpeechReader } from "../../../src/voice/_media/speech_reader.ts";

const PCM = { type: "audio/pcm", rate: 24_000 } as const;

function delta(itemId: string, bytes: number) {
  return {
    type: "response.output_audio.delta",
    item_id: itemId,
    response_id: "resp_1",
    output_index: 1,
    content_index: 2,
    delta: encodeBase64(new Uint8Array(bytes)),
  };
}

Deno.test("SpeechReader splits deltas into pieces of similar length that carry their position", () => {
  const pieces = new SpeechReader(40).read(delta("item_1", 90 * 48), PCM);
  assertEquals(pieces.map(({ startMs, durationMs, bytes }) => [startMs, durationMs, bytes.length]), [
    [0, 30, 1440],
    [30, 30, 1440],
    [60, 30, 1440],
  ]);
  const { itemId, responseId, outputIndex, contentIndex } = pieces[0]!;
  assertEquals([itemId, responseId, outputIndex, contentIndex], ["item_1", "resp_1", 1, 2]);
});

Deno.test("SpeechReader loses no byte to rounding, and splits at whole samples", () => {
  for (const bytes of [2, 1920, 1922, 4810, 9602, 100_002]) {
    const pieces = new SpeechReader(40).read(delta("item_1", bytes), PCM);
    assertEquals(pieces.reduce((sum, piece) => sum + piece.bytes.length, 0), bytes);
    for (const piece of pieces) {
      assertEquals([piece.bytes.length % 2, piece.bytes.length > 0, piece.durationMs <= 41], [0, true, true]);
    }
  }
});

Deno.test("SpeechReader makes few pieces whatever rate the server states", () => {
  for (const type of ["audio/pcm", "audio/pcmu", "constructor", 7]) {
    for (const rate of [8, 0.5, 1e-9, 5e-324, 0, -24_000, 1e308, Infinity, NaN, "8", null, {}]) {
      const pieces = new SpeechReader(40).read(delta("item_1", 4800), { type, rate } as unknown as typeof PCM);
      assertEquals(pieces.length <= 15, true, `${type} ${rate}: ${pieces.length}`);
      assertEquals(pieces.reduce((sum, piece) => sum + piece.bytes.length, 0), 4800);
    }
  }
});

Deno.test("SpeechReader keeps a delta whole up to the maximum piece length", () => {
  assertEquals(new SpeechReader(Infinity).read(delta("item_1", 48_000), PCM).length, 1);
  assertEquals(new SpeechReader(100).read(delta("item_1", 4800), PCM).length, 1);
  assertEquals(new SpeechReader(100).read(delta("item_1", 0), PCM), []);
});

Deno.test("SpeechReader handles implausible rates without hanging", () => {
  for (const rate of [8, 1e-9, -1, NaN, Infinity, 1e12]) {
    const format = { type: "audio/pcm", rate } as const;
    assertEquals(new SpeechReader(40).read(delta("item_1", 4800), format).length, 3, `${rate}`);
  }
});

Deno.test("SpeechReader measures audio in the session's format", () => {
  const pieces = new SpeechReader(40).read(delta("item_1", 480), { type: "audio/pcmu" });
  assertEquals(pieces.map(({ durationMs }) => durationMs), [30, 30]);
});

Deno.test("SpeechReader rejects invalid base64", () => {
  assertThrows(() => new SpeechReader(40).read({ ...delta("item_1", 0), delta: "*" }, PCM), SyntaxError);
});

Deno.test("SpeechReader remembers the positions of 64 items, and forgets complete ones", () => {
  const reader = new SpeechReader(40);
  for (let i = 0; i < 65; i++) reader.read(delta(`item_${i}`, 4800), PCM);
  assertEquals(reader.read(delta("item_1", 48), PCM)[0]?.startMs, 100);
  reader.end("item_1");
  assertEquals(reader.read(delta("item_1", 48), PCM)[0]?.startMs, 0);
  assertEquals(reader.read(delta("item_0", 48), PCM)[0]?.startMs, 0);
});

Deno.test("SpeechReader remembers the formats of 64 responses, and reads older ones in the session's format", () => {
  const reader = new SpeechReader(100);
  const audio = { output: { format: { type: "audio/pcmu" } } };
  for (let i = 0; i < 65; i++) reader.begin({ type: "response.created", response: { id: `resp_${i}`, audio } });
  const durations = [0, 1, 64].map((i) => {
    const pieces = reader.read({ ...delta(`item_${i}`, 240), response_id: `resp_${i}` }, PCM);
    return pieces.map(({ durationMs }) => durationMs);
  });
  assertEquals(durations, [[5], [30], [30]]);
});

Deno.test("SpeechReader returns the audio in order, however long a delta is", () => {
  const bytes = Uint8Array.from({ length: 4_810 }, (_, index) => index % 251);
  const pieces = new SpeechReader(40).read({ ...delta("item_1", 0), delta: encodeBase64(bytes) }, PCM);
  assertEquals(pieces.flatMap((piece) => [...piece.bytes]), [...bytes]);
});

Deno.test("SpeechReader keeps samples whole, for each item, when deltas split them", () => {
  const reader = new SpeechReader(100);
  const bytes = Uint8Array.from({ length: 60 }, (_, index) => index);
  const read = (itemId: string, from: number, to: number) =>
    reader.read({ ...delta(itemId, 0), delta: encodeBase64(bytes.subarray(from, to)) }, PCM)
      .flatMap((piece) => [...piece.bytes]);
  // The last two bytes have an even number, and follow half a sample.
  const read1 = [read("item_1", 0, 5), read("item_1", 5, 8), read("item_1", 8, 11), read("item_1", 11, 13)];
  assertEquals(read("item_2", 20, 24), [20, 21, 22, 23]);
  assertEquals([...read1, read("item_1", 13, 14)], [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9], [10, 11], [12, 13]]);
});

Deno.test("SpeechReader measures a response without a format of its own in the session's format", () => {
  const reader = new SpeechReader(100);
  reader.begin({ type: "response.created", response: { id: "resp_1", audio: { output: {} } } });
  const pieces = reader.read(delta("item_1", 240), { type: "audio/pcmu" });
  assertEquals(pieces.map(({ durationMs }) => durationMs), [30]);
});

import { assertEquals, assertThrows } from "@std/assert";
import { encodeBase64 } from "../../src/audio/base64.ts";
import { SpeechReader } from "../../src/voice/_speech_reader.ts";

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

Deno.test("SpeechReader cuts deltas into pieces of at most 40 ms that know where they belong", () => {
  const pieces = new SpeechReader().read(delta("item_1", 90 * 48), PCM);
  assertEquals(pieces.map(({ startMs, durationMs, bytes }) => [startMs, durationMs, bytes.length]), [
    [0, 40, 1920],
    [40, 40, 1920],
    [80, 10, 480],
  ]);
  const { itemId, responseId, outputIndex, contentIndex } = pieces[0]!;
  assertEquals([itemId, responseId, outputIndex, contentIndex], ["item_1", "resp_1", 1, 2]);
});

Deno.test("SpeechReader measures audio in the session's format", () => {
  const pieces = new SpeechReader().read(delta("item_1", 480), { type: "audio/pcmu" });
  assertEquals(pieces.map(({ durationMs }) => durationMs), [40, 20]);
});

Deno.test("SpeechReader refuses what is not base64", () => {
  assertThrows(() => new SpeechReader().read({ ...delta("item_1", 0), delta: "*" }, PCM), SyntaxError);
});

Deno.test("SpeechReader remembers where 64 items are, and forgets those that are complete", () => {
  const reader = new SpeechReader();
  for (let i = 0; i < 65; i++) reader.read(delta(`item_${i}`, 4800), PCM);
  assertEquals(reader.read(delta("item_1", 48), PCM)[0]?.startMs, 100);
  reader.end("item_1");
  assertEquals(reader.read(delta("item_1", 48), PCM)[0]?.startMs, 0);
  assertEquals(reader.read(delta("item_0", 48), PCM)[0]?.startMs, 0);
});

Deno.test("SpeechReader remembers the formats of 64 responses, and reads older ones in the session's", () => {
  const reader = new SpeechReader();
  const audio = { output: { format: { type: "audio/pcmu" } } };
  for (let i = 0; i < 65; i++) reader.begin({ type: "response.created", response: { id: `resp_${i}`, audio } });
  const durations = [0, 1, 64].map((i) => {
    const pieces = reader.read({ ...delta(`item_${i}`, 240), response_id: `resp_${i}` }, PCM);
    return pieces.map(({ durationMs }) => durationMs);
  });
  assertEquals(durations, [[5], [30], [30]]);
});

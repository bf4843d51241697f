import { assertEquals, assertStrictEquals } from "@std/assert";
import { alignPcm, createPcmAligner } from "../../src/audio/pcm_aligner.ts";
import { toBytes, toInt16 } from "../../src/audio/pcm.ts";
import { cut, join, randomBytes, through } from "./_helpers.ts";

Deno.test("createPcmAligner() reads the same samples however the bytes are split", () => {
  const bytes = randomBytes(2000, 1);
  for (let most = 1; most <= 9; most++) {
    const aligner = createPcmAligner();
    const pieces = cut(bytes, most, most).map((piece) => toBytes(aligner.push(piece)));
    assertEquals(toInt16(join(pieces)), toInt16(bytes));
    assertEquals(aligner.heldBytes, 0);
  }
});

Deno.test("createPcmAligner() returns views while nothing is held, and copies a byte that it holds", () => {
  const aligner = createPcmAligner();
  const bytes = new Uint8Array([1, 0, 2]);
  assertStrictEquals(aligner.push(bytes).buffer, bytes.buffer);
  assertEquals(aligner.heldBytes, 1);
  bytes.fill(9);
  assertEquals(aligner.push(new Uint8Array([1, 3, 0])), new Int16Array([0x102, 3]));
});

Deno.test("createPcmAligner() forgets the held byte on reset()", () => {
  const aligner = createPcmAligner();
  aligner.push(new Uint8Array([1]));
  aligner.reset();
  assertEquals(aligner.heldBytes, 0);
  assertEquals(aligner.push(new Uint8Array([5, 0])), new Int16Array([5]));
});

Deno.test("alignPcm() streams samples, never an empty chunk, and drops half a sample at the end", async () => {
  const chunks = [[1], [], [0, 2, 0], [3]].map((bytes) => new Uint8Array(bytes));
  assertEquals(await through(chunks, alignPcm()), [new Int16Array([1, 2])]);
});

import { assertEquals } from "@std/assert";
import { AudioTape } from "../../../../src/simulator/_session/input/audio_tape.ts";

Deno.test("AudioTape returns appended audio by time, and forgets older audio", () => {
  const tape = new AudioTape(1, 10);
  tape.append(Int16Array.of(1, 2, 3));
  tape.append(Int16Array.of(4, 5));
  assertEquals([tape.startMs, tape.endMs], [10, 15]);
  assertEquals(tape.take(11, 14), Int16Array.of(2, 3, 4));
  assertEquals([tape.startMs, tape.endMs], [14, 15]);
  // Neither removed nor future audio is returned.
  assertEquals(tape.take(0, 99), Int16Array.of(5));
});

Deno.test("AudioTape copies appended audio, so that its memory can be reused", () => {
  const tape = new AudioTape(24, 0);
  const piece = new Int16Array(24);
  for (let value = 1; value <= 3; value++) tape.append(piece.fill(value));
  assertEquals(tape.take(1, 3), Int16Array.from({ length: 48 }, (_, index) => index < 24 ? 2 : 3));
});

Deno.test("AudioTape is a window on all appended audio, however long and uneven the pieces are", () => {
  const tape = new AudioTape(1, 0);
  let appended = 0;
  let forgotten = 0;
  for (let round = 0; round < 3000; round++) {
    // Occasionally a minute at once, after which a short window is kept again.
    const length = round % 500 === 250 ? 400_000 : 1 + round * 7919 % 997;
    tape.append(Int16Array.from({ length }, (_, index) => (appended + index) % 30_011));
    appended += length;
    forgotten = Math.max(forgotten, appended - (round % 700 < 350 ? 2000 : 20_000));
    tape.forgetBefore(forgotten);
    assertEquals([tape.startMs, tape.endMs], [forgotten, appended]);
    if (round % 10 > 0) continue;
    const taken = tape.take(forgotten + 3, forgotten + 500);
    assertEquals(taken.length, Math.max(0, Math.min(497, appended - forgotten - 3)));
    assertEquals(taken.findIndex((sample, index) => sample !== (forgotten + 3 + index) % 30_011), -1);
    forgotten = Math.max(tape.startMs, forgotten);
    // No returned array shares memory with the tape.
    assertEquals(taken.buffer.byteLength, taken.byteLength);
  }
});

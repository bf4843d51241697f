import { assertEquals } from "@std/assert";
import { AudioTape } from "../../../../src/simulator/_session/input/audio_tape.ts";

Deno.test("AudioTape gives out what was appended, addressed by time, and forgets what lies before it", () => {
  const tape = new AudioTape(1, 10);
  tape.append(Int16Array.of(1, 2, 3));
  tape.append(Int16Array.of(4, 5));
  assertEquals([tape.startMs, tape.endMs], [10, 15]);
  assertEquals(tape.take(11, 14), Int16Array.of(2, 3, 4));
  assertEquals([tape.startMs, tape.endMs], [14, 15]);
  // What is gone is not given out, nor what has not come.
  assertEquals(tape.take(0, 99), Int16Array.of(5));
});

Deno.test("AudioTape keeps no audio that it has forgotten, not even that of the same append", () => {
  const tape = new AudioTape(24, 0);
  const transferred: ArrayBufferLike[] = [];
  for (let round = 0; round < 3; round++) {
    const samples = new Int16Array(24 * 60_000);
    transferred.push(samples.buffer);
    tape.append(samples);
    tape.forgetBefore(tape.endMs - 300);
  }
  // Were a view of what was appended kept, there would be nothing left of it.
  for (const buffer of transferred) (buffer as ArrayBuffer).transfer(0);
  assertEquals(tape.take(0, tape.endMs).length, 300 * 24);
});

import { assert, assertEquals } from "@std/assert";
import { ByteRing } from "../../../src/session/_recovery/byte_ring.ts";
import { randomFrom, testSeed } from "../../_random.ts";

Deno.test("ByteRing keeps what was pushed and not dropped, wherever it lies in its memory", () => {
  const random = randomFrom(testSeed());
  const ring = new ByteRing();
  let kept: number[] = [];
  let next = 0;
  for (let step = 0; step < 500; step++) {
    if (random() < 0.55) {
      const bytes = Uint8Array.from({ length: Math.floor(random() ** 4 * 20_000) }, () => next++);
      ring.push(bytes);
      bytes.fill(7);
      for (let i = next - bytes.length; i < next; i++) kept.push(i & 255);
    } else {
      const count = random() < 0.05 ? kept.length : Math.floor(random() ** 3 * kept.length);
      ring.drop(count);
      kept = kept.slice(count);
    }
    if (step % 20 === 0) assertEquals(ring.copy(), Uint8Array.from(kept));
  }
});

Deno.test("ByteRing frees the memory of a long turn", () => {
  const ring = new ByteRing();
  for (let i = 0; i < 600; i++) ring.push(new Uint8Array(4800));
  ring.drop(597 * 4800);
  assert(ring.memoryBytes <= 30_000, `${ring.memoryBytes}`);
  ring.drop(3 * 4800);
  assertEquals([ring.memoryBytes, ring.copy().length], [0, 0]);
});

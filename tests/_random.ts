/** Random numbers from 0 up to, not including, 1: the same ones for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The seed of a random test, which is printed. It is `SEED` of the environment, as in the gate, which gives the same answer
 * for the same commit; otherwise, and with `SEED=new`, it is a new number.
 */
export function testSeed(): number {
  const { SEED = "new" } = Deno.env.toObject();
  const seed = SEED === "new" ? crypto.getRandomValues(new Uint32Array(1))[0]! : Number(SEED);
  console.log(`SEED=${seed} repeats this`);
  return seed;
}

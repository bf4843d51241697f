import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type FilterPhase, filterPhase, type PhasePlace } from "../../src/_internal/polyphase/filter_phase.ts";
import { filterPhaseFast } from "../../src/_internal/polyphase/filter_phase_fast.ts";
import { filterPhaseSimd } from "../../src/_internal/polyphase/filter_phase_simd.ts";
import { createPolyphaseFilter, designRateFilter } from "../../src/_internal/polyphase/polyphase_filter.ts";
import { createSimdKernel } from "../../src/_internal/polyphase/simd_kernel.ts";
import { randomFrom } from "../_random.ts";

const next = randomFrom(12);
const noise = (length: number) => Float32Array.from({ length }, () => Math.fround(next() * 2 - 1));

/** The output of one phase, in which samples of other phases stay 9. */
function run(filter: FilterPhase, weights: Float32Array, input: Float32Array, length: number, place: PhasePlace) {
  const output = new Float32Array(length).fill(9);
  filter(weights, input, output, place);
  return output;
}

Deno.test("every inner loop computes the same samples, for any number of them, and leaves those of other phases", () => {
  for (const phases of [1, 2, 3, 8, 9]) {
    for (const [advance, taps] of [[1, 80], [3, 232], [5, 12]] as const) {
      const weights = noise(taps);
      for (let length = 1; length <= 14 * phases; length += 1 + phases >> 1) {
        for (let offset = 0; offset < Math.min(phases, length); offset++) {
          const input = noise(taps + 20 * advance);
          const place = { at: 2, offset, advance, phases };
          const expected = run(filterPhase, weights, input, length, place);
          for (const filter of [filterPhaseFast, filterPhaseSimd]) {
            const output = run(filter, weights, input, length, place);
            const title = `${filter === filterPhaseSimd ? "SIMD" : "fast"}: ${phases} phases, ${length} from ${offset}`;
            for (const [index, sample] of output.entries()) {
              assertAlmostEquals(sample, expected[index]!, 1e-4, `${title}: sample ${index}`);
            }
          }
        }
      }
    }
  }
});

Deno.test("the SIMD kernel runs on this runtime, and sums the products of exact floats exactly", () => {
  const kernel = createSimdKernel();
  assert(kernel);
  const floats = new Float32Array(kernel.memory);
  // Weights 1 to 8, then the input: 0, 1, 2 and so on; 2 steps from one output to the next.
  floats.set([1, 2, 3, 4, 5, 6, 7, 8]);
  floats.set(Array.from({ length: 40 }, (_, index) => index), 8);
  floats.fill(-1, 100, 120);
  kernel.filter(0, 32, 32, 8, 400, 400 + 5 * 4);
  // Four at a time: the fifth comes with three more.
  const sums = Array.from({ length: 8 }, (_, index) => 168 + 72 * index);
  assertEquals([...floats.subarray(100, 109)], [...sums, -1]);
});

Deno.test("the SIMD loop is 120 dB from the exact one: rates of telephony and of CDs, the longest filter, many phases", () => {
  const telephone = [[8_000, 24_000], [24_000, 8_000]] as const;
  const others = [[192_000, 8_000], [48_000, 24_000], [44_100, 24_000], [22_050, 24_000], [8_000, 44_100]] as const;
  for (const [from, to] of [...telephone, ...others]) {
    const [filter, samples] = [designRateFilter(from, to), Float32Array.from(noise(from / 10))];
    const exact = createPolyphaseFilter(filter, filterPhase)(samples);
    const simd = createPolyphaseFilter(filter, filterPhaseSimd)(samples);
    assertEquals(simd.length, exact.length);
    const worst = exact.reduce((most, sample, index) => Math.max(most, Math.abs(sample - simd[index]!)), 0);
    assert(worst < 1e-6, `${from} -> ${to}: ${worst}`);
  }
});

Deno.test("the SIMD loop gives way to the fast one in a page, whose policy may forbid WebAssembly", async () => {
  const { WebAssembly } = globalThis;
  const url = new URL("../../src/_internal/polyphase/filter_phase_simd.ts", import.meta.url).href;
  const [weights, input, place] = [noise(8), noise(40), { at: 0, offset: 0, advance: 1, phases: 1 }];
  try {
    Object.assign(globalThis, { document: {} });
    Object.defineProperty(globalThis, "WebAssembly", {
      configurable: true,
      get: () => {
        throw new Error("WebAssembly was asked for");
      },
    });
    const { filterPhaseSimd: inPage } = await import(`${url}?page`);
    assertEquals(run(inPage, weights, input, 9, place), run(filterPhaseFast, weights, input, 9, place));
    // On a server that forbids it, too.
    Reflect.deleteProperty(globalThis, "document");
    const { filterPhaseSimd: onServer } = await import(`${url}?server`);
    assertEquals(run(onServer, weights, input, 9, place), run(filterPhaseFast, weights, input, 9, place));
  } finally {
    Reflect.deleteProperty(globalThis, "document");
    Object.defineProperty(globalThis, "WebAssembly", { configurable: true, writable: true, value: WebAssembly });
  }
});

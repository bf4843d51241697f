// This module is browser compatible.
import type { FilterPhase } from "./filter_phase.ts";
import { filterPhaseFast } from "./filter_phase_fast.ts";
import { createSimdKernel, type SimdKernel } from "./simd_kernel.ts";

/** Filters with more phases are not faster, as the input is copied for each phase: 441 phases are 8 % slower. */
const MAX_PHASES = 160;

/** The kernel, and its memory. */
interface Simd extends Pick<SimdKernel, "filter"> {
  readonly floats: Float32Array;
}

/** Shared by all filters, as nothing stays in its memory; null where it cannot run. */
let simd: Simd | null | undefined;

function createSimd(): Simd | null {
  // The policy of a page may forbid it, and the attempt would be reported.
  const kernel = "document" in globalThis ? undefined : createSimdKernel();
  return kernel ? { filter: kernel.filter, floats: new Float32Array(kernel.memory) } : null;
}

/** Like {@linkcode filterPhaseFast}, but several times as fast on servers whose runtime has WebAssembly with SIMD. */
export const filterPhaseSimd: FilterPhase = (weights, input, output, place) => {
  const { advance, at, offset, phases } = place;
  if (simd === undefined) simd = createSimd();
  const taps = weights.length;
  // The kernel computes four outputs at a time: up to three too many, for which it reads beyond the input.
  const outputAt = taps + input.length + 4 * advance;
  // The same for all audio of a filter, as the result must not depend on how it is cut.
  const canRun = simd && phases <= MAX_PHASES && outputAt + input.length <= simd.floats.length;
  if (!simd || !canRun) return filterPhaseFast(weights, input, output, place);
  const { filter, floats } = simd;
  const count = Math.ceil((output.length - offset) / phases);
  floats.set(weights);
  floats.set(input.subarray(at, at + (count - 1) * advance + taps), taps);
  filter(0, taps * 4, taps * 4, advance * 4, outputAt * 4, (outputAt + count) * 4);
  for (let i = 0; i < count; i++) output[offset + i * phases] = floats[outputAt + i]!;
};

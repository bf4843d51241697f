// This module is browser compatible.
import type { FilterPhase } from "./filter_phase.ts";
import { designPolyphase, type Polyphase } from "./polyphase.ts";

/** Number of input samples filtered at a time, and the output steps added to it. */
const BLOCK = 512;
const BLOCK_STEPS = 16;

/** The ratio of two sample rates: an output step is `advance / phases` input steps. */
export function reducedRatio(from: number, to: number): { readonly advance: number; readonly phases: number } {
  const divisor = greatestCommonDivisor(from, to);
  return { advance: from / divisor, phases: to / divisor };
}

/** A designed filter, and the ratio of its rates. */
export type RateFilter = Polyphase & ReturnType<typeof reducedRatio>;

/**
 * Designs the filter that converts between two sample rates. The caller has checked that their ratio is simple.
 * `transition` is that of {@linkcode designPolyphase}.
 */
export function designRateFilter(from: number, to: number, transition = 0.1): RateFilter {
  const { advance, phases } = reducedRatio(from, to);
  return { advance, phases, ...designPolyphase(phases, phases / advance, transition) };
}

/** Takes samples, of which 1 is the full scale after `scale`, and returns those that are ready. */
export type PolyphaseFilter = (samples: Int16Array | Float32Array, scale?: number) => Float32Array<ArrayBuffer>;

/**
 * Filters audio that arrives in pieces. `filterPhase` is the fast loop, or the short one for pages, whose size matters
 * more.
 */
export function createPolyphaseFilter(
  { advance, phases, reach, weights }: RateFilter,
  filterPhase: FilterPhase,
): PolyphaseFilter {
  const taps = 2 * reach;
  /** The past samples needed by the next output samples, followed by the current block. The past starts as silence. */
  const input = new Float32Array(taps + BLOCK + BLOCK_STEPS * advance);
  let filled = reach - 1;
  /** Position of the next output sample: the first of its `taps` input samples, and the phase. */
  let start = 0;
  let phase = 0;

  /** Number of output samples that can be computed after `more` further input samples. */
  function readyAfter(more: number): number {
    const starts = filled + more - taps - start + 1;
    return starts > 0 ? Math.ceil((starts * phases - phase) / advance) : 0;
  }

  /** Writes the next output samples. */
  function filter(output: Float32Array): void {
    for (let offset = 0; offset < Math.min(phases, output.length); offset++) {
      const place = phase + offset * advance;
      const row = place % phases;
      const at = start + Math.floor(place / phases);
      filterPhase(weights.subarray(row * taps, (row + 1) * taps), input, output, { at, offset, advance, phases });
    }
    const next = phase + output.length * advance;
    start += Math.floor(next / phases);
    phase = next % phases;
  }

  return (samples, scale = 1) => {
    const output = new Float32Array(readyAfter(samples.length));
    let written = 0;
    for (let offset = 0; offset < samples.length;) {
      if (samples.length - offset > input.length - filled) {
        input.copyWithin(0, start, filled);
        filled -= start;
        start = 0;
      }
      const count = Math.min(input.length - filled, samples.length - offset);
      const end = written + readyAfter(count);
      for (let i = 0; i < count; i++) input[filled + i] = samples[offset + i]! * scale;
      filled += count;
      offset += count;
      filter(output.subarray(written, end));
      written = end;
    }
    return output;
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

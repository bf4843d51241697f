// This module is browser compatible.
import type { FilterPhase } from "./filter_phase.ts";
import { designPolyphase } from "./polyphase.ts";

/** Number of input samples filtered at a time, and the output steps added to it. */
const BLOCK = 512;
const BLOCK_STEPS = 16;

/** The ratio of two sample rates: an output step is `advance / phases` input steps. */
export function reducedRatio(from: number, to: number): { readonly advance: number; readonly phases: number } {
  const divisor = greatestCommonDivisor(from, to);
  return { advance: from / divisor, phases: to / divisor };
}

/** A filter for audio that arrives in pieces. */
export interface PolyphaseFilter {
  /** Look-ahead, in milliseconds of audio. */
  readonly latencyMs: number;
  /** Takes samples and returns those that are ready. */
  push(samples: Int16Array | Float32Array): Float32Array<ArrayBuffer>;
  /** Returns the tail, as if silence followed, and resets the filter. */
  flush(): Float32Array<ArrayBuffer>;
}

/**
 * Creates a filter that converts between two sample rates. The caller has checked that their ratio is simple. `filterPhase`
 * is the fast loop, or the short one for pages, whose size matters more. `transition` is that of {@linkcode designPolyphase}.
 */
export function createPolyphaseFilter(
  from: number,
  to: number,
  filterPhase: FilterPhase,
  transition = 0.1,
): PolyphaseFilter {
  const { advance, phases } = reducedRatio(from, to);
  const { reach, weights } = designPolyphase(phases, phases / advance, transition);
  const taps = 2 * reach;
  /** The past samples needed by the next output samples, followed by the current block. The past starts as silence. */
  const input = new Float64Array(taps + BLOCK + BLOCK_STEPS * advance);
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

  function push(samples: Int16Array | Float32Array): Float32Array<ArrayBuffer> {
    const scale = samples instanceof Int16Array ? 1 / 32768 : 1;
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
  }

  function flush(): Float32Array<ArrayBuffer> {
    const tail = push(new Float32Array(reach));
    input.fill(0);
    filled = reach - 1;
    start = 0;
    phase = 0;
    return tail;
  }
  return { latencyMs: reach * 1000 / from, push, flush };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

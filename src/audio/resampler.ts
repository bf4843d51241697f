// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { designPolyphase } from "./_polyphase.ts";
import { pcm16ToFloat32 } from "./pcm.ts";

/** Options of {@linkcode createResampler}, {@linkcode resample} and {@linkcode resampleAudio}. */
export interface ResampleOptions {
  /** Samples per second that come in, an integer from 8 000 to 192 000. */
  readonly from: number;
  /** Samples per second that go out, an integer from 8 000 to 192 000. */
  readonly to: number;
}

const OPTION_NAMES: OptionNames<ResampleOptions> = { from: 1, to: 1 };

/** Changes the sample rate of mono audio that comes piece by piece, see {@linkcode createResampler}. */
export interface Resampler {
  /**
   * How far the filter looks ahead, in milliseconds of audio: a sample comes out once so much more has come in. This
   * delays the delivery only. The audio is not shifted: the first sample out belongs to the time of the first one in.
   */
  readonly latencyMs: number;
  /** Takes the next samples and returns those that are ready, with a full scale of 1. */
  push(samples: Int16Array | Float32Array): Float32Array<ArrayBuffer>;
  /** Returns the tail, as if silence followed, and starts anew. */
  flush(): Float32Array<ArrayBuffer>;
}

/** Largest term of the reduced ratio of two rates. Bounds the filter to about a megabyte. */
const MAX_TERM = 1280;

/** Input samples that are filtered at a time. */
const BLOCK = 4096;

/**
 * Creates a resampler for mono audio: a windowed sinc at exact rational steps, so that it never drifts, and its output
 * does not depend on how the input is cut. With the tail, `n` samples in become `Math.ceil(n * to / from)` out.
 *
 * Between any of 8, 16, 22.05, 24, 44.1 and 48 kHz, what lies below 90 % of half the lower rate passes unchanged, and
 * what lies above half the lower rate is damped by 90 dB. Other rates will do when their ratio is simple enough. With
 * equal rates the samples pass as they are.
 *
 * @param options the two rates.
 * @throws {RangeError} when a rate is out of range, or a term of the reduced ratio of the two is above 1 280.
 * @throws {TypeError} when there is an option that is not known.
 *
 * @example Telephony to what the API takes, as it comes
 * ```ts
 * import { createResampler } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const resampler = createResampler({ from: 8000, to: 24000 });
 * const first = resampler.push(new Int16Array(160));
 * const second = resampler.push(new Int16Array(160));
 * const tail = resampler.flush();
 * assertEquals(first.length + second.length + tail.length, 960);
 * ```
 */
export function createResampler(options: ResampleOptions): Resampler {
  checkOptions("resample", options, OPTION_NAMES);
  const { from, to } = options;
  const divisor = greatestCommonDivisor(checkRate("from", from), checkRate("to", to));
  // An output step is `advance / phases` input steps.
  const advance = from / divisor;
  const phases = to / divisor;
  if (Math.max(advance, phases) > MAX_TERM) {
    throw new RangeError(
      `Cannot resample as the terms of the ratio of the rates must be <= ${MAX_TERM}: it is ${advance}:${phases}`,
    );
  }
  return from === to ? passThrough() : createFilter(advance, phases, from);
}

function passThrough(): Resampler {
  return {
    latencyMs: 0,
    push: (samples) => samples instanceof Int16Array ? pcm16ToFloat32(samples) : Float32Array.from(samples),
    flush: () => new Float32Array(0),
  };
}

function createFilter(advance: number, phases: number, from: number): Resampler {
  const { reach, weights } = designPolyphase(phases, phases / advance);
  const taps = 2 * reach;
  /** What the next output samples need of the past, and the block that is being filtered. The first past is silence. */
  const input = new Float64Array(taps + BLOCK);
  let filled = reach - 1;
  /** The place of the next output sample: the first of the `taps` input samples that it needs, and the phase. */
  let start = 0;
  let phase = 0;

  /** How many output samples the input suffices for once `more` samples have come. */
  function readyAfter(more: number): number {
    const starts = filled + more - taps - start + 1;
    return starts > 0 ? Math.ceil((starts * phases - phase) / advance) : 0;
  }

  /** Writes the next output samples. */
  function filter(output: Float32Array): void {
    let [at, row] = [start, phase];
    for (let i = 0; i < output.length; i++) {
      const first = row * taps;
      // Four sums: a single one would have to wait for itself at every step.
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let tap = 0; tap < taps; tap += 4) {
        a += weights[first + tap]! * input[at + tap]!;
        b += weights[first + tap + 1]! * input[at + tap + 1]!;
        c += weights[first + tap + 2]! * input[at + tap + 2]!;
        d += weights[first + tap + 3]! * input[at + tap + 3]!;
      }
      output[i] = a + b + c + d;
      row += advance;
      at += Math.floor(row / phases);
      row %= phases;
    }
    [start, phase] = [at, row];
  }

  function push(samples: Int16Array | Float32Array): Float32Array<ArrayBuffer> {
    const scale = samples instanceof Int16Array ? 1 / 32768 : 1;
    const output = new Float32Array(readyAfter(samples.length));
    let written = 0;
    for (let offset = 0; offset < samples.length;) {
      const count = Math.min(input.length - filled, samples.length - offset);
      const end = written + readyAfter(count);
      for (let i = 0; i < count; i++) input[filled + i] = samples[offset + i]! * scale;
      filled += count;
      offset += count;
      filter(output.subarray(written, end));
      written = end;
      if (filled === input.length) {
        input.copyWithin(0, start);
        filled -= start;
        start = 0;
      }
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

function checkRate(name: string, rate: number): number {
  if (!Number.isInteger(rate) || rate < 8_000 || rate > 192_000) {
    throw new RangeError(`Cannot resample as ${name} must be an integer from 8000 to 192000: current value is ${rate}`);
  }
  return rate;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

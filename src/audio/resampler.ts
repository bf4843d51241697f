// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { createPolyphaseFilter, reducedRatio } from "../_internal/polyphase/polyphase_filter.ts";
import { pcm16ToFloat32 } from "./pcm.ts";

/**
 * Options of {@linkcode createResampler}, {@linkcode resample} and {@linkcode resampleAudio}.
 *
 * @category Audio
 */
export interface ResampleOptions {
  /** Samples per second that come in, an integer from 8 000 to 192 000. */
  readonly from: number;
  /** Samples per second that go out, an integer from 8 000 to 192 000. */
  readonly to: number;
}

const OPTION_NAMES: OptionNames<ResampleOptions> = { from: 1, to: 1 };

/**
 * Changes the sample rate of mono audio that comes piece by piece, see {@linkcode createResampler}.
 *
 * @category Audio
 */
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

/**
 * Creates a resampler for mono audio: a windowed sinc at exact rational steps, so that it never drifts, and its output
 * does not depend on how the input is cut. With the tail, `n` samples in become `Math.ceil(n * to / from)` out.
 *
 * Between any of 8, 16, 22.05, 24, 44.1 and 48 kHz, what lies below 90 % of half the lower rate passes unchanged, and
 * what lies above half the lower rate is damped by 90 dB. Other rates will do when their ratio is simple enough. With
 * equal rates the samples pass as they are.
 *
 * @category Audio
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
  const { advance, phases } = reducedRatio(checkRate("from", from), checkRate("to", to));
  if (Math.max(advance, phases) > MAX_TERM) {
    throw new RangeError(
      `Cannot resample as the terms of the ratio of the rates must be <= ${MAX_TERM}: it is ${advance}:${phases}`,
    );
  }
  return from === to ? passThrough() : createPolyphaseFilter(from, to);
}

function passThrough(): Resampler {
  return {
    latencyMs: 0,
    push: (samples) => samples instanceof Int16Array ? pcm16ToFloat32(samples) : Float32Array.from(samples),
    flush: () => new Float32Array(0),
  };
}

function checkRate(name: string, rate: number): number {
  if (!Number.isInteger(rate) || rate < 8_000 || rate > 192_000) {
    throw new RangeError(`Cannot resample as ${name} must be an integer from 8000 to 192000: current value is ${rate}`);
  }
  return rate;
}

// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { filterPhaseSimd } from "../_internal/polyphase/filter_phase_simd.ts";
import { createPolyphaseFilter, designRateFilter, reducedRatio } from "../_internal/polyphase/polyphase_filter.ts";
import { pcm16ToFloat32 } from "./pcm.ts";

/**
 * Options of {@linkcode createResampler}, {@linkcode resample} and {@linkcode resampleAudio}.
 *
 * @category Audio
 */
export interface ResampleOptions {
  /** Samples per second of the input, an integer from 8 000 to 192 000. */
  readonly from: number;
  /** Samples per second of the output, an integer from 8 000 to 192 000. */
  readonly to: number;
}

const OPTION_NAMES: OptionNames<ResampleOptions> = { from: 1, to: 1 };

/**
 * Changes the sample rate of mono audio that arrives in pieces, see {@linkcode createResampler}.
 *
 * @category Audio
 */
export interface Resampler {
  /**
   * Look-ahead of the filter, in milliseconds of audio: a sample is returned once that much more audio has arrived.
   * Only the delivery is delayed. The audio is not shifted: the first output sample has the time of the first input
   * sample.
   */
  readonly latencyMs: number;
  /** Takes the next samples and returns those that are ready, with a full scale of 1. */
  push(samples: Int16Array | Float32Array): Float32Array<ArrayBuffer>;
  /** Returns the tail, as if silence followed, and resets the resampler. */
  flush(): Float32Array<ArrayBuffer>;
}

/** Telephone audio ends at 3.4 of 4 kHz: a filter that passes no more takes two thirds of the time. */
const TELEPHONE_TRANSITION = 0.15;

/** Largest term of the reduced ratio of two rates. Limits the filter to about a megabyte. */
const MAX_TERM = 1280;

/**
 * Creates a resampler for mono audio: a windowed sinc at exact rational steps. It never drifts, and its output does not
 * depend on how the input is cut. Including the tail, `n` input samples become `Math.ceil(n * to / from)` output
 * samples.
 *
 * Between any of 8, 16, 22.05, 24, 44.1 and 48 kHz, frequencies below 90 % of half the lower rate pass unchanged, or
 * those below 3.4 kHz, the telephone band, if that rate is 8 kHz. Frequencies above half the lower rate are attenuated
 * by 90 dB. Other rates work if their ratio is simple enough. With equal rates the samples pass unchanged.
 *
 * @category Audio
 *
 * @param options the two rates.
 * @throws {RangeError} when a rate is out of range, or a term of the reduced ratio of the two rates is above 1 280.
 * @throws {TypeError} when an option is unknown.
 *
 * @example Telephony audio at the API's rate, in pieces
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
  if (from === to) return passThrough();
  const transition = Math.min(from, to) === 8000 ? TELEPHONE_TRANSITION : undefined;
  const filter = designRateFilter(from, to, transition);
  let push = createPolyphaseFilter(filter, filterPhaseSimd);
  return {
    latencyMs: filter.reach * 1000 / from,
    push: (samples) => push(samples, samples instanceof Int16Array ? 1 / 32768 : 1),
    flush() {
      const tail = push(new Float32Array(filter.reach));
      push = createPolyphaseFilter(filter, filterPhaseSimd);
      return tail;
    },
  };
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

// This module is browser compatible.

/** Attenuation above half of the lower sample rate, in decibels. */
const ATTENUATION_DB = 90;

/** A low-pass filter split into phases: one for each position of an output sample between two input samples. */
export interface Polyphase {
  /** Input samples needed on either side of an output sample. */
  readonly reach: number;
  /** `phases` rows of `2 * reach` weights; the weights of a row add up to 1. */
  readonly weights: Float32Array;
}

/**
 * Designs the filter for `phases` output positions per input step: a sinc with a Kaiser window.
 *
 * @param phases output positions between two input samples.
 * @param ratio output rate divided by input rate.
 * @param transition width of the band between what passes and what does not, as a fraction of half the lower rate. The
 * number of weights is in inverse proportion to it.
 */
export function designPolyphase(phases: number, ratio: number, transition: number): Polyphase {
  const narrowing = Math.min(1, ratio);
  const cutoff = narrowing * (1 - transition / 2);
  // Kaiser's formulas for half the length of the window, made even, and for its shape.
  const reach = 2 * Math.ceil((ATTENUATION_DB - 7.95) / (9.14 * Math.PI * transition * narrowing));
  const beta = 0.1102 * (ATTENUATION_DB - 8.7);

  const weights = new Float32Array(phases * 2 * reach);
  for (let phase = 0; phase < phases; phase++) {
    const row = weights.subarray(phase * 2 * reach, (phase + 1) * 2 * reach);
    let sum = 0;
    for (let tap = 0; tap < row.length; tap++) {
      const distance = tap - (reach - 1) - phase / phases;
      const window = besselI0(beta * Math.sqrt(Math.max(0, 1 - (distance / reach) ** 2)));
      const weight = sinc(cutoff * distance) * window;
      row[tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < row.length; tap++) row[tap]! /= sum;
  }
  return { reach, weights };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind and order 0, by its power series. */
function besselI0(x: number): number {
  let sum = 1;
  for (let term = 1, k = 1; term > sum * Number.EPSILON; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

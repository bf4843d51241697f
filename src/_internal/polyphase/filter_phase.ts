// This module is browser compatible.

/** The first output sample of a phase, and the distance of those that follow. */
export interface PhasePlace {
  /** Position in the input. */
  readonly at: number;
  /** Position in the output. */
  readonly offset: number;
  /** Input samples from one output sample of the phase to the next. */
  readonly advance: number;
  /** Output samples from one output sample of the phase to the next. */
  readonly phases: number;
}

/** Writes every output sample of one phase. */
export type FilterPhase = (
  weights: Float32Array,
  input: Float32Array,
  output: Float32Array,
  place: PhasePlace,
) => void;

/** Writes every output sample of one phase, one after the other. */
export const filterPhase: FilterPhase = (weights, input, output, { advance, at, offset, phases }) => {
  for (; offset < output.length; offset += phases, at += advance) {
    let sum = 0;
    for (let tap = 0; tap < weights.length; tap++) sum += weights[tap]! * input[at + tap]!;
    output[offset] = sum;
  }
};

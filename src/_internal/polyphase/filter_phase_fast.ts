// This module is browser compatible.
import { type FilterPhase, filterPhase } from "./filter_phase.ts";

/**
 * Like {@linkcode filterPhase}, but faster. Four samples are computed at a time, so that each weight is read once for all four. If
 * an output step is short, four weights are applied at a time, too, and each input sample is read once for all of them.
 */
export const filterPhaseFast: FilterPhase = (weights, input, output, place) => {
  const { advance, phases } = place;
  const blocked = weights.length - weights.length % (4 * advance);
  let { at, offset } = place;
  for (; offset + 3 * phases < output.length; offset += 4 * phases, at += 4 * advance) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let first = 0; first < advance && first < blocked; first++) {
      let i = at + first;
      let p = input[i]!;
      let q = input[i += advance]!;
      let r = input[i += advance]!;
      for (let tap = first; tap < blocked; tap += advance) {
        const w = weights[tap]!;
        const x = weights[tap += advance]!;
        const y = weights[tap += advance]!;
        const z = weights[tap += advance]!;
        const s = input[i += advance]!;
        const t = input[i += advance]!;
        const u = input[i += advance]!;
        const v = input[i += advance]!;
        a += w * p + x * q + y * r + z * s;
        b += w * q + x * r + y * s + z * t;
        c += w * r + x * s + y * t + z * u;
        d += w * s + x * t + y * u + z * v;
        p = t;
        q = u;
        r = v;
      }
    }
    for (let tap = blocked, i = at + tap; tap < weights.length; tap++, i++) {
      const weight = weights[tap]!;
      a += weight * input[i]!;
      b += weight * input[i + advance]!;
      c += weight * input[i + 2 * advance]!;
      d += weight * input[i + 3 * advance]!;
    }
    output[offset] = a;
    output[offset + phases] = b;
    output[offset + 2 * phases] = c;
    output[offset + 3 * phases] = d;
  }
  filterPhase(weights, input, output, { at, offset, advance, phases });
};

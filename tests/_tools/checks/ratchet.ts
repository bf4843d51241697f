/** A number that must not grow, and that should reach the design's target. */
export interface Measure {
  /** Description of the counted things. */
  readonly what: string;
  /** Current number. */
  readonly value: number;
  /** Limit: the number at the last review. Lower it together with `value`. */
  readonly bound: number;
  /** Desired maximum. */
  readonly target: number;
}

/** Lists the measures that exceed their limit. */
export function ratchetViolations(measures: readonly Measure[]): readonly string[] {
  return measures.filter(({ value, bound, target }) => value > Math.max(bound, target)).map((
    { what, value, bound, target },
  ) => `${what}: at most ${Math.max(bound, target)} are allowed: current value is ${value}`);
}

/** Lists the measures above their target, and the limits that can be lowered; empty when all targets are met. */
export function describeRatchet(measures: readonly Measure[]): readonly string[] {
  return measures.flatMap(({ what, value, bound, target }) => {
    if (value > target) {
      return [`${what}: ${value}, target ${target}${value < bound ? `: lower the bound ${bound}` : ""}`];
    }
    return bound > target ? [`${what}: ${value}, target met: lower the bound ${bound} to ${target}`] : [];
  });
}

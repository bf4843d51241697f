/** A number that must not grow, and that is on its way to where the design wants it. */
export interface Measure {
  /** What is counted. */
  readonly what: string;
  /** How many there are. */
  readonly value: number;
  /** How many there may be: what there was when somebody last looked. Whoever lowers `value` lowers this. */
  readonly bound: number;
  /** How many there should be at most. */
  readonly target: number;
}

/** Lists what has grown beyond its bound. */
export function ratchetViolations(measures: readonly Measure[]): readonly string[] {
  return measures.filter(({ value, bound, target }) => value > Math.max(bound, target)).map((
    { what, value, bound, target },
  ) => `${what}: at most ${Math.max(bound, target)} are allowed: current value is ${value}`);
}

/** What is not yet where it should be, and which bounds can be lowered; an empty list when everything is met. */
export function describeRatchet(measures: readonly Measure[]): readonly string[] {
  return measures.flatMap(({ what, value, bound, target }) => {
    if (value > target) {
      return [`${what}: ${value}, target ${target}${value < bound ? `: lower the bound ${bound}` : ""}`];
    }
    return bound > target ? [`${what}: ${value}, target met: lower the bound ${bound} to ${target}`] : [];
  });
}

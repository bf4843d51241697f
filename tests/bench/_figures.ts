import process from "node:process";

/** A measured value, and its limits. */
export interface Figure {
  /** Description. */
  readonly name: string;
  /** Measured value. */
  readonly measured: number;
  /** Unit, such as `kB`, or ` ×` for a ratio. */
  readonly unit: string;
  /** Upper limit; without this and {@linkcode atLeast} the figure is only reported. */
  readonly atMost?: number;
  /** Lower limit. */
  readonly atLeast?: number;
  /** Remark. */
  readonly note?: string;
}

/** Marks a missed budget in the output. */
const MISSED = "MISSED";

/** Prints the names of the columns under a title. */
export function showTitle(title: string): void {
  console.log(`\n${title}`);
  console.log(row("", "measured", "budget", "", ""));
}

/** Prints a figure with its budget and the verdict; the program will end with code 1 when the budget is missed. */
export function show({ name, measured, unit, atMost, atLeast, note = "" }: Figure): void {
  const isMet = !(measured > (atMost ?? Infinity)) && !(measured < (atLeast ?? -Infinity));
  const isJudged = (atMost ?? atLeast) !== undefined;
  if (!isMet) process.exitCode = 1;
  const budget = atMost !== undefined ? `≤ ${atMost}${unit}` : atLeast !== undefined ? `≥ ${atLeast}${unit}` : "";
  const digits = measured >= 100 ? 0 : measured >= 10 ? 1 : 2;
  console.log(row(name, `${measured.toFixed(digits)}${unit}`, budget, isJudged ? isMet ? "met" : MISSED : "", note));
}

/** The median. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;
}

function row(name: string, measured: string, budget: string, verdict: string, note: string): string {
  return `${name.padEnd(56)} ${measured.padStart(10)}  ${budget.padEnd(10)} ${verdict.padEnd(7)} ${note}`.trimEnd();
}

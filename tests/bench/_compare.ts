import { median, show } from "./_figures.ts";

/** Two ways to do the same thing, one of them the runtime's own. */
export interface Comparison {
  /** Title of the comparison. */
  readonly name: string;
  /** Our call. */
  ours(): unknown;
  /** The runtime's own call. */
  native(): unknown;
  /** Limit of our time, as a multiple of the runtime's own; absent if the two do different work. */
  readonly atMost?: number;
  /** Calls in a batch: so few that a batch rarely meets the garbage collector. */
  readonly batch?: number;
}

/** Shows how often the runtime's own call fits into ours: medians of batches that took turns. */
export function compare({ name, ours, native, atMost, batch = 20 }: Comparison): void {
  // Warm enough for the last tier of the compiler.
  timeOf(ours, 50_000);
  timeOf(native, 20_000);
  const ourMs: number[] = [];
  const nativeMs: number[] = [];
  for (let round = 0; round < 1_000; round++) {
    ourMs.push(timeOf(ours, batch));
    nativeMs.push(timeOf(native, batch));
  }
  const measured = median(ourMs) / median(nativeMs);
  const note = `${(median(ourMs) * 1000 / batch).toFixed(2)} µs`;
  show({ name, measured, unit: " ×", note, ...atMost === undefined ? {} : { atMost } });
}

/** Milliseconds that `times` calls take. */
export function timeOf(call: () => unknown, times: number): number {
  const start = performance.now();
  for (let index = 0; index < times; index++) call();
  return performance.now() - start;
}

/** Two ways to do the same, one of them the runtime's own. */
export interface Comparison {
  /** What is compared. */
  readonly name: string;
  /** Our call. */
  ours(): unknown;
  /** The runtime's own call. */
  native(): unknown;
  /** Most that ours may take, as a multiple of the runtime's own. */
  readonly wanted: number;
}

/** Calls in a batch: so few that a batch rarely meets the garbage collector. */
const BATCH = 20;

/** Prints how long our call takes and how often the runtime's own fits into that: medians of batches that took turns. */
export function compare({ name, ours, native, wanted }: Comparison): void {
  // Warm enough for the last tier of the compiler.
  time(ours, 50_000);
  time(native, 20_000);
  const ourMs: number[] = [];
  const nativeMs: number[] = [];
  for (let round = 0; round < 1_000; round++) {
    ourMs.push(time(ours, BATCH));
    nativeMs.push(time(native, BATCH));
  }
  const microseconds = (median(ourMs) * 1000 / BATCH).toFixed(2);
  const ratio = median(ourMs) / median(nativeMs);
  const verdict = ratio <= wanted ? "" : "  TOO SLOW";
  console.log(
    `${name.padEnd(52)} ${microseconds.padStart(8)} µs   ratio ${ratio.toFixed(2)} (at most ${wanted})${verdict}`,
  );
}

/** Milliseconds that `times` calls take. */
function time(call: () => unknown, times: number): number {
  const start = performance.now();
  for (let index = 0; index < times; index++) call();
  return performance.now() - start;
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

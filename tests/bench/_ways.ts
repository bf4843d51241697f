import process from "node:process";
import { median, show, showTitle } from "./_figures.ts";

/** A measured duration. */
export interface Span {
  /** Seconds that passed. */
  readonly passed: number;
  /** Seconds of processor time that this process took, all of its threads together. */
  readonly processor: number;
}

/** One of several ways to do the same thing. */
export interface Way {
  /** Description. */
  readonly name: string;
  /** Does it a number of times. */
  run(): Promise<Span>;
  /** Limit of the elapsed time, as a multiple of the first way. */
  readonly atMost?: number;
  /** Limit of the processor time, as a multiple of the first way. */
  readonly processorAtMost?: number;
}

/** Options of {@linkcode compareWays}. */
export interface CompareWaysOptions {
  /** Number of repetitions per run. */
  readonly times: number;
  /** Number of measured runs of each way. */
  readonly rounds: number;
  /** Number of warm-up runs, in which code is still being compiled. */
  readonly warmUp: number;
}

/** Measures how long something takes. */
export async function spanOf(work: () => Promise<unknown>): Promise<Span> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { passed: (performance.now() - startedAt) / 1e3, processor: (user + system) / 1e6 };
}

/**
 * Shows how often the first way fits into the others, which take turns: the median of the ratios of the rounds. Time that
 * passed can be hidden by a slow other side or a busy machine; processor time cannot. Each is judged where the way says so.
 */
export async function compareWays(title: string, ways: readonly Way[], options: CompareWaysOptions): Promise<void> {
  const { times, rounds, warmUp } = options;
  const runs: Span[][] = [];
  for (let round = 0; round < warmUp + rounds; round++) {
    const spans: Span[] = [];
    for (const turn of ways.keys()) {
      // The garbage of one way is collected during the next, so each round begins with another one.
      const index = (round + turn) % ways.length;
      spans[index] = await ways[index]!.run();
    }
    if (round >= warmUp) runs.push(spans);
  }
  for (const time of ["passed", "processor"] as const) {
    showTitle(`${title}: time ${time}`);
    for (const [index, { name, ...most }] of ways.entries()) {
      const atMost = time === "passed" ? most.atMost : most.processorAtMost;
      const measured = median(runs.map((spans) => spans[index]![time] / spans[0]![time]));
      const note = `${(median(runs.map((spans) => spans[index]![time])) * 1e6 / times).toFixed(1)} µs each`;
      show({ name, measured, unit: " ×", note, ...atMost !== undefined ? { atMost } : {} });
    }
  }
}

import type { CommandResult } from "./command.ts";
import type { TestCounts } from "./test_counts.ts";

/** The outcome of a step of the gate. */
export interface Outcome extends TestCounts {
  /** A remark about a passed step, e.g. a size. */
  readonly note?: string | undefined;
  /** Output of a failed step. */
  readonly output?: string | undefined;
}

/** One step of the gate. */
export interface Step {
  /** Short description. */
  readonly name: string;
  /** Does it. A rejection counts as one failure. */
  run(): Promise<Outcome>;
}

/** The outcome of a check that found the given violations. */
export function checked(violations: readonly string[], note?: string): Outcome {
  return violations.length === 0
    ? { passed: 1, failed: 0, note }
    : { passed: 0, failed: 1, output: violations.join("\n") };
}

/** The outcome of a command that counts as one. */
export function ran({ code, output }: CommandResult): Outcome {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, output };
}

/** The outcome of a test run: it fails when any test did, when the command did, and when there was no test at all. */
export function tested(
  { code, output }: CommandResult,
  read: (output: string) => TestCounts,
  note?: string,
): Outcome {
  const { passed, failed } = read(output);
  const broken = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: broken ? 1 : failed, note, output };
}

/** The sum of outcomes, with the remarks and outputs of all. */
export function joined(outcomes: readonly Outcome[]): Outcome {
  const texts = (key: "note" | "output") => outcomes.map((outcome) => outcome[key]).filter(Boolean);
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
    note: texts("note").join("; "),
    output: texts("output").join("\n"),
  };
}

/** Options of {@linkcode runSteps}. */
export interface RunStepsOptions {
  /** Prints a line. */
  log(line: string): void;
  /** Steps that run at the same time. */
  concurrency: number;
}

/** Runs all steps in order, several at a time, regardless of failures. Returns the sum of their outcomes. */
export async function runSteps(
  steps: readonly Step[],
  { log, concurrency }: RunStepsOptions,
): Promise<TestCounts> {
  const waiting = [...steps];
  const total = { passed: 0, failed: 0 };
  const work = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const { passed, failed } = await runStep(step, log);
      total.passed += passed;
      total.failed += failed;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return total;
}

async function runStep(step: Step, log: (line: string) => void): Promise<Outcome> {
  log(`       ${step.name} ...`);
  const start = performance.now();
  const outcome = await step.run().catch(rejected);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const note = outcome.note === undefined ? "" : `: ${outcome.note}`;
  log(`${outcome.failed === 0 ? "ok    " : "FAILED"} ${step.name} (${seconds} s)${note}`);
  if (outcome.failed > 0) log((outcome.output ?? "").trim().replace(/^/gm, "       | "));
  return outcome;
}

function rejected(error: unknown): Outcome {
  return { passed: 0, failed: 1, output: error instanceof Error ? error.stack : String(error) };
}

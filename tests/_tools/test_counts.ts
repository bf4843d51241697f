/** The result of a test run. */
export interface TestCounts {
  /** Number of tests that passed. */
  readonly passed: number;
  /** Number of tests that failed or were ignored. */
  readonly failed: number;
}

/** Reads the counts from the summary of `deno test`. */
export function denoTestCounts(output: string): TestCounts {
  const [summary = ""] = output.match(/^(?:ok|FAILED) \| \d+ passed.*$/gm)?.slice(-1) ?? [];
  return counts(summary, (label) => new RegExp(`\\b(\\d+) ${label}`, "g"), "passed", ["failed", "ignored"]);
}

/** Reads the counts from the summary of `bun test`. */
export function bunTestCounts(output: string): TestCounts {
  return counts(output, (label) => new RegExp(`^ (\\d+) ${label}$`, "gm"), "pass", ["fail", "skip", "todo"]);
}

/** Reads the counts from the summary of `node --test --test-reporter=tap`. */
export function nodeTestCounts(output: string): TestCounts {
  const left = ["fail", "cancelled", "skipped", "todo"];
  return counts(output, (label) => new RegExp(`^# ${label} (\\d+)$`, "gm"), "pass", left);
}

/** Adds up the last number that `pattern` finds for each label; a label that is not there counts nothing. */
function counts(output: string, pattern: (label: string) => RegExp, pass: string, fail: readonly string[]): TestCounts {
  const last = (label: string) => Number([...output.matchAll(pattern(label))].at(-1)?.[1] ?? 0);
  return { passed: last(pass), failed: fail.reduce((sum, label) => sum + last(label), 0) };
}

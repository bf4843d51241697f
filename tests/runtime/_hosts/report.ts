import type { Verdict } from "../_run_cases.ts";

/** Prints how the cases went, with a summary as Node's test runner has one, and says so with the exit code. */
export function report(verdicts: readonly Verdict[]): void {
  const failures = verdicts.filter(({ error }) => error !== undefined);
  for (const { name, error } of failures) console.log(`not ok ${name}\n${error}\n`);
  console.log(`# pass ${verdicts.length - failures.length}\n# fail ${failures.length}`);
  if (failures.length > 0) Deno.exitCode = 1;
}

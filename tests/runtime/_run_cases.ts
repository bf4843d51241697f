import { CASES } from "./_cases.ts";
import type { Target } from "./_target.ts";

/** Outcome of a case. */
export interface Verdict {
  /** Its name. */
  readonly name: string;
  /** Why it failed, when it did. */
  readonly error?: string;
}

/** Timeout of a case, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** Runs all cases, one after the other, without a test runner: in a page and in a worker. */
export async function runCases(target: Target): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { name, run } of CASES) {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`Took longer than ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    try {
      await Promise.race([run(target), late.promise]);
      verdicts.push({ name });
    } catch (error) {
      verdicts.push({ name, error: error instanceof Error ? `${error.stack}` : `${error}` });
    } finally {
      clearTimeout(timer);
    }
  }
  return verdicts;
}

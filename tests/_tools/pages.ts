import { runDeno } from "./command.ts";
import { joined, type Outcome, ran, type Step, tested } from "./step.ts";
import { denoTestCounts } from "./test_counts.ts";

/** The configuration of code for pages: with the types of a browser, and its own packages. */
const CONFIG = "tests/browser/chromium/deno.json";
/** Folders of this configuration; the others exclude them. */
export const PAGE_FOLDERS: readonly string[] = ["tests/browser/chromium", "examples/web/page"];
/** The tests in Chromium. Their names do not end in _test, so that nothing runs them without Chromium. */
export const SUITES: readonly string[] = [
  // The longest one first, which draws much, next to one that mostly speaks.
  "pages.ts",
  "sound.ts",
  "soak.ts",
  "snippets.ts",
];
/** Runs next to the others: it waits half a minute for a silent server, and hardly needs a processor. */
export const WAITING_SUITE = "drops.ts";
/** Milliseconds after which they are stopped, as something hangs: they take some 75 s on two cores that do nothing else. */
const TIMEOUT_MS = 300_000;

/** The checks of code for pages. */
export function pageSteps(root: string): readonly Step[] {
  const step = (command: string, ...options: string[]): Step => ({
    name: `deno ${command} of pages`,
    run: async () =>
      ran(await runDeno([command, "--quiet", ...options, "--config", CONFIG, ...PAGE_FOLDERS], { cwd: root })),
  });
  return [step("check"), step("fmt", "--check"), step("lint")];
}

/** The step that runs the tests in Chromium. */
export function chromiumStep(root: string, chromium: string): Step {
  // A page with sound takes a processor: with three at a time on two of them, it takes no less time, and sound is late.
  const env = { CHROMIUM: chromium, DENO_JOBS: "2" };
  const run = async (names: readonly string[]): Promise<Outcome> => {
    const suites = names.map((name) => `${PAGE_FOLDERS[0]}/${name}`);
    const limit = "--preload=tests/_tools/time_limit.ts";
    const args = ["test", "-A", "--no-check", "--parallel", limit, "--config", CONFIG, ...suites];
    const result = await runDeno(args, { cwd: root, env, timeoutMs: TIMEOUT_MS });
    return tested(result, denoTestCounts, measuredIn(result.output));
  };
  return {
    name: `${PAGE_FOLDERS[0]}`,
    run: async () => joined(await Promise.all([run([WAITING_SUITE]), run(SUITES)])),
  };
}

/** The lines in which tests print what they measured. */
function measuredIn(output: string): string {
  return output.split("\n").filter((line) => /^ {4}(?!at )\w/.test(line)).map((line) => line.trim()).join("; ");
}

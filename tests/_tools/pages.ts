import { runDeno } from "./command.ts";
import { ran, type Step, tested } from "./step.ts";
import { denoTestCounts } from "./test_counts.ts";

/** The configuration of what runs in a page: with the types of a browser, and packages of its own. */
const CONFIG = "tests/browser/chromium/deno.json";
/** Folders of this configuration; the others exclude them. */
export const PAGE_FOLDERS: readonly string[] = ["tests/browser/chromium", "examples/web/page"];
/** The tests in Chromium. Their names do not end in _test, so that nothing runs them where there is no Chromium. */
const SUITES = [
  // Waits half a minute for a server that is gone, for which it needs no processor.
  "drops.ts",
  "page_states.ts",
  "snippets.ts",
  "soak.ts",
  "worklets.ts",
  "calls.ts",
  "page.ts",
  "peers.ts",
  "live.ts",
];
/** Milliseconds after which they are stopped, as something hangs: they take some 90 s on two cores that do nothing else. */
const TIMEOUT_MS = 300_000;

/** The checks of what runs in a page. */
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
  const suites = SUITES.map((name) => `${PAGE_FOLDERS[0]}/${name}`);
  return {
    name: `${PAGE_FOLDERS[0]}`,
    async run() {
      const args = ["test", "-A", "--no-check", "--parallel", "--config", CONFIG, ...suites];
      // A page with sound takes a processor: with three at a time on two of them, it takes no less time, and sound is late.
      const env = { CHROMIUM: chromium, DENO_JOBS: "2" };
      const result = await runDeno(args, { cwd: root, env, timeoutMs: TIMEOUT_MS });
      const measured = result.output.split("\n").filter((line) => line.startsWith("    ")).map((line) => line.trim());
      return { ...tested(result, denoTestCounts, measured.join("; ")), output: result.output };
    },
  };
}

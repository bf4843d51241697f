import { bundleModule } from "./bundle.ts";
import { type CommandResult, runCommand, runDeno, TEST_CONFIG } from "./command.ts";
import { startSimulator } from "./servers/simulator_process.ts";
import { type Outcome, type Step, tested } from "./step.ts";
import { bunTestCounts, denoTestCounts, nodeTestCounts, type TestCounts } from "./test_counts.ts";

/** The suite that runs on every runtime, on `node:test` and `node:assert/strict`. */
export const RUNTIME_SUITE = "tests/runtime";
/** The npm package that brings Bun. */
export const BUN = "bun@1.4.4";
/** The npm package that brings Node: the oldest line that the library supports. */
export const NODE = "node@22.23.3";
/** Milliseconds after which a suite is stopped, as something hangs. */
const TIMEOUT_MS = 300_000;

const programs = new Map<string, Promise<string>>();

/** The path of the program that an npm package like {@linkcode BUN} brings: starting it with npx takes a second longer. */
export function findProgram(runtime: string): Promise<string> {
  const program = programs.get(runtime) ?? locateProgram(runtime);
  programs.set(runtime, program);
  return program;
}

async function locateProgram(runtime: string): Promise<string> {
  const args = ["-y", "-p", runtime, "which", runtime.split("@")[0]!];
  const { code, output } = await runCommand("npx", args, { cwd: ".", timeoutMs: TIMEOUT_MS });
  const path = output.split("\n").find((line) => line.startsWith("/"));
  if (code !== 0 || path === undefined) throw new Error(`Cannot find the program of ${runtime}: ${output}`);
  return path;
}

type RunSuite = (root: string, env: Record<string, string>) => Promise<CommandResult>;

/** The path of the machine's Chromium; `undefined` when there is none on the `PATH`. */
export async function findChromium(): Promise<string | undefined> {
  const { code, output } = await runCommand("sh", ["-c", "command -v chromium"], { cwd: "." });
  return code === 0 ? output.trim() : undefined;
}

/**
 * The steps that run the suite on Deno and on Bun from the sources and on Node from a bundle, and its conversations in
 * workerd and in a page of Chromium, if there is one. Each has a simulator in another process, whose address is in the
 * environment as `SIMULATOR_URL`.
 */
export function runtimeSteps(root: string, chromium: string | undefined): readonly Step[] {
  const steps = [
    runtimeStep(root, "Deno", runOnDeno, denoTestCounts),
    runtimeStep(root, BUN, runOnBun, bunTestCounts),
    runtimeStep(root, NODE, runOnNode, nodeTestCounts),
    runtimeStep(root, "workerd", hostedBy("workerd.ts"), nodeTestCounts),
  ];
  if (chromium !== undefined) {
    steps.push(runtimeStep(root, "Chromium", hostedBy("chromium.ts", chromium), nodeTestCounts));
  }
  return steps;
}

function runtimeStep(root: string, runtime: string, run: RunSuite, read: (output: string) => TestCounts): Step {
  return {
    name: `${RUNTIME_SUITE} on ${runtime}`,
    async run(): Promise<Outcome> {
      await using simulator = await startSimulator(root);
      const result = await run(root, { SIMULATOR_URL: simulator.url });
      return tested(result, read, `${read(result.output).passed} tests`);
    },
  };
}

/** Runs the program that executes the cases on a runtime without a test runner. */
function hostedBy(program: string, ...args: readonly string[]): RunSuite {
  return (cwd, env) => {
    return runDeno(["run", "-A", "--no-check", TEST_CONFIG, `${RUNTIME_SUITE}/_hosts/${program}`, ...args], {
      cwd,
      env,
      timeoutMs: TIMEOUT_MS,
    });
  };
}

function runOnDeno(root: string, env: Record<string, string>): Promise<CommandResult> {
  return runDeno(["test", "-A", "--no-check", TEST_CONFIG, RUNTIME_SUITE], { cwd: root, env, timeoutMs: TIMEOUT_MS });
}

async function runOnBun(root: string, env: Record<string, string>): Promise<CommandResult> {
  const options = { cwd: root, env, timeoutMs: TIMEOUT_MS };
  return await runCommand(await findProgram(BUN), ["test", `./${RUNTIME_SUITE}`], options);
}

/** Node cannot run the sources: it strips types, but does not read `deno.json`. */
async function runOnNode(root: string, env: Record<string, string>): Promise<CommandResult> {
  const folder = await Deno.makeTempDir();
  try {
    const bundles: string[] = [];
    for await (const { name } of Deno.readDir(`${root}/${RUNTIME_SUITE}`)) {
      if (!name.endsWith("_test.ts")) continue;
      const bundle = `${folder}/${name.replace(/ts$/, "mjs")}`;
      const options = [TEST_CONFIG, "--platform", "deno", "--sourcemap", "inline"];
      const code = await bundleModule(root, `${RUNTIME_SUITE}/${name}`, options);
      await Deno.writeTextFile(bundle, code);
      bundles.push(bundle);
    }
    const args = ["--enable-source-maps", "--test", "--test-reporter=tap", ...bundles];
    return await runCommand(await findProgram(NODE), args, { cwd: root, env, timeoutMs: TIMEOUT_MS });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

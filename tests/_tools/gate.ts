/**
 * The gate: everything that must hold before a change is merged. `deno task test` runs it; with `--coverage` it also says
 * how many lines the tests run through, and takes half as long again.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { browserClaimViolations, browserTypeViolations } from "./checks/browser.ts";
import { describeSizes, measureSizes, sizeViolations } from "./bundle_size.ts";
import { runDeno, TEST_CONFIG } from "./command.ts";
import { cycleViolations } from "./checks/cycles.ts";
import { docsViolations } from "./checks/docs.ts";
import { entryPointViolations } from "./checks/entry_points.ts";
import { exportMeasures } from "./checks/exports.ts";
import { fileLengthViolations } from "./checks/file_length.ts";
import { folderMeasures } from "./checks/folder_size.ts";
import { forbiddenTextViolations } from "./checks/forbidden_text.ts";
import { layerViolations } from "./checks/layers.ts";
import { linkViolations } from "./package/document_links.ts";
import { packedModuleStep } from "./package/packed_module.ts";
import { describeRatchet, type Measure, ratchetViolations } from "./checks/ratchet.ts";
import { chromiumStep, PAGE_FOLDERS, pageSteps } from "./pages.ts";
import { readRepository, type Repository, ROOT } from "./repository.ts";
import { findChromium, RUNTIME_SUITE, runtimeSteps } from "./runtimes.ts";
import { testConfigurationViolations } from "./checks/test_configuration.ts";
import { checked, type Outcome, ran, runSteps, type Step, tested } from "./step.ts";
import { denoTestCounts } from "./test_counts.ts";
import { testFiles, writeTestModules } from "./test_modules.ts";

type Violations = readonly string[] | Promise<readonly string[]>;

const CHECK = ["check", "--quiet", TEST_CONFIG, "--doc"];
const COVERAGE = Deno.args.includes("--coverage") ? ["--coverage=coverage", "--clean"] : [];
const TEST = [
  "test",
  "--quiet",
  "-A",
  // Types are checked in a separate step, so that tests run despite a type error.
  "--no-check",
  TEST_CONFIG,
  "--preload=tests/_tools/time_limit.ts",
  "--doc",
  "--parallel",
  "--trace-leaks",
  // Tests create much short-lived garbage: with a larger young generation, V8 takes a tenth less time.
  "--v8-flags=--max-semi-space-size=64",
  ...COVERAGE,
];

/** Random tests give the same answer for the same commit; `deno task soak` and a bare `deno test` draw new seeds. */
const TEST_ENV = { SEED: "20261130", DENO_JOBS: "3" };

/** Runs every step, and returns whether none failed. */
async function main(): Promise<boolean> {
  const log = console.log;
  const chromium = await findChromium();
  const phases: readonly (readonly [steps: readonly Step[], concurrency: number])[] = [
    [[denoStep(["install", "--frozen"]), denoStep(["install", "--frozen", TEST_CONFIG])], 1],
    [steps(ROOT, chromium), 2],
    // Conversations in real time: the tests would leave them too little of a small machine.
    [chromium === undefined ? [] : [chromiumStep(ROOT, chromium)], 1],
  ];
  let passed = 0;
  let failed = 0;
  for (const [steps, concurrency] of phases) {
    const counts = await runSteps(steps, { log, concurrency });
    passed += counts.passed;
    failed += counts.failed;
  }
  if (chromium === undefined) {
    log("\nLeft out: tests/runtime and tests/browser on Chromium, as there is no chromium on the PATH");
  }
  log(`\n${passed} passed, ${failed} failed`);
  return failed === 0;
}

function steps(root: string, chromium: string | undefined): readonly Step[] {
  let repository: Promise<Repository> | undefined;
  const check = (name: string, find: (repository: Repository) => Violations): Step => ({
    name,
    run: async () => checked(await find(await (repository ??= readRepository(root)))),
  });
  const ratchet = (
    name: string,
    measure: (repository: Repository) => readonly Measure[] | Promise<readonly Measure[]>,
  ): Step => ({
    name,
    run: async () => {
      const measures = await measure(await (repository ??= readRepository(root)));
      return checked(ratchetViolations(measures), describeRatchet(measures).join("; ") || undefined);
    },
  });
  return [
    denoStep(["fmt", "--check"]),
    denoStep(["lint"]),
    check("two configurations", testConfigurationViolations),
    check("layers", layerViolations),
    check("circular imports", cycleViolations),
    check("entry points", entryPointViolations),
    check("docs", docsViolations),
    check("file length", fileLengthViolations),
    ratchet("exports", exportMeasures),
    ratchet("folder size", folderMeasures),
    check("links", linkViolations),
    check("forbidden text", forbiddenTextViolations),
    check("browser marks", browserClaimViolations),
    { name: "bundle size", run: bundleSize },
    {
      name: `deno ${CHECK.join(" ")}`,
      run: async () => ran(await runDeno([...CHECK, ...await pathsBut(PAGE_FOLDERS)], { cwd: ROOT })),
    },
    check("browser types", browserTypeViolations),
    { name: `deno ${TEST.join(" ")}`, run: async () => test(await (repository ??= readRepository(root))) },
    // Types are checked in a separate step.
    denoStep(["publish", "--dry-run", "--allow-dirty", "--no-check"]),
    packedModuleStep(root),
    ...runtimeSteps(root, chromium),
    ...pageSteps(root),
  ];
}

function denoStep(args: readonly string[]): Step {
  return { name: `deno ${args.join(" ")}`, run: async () => ran(await runDeno(args, { cwd: ROOT })) };
}

async function bundleSize(): Promise<Outcome> {
  const sizes = await measureSizes({ root: ROOT });
  return checked(sizeViolations(sizes), describeSizes(sizes).join("; "));
}

async function test({ files, root }: Repository): Promise<Outcome> {
  const folder = await Deno.makeTempDir();
  try {
    const modules = await writeTestModules(testFiles(files.keys(), [RUNTIME_SUITE, ...PAGE_FOLDERS]), { root, folder });
    // Examples in documents and comments are tests, too.
    const paths = await pathsBut(["tests", ...PAGE_FOLDERS]);
    const result = await runDeno([...TEST, ...modules, ...paths], { cwd: ROOT, env: TEST_ENV });
    const note = `${denoTestCounts(result.output).passed} tests${
      COVERAGE.length > 0 && result.code === 0 ? await coveredLines() : ""
    }`;
    const failures = Math.max(0, result.output.indexOf("\n ERRORS \n"));
    return { ...tested(result, denoTestCounts, note), output: result.output.slice(failures) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A separate command: with the configuration of the tests, `deno test` reports only files of its folder. */
async function coveredLines(): Promise<string> {
  const library = `--include=^${pathToFileURL(ROOT)}/(mod\\.ts$|src/)`;
  const { output } = await runDeno(["coverage", "--quiet", library, "coverage"], { cwd: ROOT });
  const [, lines] = /^\| All files .* (\S+) \|$/m.exec(output) ?? [];
  if (lines === undefined) throw new Error(`Cannot tell the coverage as deno coverage reports none: ${output}`);
  return `, ${lines} % of lines covered`;
}

/**
 * Paths of code or documents below a folder, except some folders whose steps have a configuration of their own. They
 * are listed one by one, as `deno check` otherwise omits `src`, and `deno test` ignores `--ignore` together with an
 * `exclude` that begins with `../`.
 */
async function pathsBut(left: readonly string[], folder = ""): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${ROOT}/${folder}`)) {
    const path = folder + name;
    if (left.includes(path)) continue;
    if (!isDirectory) {
      if (/\.(?:md|ts)$/.test(name)) paths.push(path);
    } else if (left.some((inside) => inside.startsWith(`${path}/`))) {
      paths.push(...await pathsBut(left, `${path}/`));
    } else if (!/^(?:\.|coverage$|links$|node_modules$)/.test(name)) {
      paths.push(path);
    }
  }
  return paths.sort();
}

if (import.meta.main && !await main()) Deno.exit(1);

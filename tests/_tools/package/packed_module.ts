/**
 * Packs the module for npm, installs the tarball in an empty project, and uses it as users do. The gate runs some of
 * the checks; `deno run -A tests/_tools/package/packed_module.ts` runs the others, and `.ci/run` runs both.
 *
 * @module
 */

import { runCommand } from "../command.ts";
import { ROOT } from "../repository.ts";
import { BUN, findProgram, NODE } from "../runtimes.ts";
import { checked, runSteps, type Step } from "../step.ts";
import { packModule } from "./pack.ts";

/** The programs of someone who installed the tarball. */
const APP = "tests/fixtures/npm_app";
/** Tests in Chromium. */
const PAGES = `${ROOT}/tests/browser/chromium`;
/** The oldest TypeScript that can read the declarations: typed arrays became generic in 5.7. README names it. */
export const OLDEST_TYPESCRIPT = "typescript@5.7.3";
/** The newest TypeScript. */
const NEWEST_TYPESCRIPT = "typescript@7.0.2";
/** The newest line of Node. */
const NEWEST_NODE = "node@24.21.0";
/** Packages installed in addition to the tarball: for the gate, and for the other checks. */
const INSTALLED = ["@types/node@22.20.5", "hono@4.13.19", "valibot@1.5.0", OLDEST_TYPESCRIPT];
const INSTALLED_FOR_FURTHER = [...INSTALLED, "vite@8.4.0", "webpack@5.113.0", "esbuild@0.28.2", "wrangler@4.164.0"];

/** The strictest settings that a caller may have: the declarations themselves are checked, too. */
const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: "esnext",
  lib: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
  types: ["node"],
};
const TSCONFIGS: Readonly<Record<string, unknown>> = {
  "tsconfig.json": { compilerOptions: { ...STRICT, module: "nodenext" }, files: ["app.ts"] },
  "tsconfig.bundler.json": {
    compilerOptions: { ...STRICT, module: "esnext", moduleResolution: "bundler", noEmit: true },
    files: ["app.ts", "page.ts", "worker.ts"],
  },
  "tsconfig.no_dom.json": {
    compilerOptions: { ...STRICT, lib: ["esnext"], module: "nodenext", noEmit: true },
    files: ["simulator_types.ts"],
  },
};

/** A command, or the package of a runtime, and the property that it shows. */
type Check = readonly [name: string, command: string, ...args: readonly string[]];

const npx = (name: string, ...args: readonly string[]): Check => [name, "npx", "-y", ...args];

/** Checks of the gate. */
const GATE_CHECKS: readonly Check[] = [
  npx("publint", "publint@0.3.25", "--strict", "./package.tgz"),
  npx("attw", "@arethetypeswrong/cli@0.18.5", "--profile", "esm-only", "--no-emoji", "./package.tgz"),
  // Compiles app.ts, too, which others run.
  [`${OLDEST_TYPESCRIPT}, nodenext, bundler and without DOM`, NODE, "check_types.cjs", ...Object.keys(TSCONFIGS)],
  [NODE, NODE, "app.js"],
  [`${NODE}, require`, NODE, "--no-warnings", "require.cjs"],
  [BUN, BUN, "app.ts"],
];

/** Further checks, for a clean machine. */
const FURTHER_CHECKS: readonly Check[] = [
  // Together with the declarations of all other packages, whose check takes a minute.
  ...Object.keys(TSCONFIGS).map((config) =>
    npx(`${OLDEST_TYPESCRIPT}, ${config}`, "-p", OLDEST_TYPESCRIPT, "tsc", "-p", config)
  ),
  npx("typescript@6.0.3, nodenext", "-p", "typescript@6.0.3", "tsc"),
  npx("typescript@6.0.3, bundler", "-p", "typescript@6.0.3", "tsc", "-p", "tsconfig.bundler.json"),
  npx(`${NEWEST_TYPESCRIPT}, bundler`, "-p", NEWEST_TYPESCRIPT, "tsc", "-p", "tsconfig.bundler.json"),
  npx(`${NEWEST_TYPESCRIPT}, nodenext`, "-p", NEWEST_TYPESCRIPT, "tsc"),
  npx(`${NEWEST_NODE}`, "-p", NEWEST_NODE, "node", "app.js"),
  npx(`${NEWEST_NODE}, require`, "-p", NEWEST_NODE, "node", "require.cjs"),
  ["Deno", Deno.execPath(), "run", "-A", "--node-modules-dir=manual", "app.ts"],
  npx("Vite", "-p", NODE, "node", "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"),
  [
    "bundlers, in Chromium",
    Deno.execPath(),
    "test",
    "-A",
    "--no-check",
    "--config",
    `${PAGES}/deno.json`,
    `${PAGES}/_bundlers.ts`,
  ],
  npx("Workers, dry run", "-p", NODE, "node", "node_modules/wrangler/bin/wrangler.js", "deploy", "--dry-run"),
];

/** The step that packs the module for npm, installs the tarball, and lets programs use it. */
export function packedModuleStep(root: string): Step {
  const name = "the npm tarball";
  return { name, run: async () => checked(await violations(root, GATE_CHECKS, INSTALLED), noteOf(GATE_CHECKS)) };
}

function noteOf(checks: readonly Check[]): string {
  return checks.map(([name]) => name).join("; ");
}

async function violations(root: string, checks: readonly Check[], installed: readonly string[]): Promise<string[]> {
  const cwd = await createProject(root);
  const run = async (command: string, args: readonly string[]) => {
    const program = [BUN, NODE].includes(command) ? await findProgram(command) : command;
    const { code, output } = await runCommand(program, args, {
      cwd,
      env: { WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: cwd },
    });
    return code === 0 ? [] : [`${command} ${args.join(" ")}: ${output}`];
  };
  try {
    const install = ["install", "--silent", "--no-audit", "--no-fund", "./package.tgz", ...installed];
    const found = await run("npm", install);
    if (found.length > 0) return found;
    for (const [name, command, ...args] of checks) {
      found.push(...(await run(command, args)).map((violation) => `${name}: ${violation}`));
    }
    return found;
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

/** Creates an empty project with the tarball as `package.tgz` and the programs. */
async function createProject(root: string): Promise<string> {
  const cwd = await Deno.makeTempDir();
  await Deno.rename(await packModule(root, cwd), `${cwd}/package.tgz`);
  for await (const { name } of Deno.readDir(`${root}/${APP}`)) {
    await Deno.copyFile(`${root}/${APP}/${name}`, `${cwd}/${name}`);
  }
  const files = { ...TSCONFIGS, "package.json": { private: true, type: "module" } };
  for (const [name, content] of Object.entries(files)) {
    await Deno.writeTextFile(`${cwd}/${name}`, JSON.stringify(content));
  }
  return cwd;
}

if (import.meta.main) {
  const further: Step = {
    name: "the npm tarball in further projects",
    run: async () => checked(await violations(ROOT, FURTHER_CHECKS, INSTALLED_FOR_FURTHER), noteOf(FURTHER_CHECKS)),
  };
  const { passed, failed } = await runSteps([further], { log: console.log, concurrency: 1 });
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0) Deno.exit(1);
}

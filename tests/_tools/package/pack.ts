/**
 * Packs the module for npm. `deno task pack` writes the tarball into the current directory.
 *
 * @module
 */

import { runCommand, runDeno } from "../command.ts";
import { ROOT } from "../repository.ts";
import { PACKAGE_INFO, packageFields } from "./package_info.ts";

/** Dependencies of one entry point alone: who does not import it need not install them. */
const OPTIONAL = ["hono"];

/** An import or export of a module by its name; `deno pack` writes each on one line. */
const BARE_IMPORT = /^(?:(?:import|export)\b.* from|import) "([^".\n][^"\n]*)"/gm;

/** The part of the manifest of `deno pack` that is changed here. */
interface Manifest {
  dependencies: Record<string, string>;
  exports: Record<string, unknown>;
  [field: string]: unknown;
}

/**
 * Packs the repository at `root` into `folder`, and returns the path of the tarball: the output of `deno pack`, with the
 * fields that npm and bundlers read.
 *
 * @throws {Error} when it cannot be packed, or would import an undeclared dependency.
 */
export async function packModule(root: string, folder: string): Promise<string> {
  const temp = await Deno.makeTempDir();
  try {
    const draft = `${temp}/draft.tgz`;
    const options = ["--quiet", "--allow-dirty", "--no-source-maps", "--output", draft];
    await succeed(runDeno(["pack", ...options], { cwd: root }));
    await succeed(runCommand("tar", ["-xzf", draft], { cwd: temp }));
    const contents = `${temp}/package`;
    const manifest = forNpm(JSON.parse(await Deno.readTextFile(`${contents}/package.json`)));
    const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies ?? {} });
    for await (const path of modulesIn(contents)) {
      assertResolvable(await Deno.readTextFile(`${contents}/${path}`), path, dependencies);
    }
    await Deno.writeTextFile(`${contents}/package.json`, JSON.stringify(manifest, null, 2));
    const name = await succeed(
      runCommand("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: contents }),
    );
    return `${folder}/${name.trim().split("\n").at(-1)}`;
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

/**
 * Checks that npm can resolve what a module at `path` of the tarball imports.
 *
 * @throws {Error} when it imports a package that is none of the `dependencies`.
 */
export function assertResolvable(code: string, path: string, dependencies: readonly string[]): void {
  for (const [, specifier = ""] of code.matchAll(BARE_IMPORT)) {
    if (dependencies.some((name) => specifier === name || specifier.startsWith(`${name}/`))) continue;
    throw new Error(`Cannot pack ${path} as it imports ${specifier}, which npm cannot resolve`);
  }
}

function forNpm({ dependencies, exports, ...manifest }: Manifest): Manifest & { peerDependencies?: object } {
  const needed = Object.entries(dependencies);
  const isOptional = ([name]: [string, string]) => OPTIONAL.includes(name);
  return {
    ...manifest,
    ...packageFields(PACKAGE_INFO),
    exports: { ...exports, "./package.json": "./package.json" },
    sideEffects: false,
    engines: { node: ">=22" },
    dependencies: Object.fromEntries(needed.filter((entry) => !isOptional(entry))),
    peerDependencies: Object.fromEntries(needed.filter(isOptional)),
    peerDependenciesMeta: Object.fromEntries(OPTIONAL.map((name) => [name, { optional: true }])),
  };
}

async function* modulesIn(root: string, folder = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${folder}`)) {
    const path = `${folder}${name}`;
    if (isDirectory) yield* modulesIn(root, `${path}/`);
    else if (/\.(js|d\.ts)$/.test(name)) yield path;
  }
}

async function succeed(run: ReturnType<typeof runCommand>): Promise<string> {
  const { code, output } = await run;
  if (code !== 0) throw new Error(`Cannot pack the module: ${output}`);
  return output;
}

if (import.meta.main) console.log(await packModule(ROOT, Deno.cwd()));

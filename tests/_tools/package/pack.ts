/**
 * Packs the module for npm. `deno task pack` writes the tarball into the current directory.
 *
 * @module
 */

import { runCommand, runDeno } from "../command.ts";
import { ROOT } from "../repository.ts";
import { importedNames, inlinePackages, vendorPath } from "./inline_packages.ts";
import { PACKAGE_INFO, packageFields } from "./package_info.ts";

/** Packages whose code is put into the tarball, as npm does not have them under this name. */
const INLINED = "@std/encoding";
/** Superfluous dependencies in the output of `deno pack`. */
const NOT_NEEDED = ["deno-std", "@std/encoding"];
/** Dependencies of one entry point only: users who do not import it need not install them. */
const OPTIONAL = ["hono"];
/** Folders of the tarball without library code: stand-ins for inlined packages. */
const LEFT_OUT = ["links"];

/** An import or export of a module by its name; `deno pack` writes each on one line. */
const BARE_IMPORT = /^((?:(?:import|export)\b.* from|import) )"([^".\n][^"\n]*)"/gm;

/** The part of the manifest of `deno pack` that is changed here. */
interface Manifest {
  dependencies: Record<string, string>;
  exports: Record<string, unknown>;
  [field: string]: unknown;
}

/**
 * Packs the repository at `root` into `folder`, and returns the path of the tarball: what `deno pack` makes, with every
 * import one that npm can resolve, and with what npm and bundlers want to know.
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
    for (const name of LEFT_OUT) await Deno.remove(`${contents}/${name}`, { recursive: true });
    const manifest = forNpm(JSON.parse(await Deno.readTextFile(`${contents}/package.json`)));
    await resolveModules(root, contents, Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies ?? {} }));
    await Deno.writeTextFile(`${contents}/package.json`, JSON.stringify(manifest, null, 2));
    const name = await succeed(
      runCommand("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: contents }),
    );
    return `${folder}/${name.trim().split("\n").at(-1)}`;
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

async function resolveModules(root: string, contents: string, dependencies: readonly string[]): Promise<void> {
  const codes = new Map<string, string>();
  for await (const path of modulesIn(contents)) codes.set(path, await Deno.readTextFile(`${contents}/${path}`));
  const inlined = importedNames(codes.values(), INLINED);
  for (const [path, code] of codes) {
    await Deno.writeTextFile(`${contents}/${path}`, resolveImports(code, path, dependencies));
  }
  await inlinePackages(inlined, { root, contents });
}

/**
 * The code of a module at `path` of the tarball, with the imports of inlined packages replaced by paths.
 *
 * @throws {Error} when it imports a package that is none of the `dependencies`.
 */
export function resolveImports(code: string, path: string, dependencies: readonly string[]): string {
  const up = "../".repeat(path.split("/").length - 1) || "./";
  return code.replaceAll(BARE_IMPORT, (statement, start, specifier) => {
    if (specifier.startsWith(`${INLINED}/`) && path.endsWith(".js")) return `${start}"${up}${vendorPath(specifier)}"`;
    if (dependencies.some((name) => specifier === name || specifier.startsWith(`${name}/`))) return statement;
    throw new Error(`Cannot pack ${path} as it imports ${specifier}, which npm cannot resolve`);
  });
}

function forNpm({ dependencies, exports, ...manifest }: Manifest): Manifest & { peerDependencies?: object } {
  const needed = Object.entries(dependencies).filter(([name]) => !NOT_NEEDED.includes(name));
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

/**
 * Packs the module for npm. `deno task pack` writes the tarball into the current directory.
 *
 * @module
 */

import { runCommand, runDeno } from "./command.ts";
import { ROOT } from "./repository.ts";

/** What `deno pack` leaves as it is though npm cannot resolve it, and the file of the tarball that stands in for it. */
const STAND_INS: Readonly<Record<string, string>> = { "@std/encoding/base64": "links/std_encoding/base64.js" };
/** Dependencies of one entry point alone: who does not import it need not install them. */
const OPTIONAL = ["hono"];

/** An import or export of a module by its name; `deno pack` writes each on one line. */
const BARE_IMPORT = /^((?:(?:import|export)\b.* from|import) )"([^".\n][^"\n]*)"/gm;

/** What `deno pack` makes of `deno.json`, as far as it is changed here. */
interface Manifest {
  dependencies: Record<string, string>;
  [field: string]: unknown;
}

/**
 * Packs the repository at `root` into `folder`, and returns the path of the tarball: what `deno pack` makes, with every
 * import one that npm can resolve, and with what npm and bundlers want to know.
 *
 * @throws {Error} when it cannot be packed, or would import what it does not depend on.
 */
export async function packModule(root: string, folder: string): Promise<string> {
  const temp = await Deno.makeTempDir();
  try {
    const draft = `${temp}/draft.tgz`;
    const options = ["--quiet", "--allow-dirty", "--no-source-maps", "--output", draft];
    await succeed(runDeno(["pack", ...options], { cwd: root }));
    await succeed(runCommand("tar", ["-xzf", draft], { cwd: temp }));
    const contents = `${temp}/package`;
    const manifest: Manifest = JSON.parse(await Deno.readTextFile(`${contents}/package.json`));
    for await (const path of modulesIn(contents)) {
      const code = await Deno.readTextFile(`${contents}/${path}`);
      await Deno.writeTextFile(`${contents}/${path}`, resolveImports(code, path, Object.keys(manifest.dependencies)));
    }
    await Deno.writeTextFile(`${contents}/package.json`, JSON.stringify(forNpm(manifest), null, 2));
    const name = await succeed(
      runCommand("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: contents }),
    );
    return `${folder}/${name.trim().split("\n").at(-1)}`;
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

/**
 * The code of a module at `path` of the tarball, with stand-ins imported by their path.
 *
 * @throws {Error} when it imports a package that is none of the `dependencies`.
 */
export function resolveImports(code: string, path: string, dependencies: readonly string[]): string {
  const up = "../".repeat(path.split("/").length - 1) || "./";
  return code.replaceAll(BARE_IMPORT, (statement, start, specifier) => {
    const standIn = STAND_INS[specifier];
    if (standIn !== undefined) return `${start}"${up}${standIn}"`;
    if (dependencies.some((name) => specifier === name || specifier.startsWith(`${name}/`))) return statement;
    throw new Error(`Cannot pack ${path} as it imports ${specifier}, which npm cannot resolve`);
  });
}

function forNpm({ dependencies, ...manifest }: Manifest): Manifest {
  const needed = Object.entries(dependencies);
  const isOptional = ([name]: [string, string]) => OPTIONAL.includes(name);
  return {
    ...manifest,
    description: "A client for OpenAI's Realtime API, with a simulator of its server",
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

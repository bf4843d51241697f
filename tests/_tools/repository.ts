import { fileURLToPath } from "node:url";
import { type Import, readImports } from "./imports.ts";

/** The few fields of `deno.json` that the checkers read. */
export interface Configuration {
  /** Name of the package. */
  readonly name: string;
  /** Entry points: key → file. */
  readonly exports: Readonly<Record<string, string>>;
  /** Dependencies: bare specifier → true specifier. */
  readonly imports: Readonly<Record<string, string>>;
  /** Directories of packages that stand in for dependencies. */
  readonly links: readonly string[];
  /** Options of the type checker. */
  readonly compilerOptions: Readonly<Record<string, unknown>>;
}

/** A repository as the checkers see it, read once. */
export interface Repository {
  /** Its absolute path, without a slash at the end. */
  readonly root: string;
  /** Its `deno.json`. */
  readonly configuration: Configuration;
  /** Its files: path relative to the root → text, empty of one that holds none; in the order of the paths. */
  readonly files: ReadonlyMap<string, string>;
  /** The imports of the library's files, and of the files that these reach. */
  readonly imports: readonly Import[];
}

const SKIPPED = new Set([".git", "coverage", "node_modules"]);

/** Absolute path of this repository, without a slash at the end. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Reads the repository at `root`. */
export async function readRepository(root: string): Promise<Repository> {
  const files = new Map((await readFolder(root, "")).sort(([a], [b]) => a < b ? -1 : 1));
  return {
    root,
    configuration: JSON.parse(files.get("deno.json") ?? "{}"),
    files,
    imports: await readImports(root, [...files.keys()].filter(isLibraryFile)),
  };
}

/** How the library's own modules are imported, and the file of each. */
export function ownSpecifiers(
  { name, exports }: Configuration,
): readonly (readonly [specifier: string, file: string])[] {
  return Object.entries(exports).map(([key, file]) => [name + key.slice(1), file]);
}

/** Whether a file is published as code of the library. */
export function isLibraryFile(path: string): boolean {
  return path === "mod.ts" || (path.startsWith("src/") && path.endsWith(".ts"));
}

async function readFolder(root: string, folder: string): Promise<[path: string, text: string][]> {
  const files: [string, string][] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}/${folder}`)) {
    if (SKIPPED.has(name)) continue;
    const path = folder + name;
    if (isDirectory) {
      files.push(...await readFolder(root, `${path}/`));
      continue;
    }
    const text = await readText(`${root}/${path}`);
    if (text !== undefined) files.push([path, text]);
  }
  return files;
}

/** Reads a file: an empty string for binary files, `undefined` for a file that was just deleted. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await Deno.readFile(path));
  } catch (error) {
    if (error instanceof TypeError) return "";
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

import { runDeno } from "../command.ts";

/** Options of inlining. */
export interface InlineOptions {
  /** Absolute path of the repository. */
  readonly root: string;
  /** Folder of the unpacked tarball. */
  readonly contents: string;
}

/** Names that the modules of a tarball import of a package: specifier → names. */
export type ImportedNames = ReadonlyMap<string, ReadonlySet<string>>;

/** Header of files that contain third-party code, as its license requires. */
const NOTICE = `/*
 * Parts of @std/encoding. MIT License. Copyright 2018-2026 the Deno authors.
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
 * files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
 * modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
 * Software is furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
 * Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
 * WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
 * COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
 * ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
 */
`;

/** Where the tarball has the code that stands in for a specifier, e.g. `vendor/std_encoding_base64.js`. */
export function vendorPath(specifier: string): string {
  return `vendor/${specifier.replace(/^@/, "").replaceAll(/\W/g, "_")}.js`;
}

/** Finds the names in `import { a, b as c } from "@std/…";`, of which `deno pack` writes each on one line. */
export function importedNames(codes: Iterable<string>, prefix: string): ImportedNames {
  const found = new Map<string, Set<string>>();
  for (const code of codes) {
    for (const [, names = "", specifier = ""] of code.matchAll(/^import \{([^}]*)\} from "([^"\n]+)"/gm)) {
      if (!specifier.startsWith(prefix)) continue;
      const known = found.get(specifier) ?? new Set();
      found.set(specifier, known);
      for (const name of names.split(",")) known.add(name.trim().split(" ")[0]!);
    }
  }
  return found;
}

/**
 * Writes the imported parts of each package into the tarball, so that users need not install the package.
 *
 * @throws {Error} when it cannot be bundled.
 */
export async function inlinePackages(imported: ImportedNames, { root, contents }: InlineOptions): Promise<void> {
  for (const [specifier, names] of imported) {
    const entry = await Deno.makeTempFile({ suffix: ".ts" });
    const target = `${contents}/${vendorPath(specifier)}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    try {
      await Deno.writeTextFile(entry, `export { ${[...names].join(", ")} } from "${specifier}";\n`);
      const args = ["--quiet", "--config", `${root}/deno.json`, "--platform", "browser", "--output", target, entry];
      const { code, output } = await runDeno(["bundle", ...args], { cwd: root });
      if (code !== 0) throw new Error(`Cannot inline ${specifier}: ${output}`);
    } finally {
      await Deno.remove(entry);
    }
    // The bundler says where each part came from, which is a path of this machine's cache.
    const bundled = (await Deno.readTextFile(target)).replaceAll(/^\/\/ .*node_modules.*\n/gm, "");
    await Deno.writeTextFile(target, NOTICE + bundled);
  }
}

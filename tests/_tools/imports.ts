import { pathToFileURL } from "node:url";
import { runDeno } from "./command.ts";

/** One file importing another, or a package. */
export interface Import {
  /** The importing file, relative to the root. */
  readonly from: string;
  /** The specifier as written, e.g. `./mod.ts` or `valibot`. */
  readonly specifier: string;
  /** The imported file relative to the root; undefined when the specifier is bare or leads elsewhere. */
  readonly to: string | undefined;
  /** Whether only types are imported, so that no code is loaded. */
  readonly typeOnly: boolean;
}

interface Resolved {
  readonly specifier?: string;
}

interface Graph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: Resolved;
      readonly type?: Resolved;
    }[];
  }[];
}

/**
 * Lists every import of the given files, and of the files under `root` that these reach.
 *
 * @throws {Error} when Deno cannot read the module graph.
 */
export async function readImports(root: string, files: Iterable<string>): Promise<readonly Import[]> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      entry,
      Array.from(files, (file) => `import "${pathToFileURL(`${root}/${file}`)}";\n`).join(""),
    );
    const { code, output } = await runDeno(["info", "--quiet", "--json", "--config", `${root}/deno.json`, entry], {
      cwd: root,
    });
    if (code !== 0) throw new Error(`Cannot read the module graph as deno info failed: ${output}`);
    return importsOf(JSON.parse(output.slice(output.indexOf("{"))), `${pathToFileURL(root)}/`);
  } finally {
    await Deno.remove(entry);
  }
}

function importsOf(graph: Graph, base: string): readonly Import[] {
  const local = (url: string | undefined) => url?.startsWith(base) ? url.slice(base.length) : undefined;
  return graph.modules.flatMap(({ specifier: url, dependencies = [] }) => {
    const from = local(url);
    if (from === undefined) return [];
    return dependencies.map(({ specifier, code, type }) => ({
      from,
      specifier,
      to: /^\.{0,2}\//.test(specifier) ? local((code ?? type)?.specifier) : undefined,
      typeOnly: code === undefined,
    }));
  });
}

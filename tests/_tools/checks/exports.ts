import { runDeno } from "../command.ts";
import { isLibraryFile, type Repository } from "../repository.ts";
import type { Measure } from "./ratchet.ts";

/** Current and desired limits of the number of names per entry point: those that users write, and no others. */
const NAMES: Readonly<Record<string, { readonly bound: number; readonly target: number }>> = {
  ".": { bound: 160, target: 160 },
  "./hono": { bound: 60, target: 60 },
};

/** The function that the documentation of `.` has to begin with. */
const FIRST = "connect";

/** The part of the output of `deno doc --json` that is read here. */
interface Documentation {
  readonly nodes: Readonly<
    Record<string, {
      readonly symbols: readonly {
        readonly name: string;
        readonly declarations: readonly {
          readonly jsDoc?: { readonly tags?: readonly { readonly kind: string }[] };
        }[];
      }[];
    }>
  >;
}

/** Counts the exports of the entry points, and the gaps in their documentation. */
export async function exportMeasures(
  { root, configuration, files }: Pick<Repository, "root" | "configuration" | "files">,
): Promise<readonly Measure[]> {
  const uncategorized = new Set<string>();
  const measures: Measure[] = [];
  for (const [key, file] of Object.entries(configuration.exports)) {
    const symbols = await readSymbols(root, file);
    const bounds = NAMES[key];
    if (bounds) measures.push({ what: `names of ${key}`, value: symbols.length, ...bounds });
    for (const { name, hasCategory } of symbols) if (!hasCategory) uncategorized.add(`${key} ${name}`);
  }
  const main = configuration.exports["."];
  const first = main === undefined ? FIRST : await firstDocumented(root, main);
  return [
    ...measures,
    { what: "exports without @category", value: uncategorized.size, bound: 0, target: 0 },
    { what: `modules with "export type *"`, value: wildcards(files).length, bound: 0, target: 0 },
    {
      what: `names before ${FIRST} in the documentation of . (${first})`,
      value: Number(first !== FIRST),
      bound: 0,
      target: 0,
    },
  ];
}

async function readSymbols(
  root: string,
  file: string,
): Promise<readonly { readonly name: string; readonly hasCategory: boolean }[]> {
  const output = await documentation(root, ["--json", file]);
  const { nodes }: Documentation = JSON.parse(output.slice(output.indexOf("{")));
  return Object.values(nodes).flatMap(({ symbols }) => symbols).map(({ name, declarations }) => ({
    name,
    hasCategory: declarations.some(({ jsDoc }) => jsDoc?.tags?.some(({ kind }) => kind === "category")),
  }));
}

/** The name that `deno doc` prints first. */
async function firstDocumented(root: string, file: string): Promise<string> {
  const output = await documentation(root, [file]);
  const [, name = "none"] =
    /^Defined in .*\n\n(?:(?:async|abstract|declare) )*(?:function\*?|class|const|interface|type|namespace|enum|var|let) (\w+)/m
      .exec(output) ?? [];
  return name;
}

async function documentation(root: string, args: readonly string[]): Promise<string> {
  const { code, output } = await runDeno(["doc", "--quiet", ...args], { cwd: root });
  if (code !== 0) throw new Error(`Cannot read the documentation as deno doc failed: ${output}`);
  return output;
}

/** The modules that export the types of another without naming them: functions are advertised that cannot be imported. */
function wildcards(files: Repository["files"]): readonly string[] {
  return [...files].filter(([path, text]) => isLibraryFile(path) && /^export type \*/m.test(text)).map(([path]) =>
    path
  );
}

import { runDeno } from "../_tools/command.ts";
import { readRepository, ROOT } from "../_tools/repository.ts";

interface Parameter {
  readonly kind: string;
  readonly tsType?: unknown;
  readonly left?: { readonly tsType?: unknown };
}

interface Method {
  readonly name: string;
  readonly params?: readonly Parameter[];
  readonly functionDef?: { readonly params: readonly Parameter[] };
}

interface Declaration {
  readonly kind: string;
  readonly def: {
    readonly params?: readonly Parameter[];
    readonly constructors?: readonly { readonly params: readonly Parameter[] }[];
    readonly methods?: readonly Method[];
  };
}

/** Pattern of the names of option types. */
const OPTIONS = /"(?:typeName|repr)":"\w+(?:Options|Settings|Pipes|Layout|Definition|Update)"/;

/**
 * The exported functions, constructors and methods of all entry points that take options, such as `connect`,
 * `new VoiceSession` and `VoiceSession.pipe`, by the documentation of the code.
 */
export async function optionTakers(): Promise<readonly string[]> {
  const { configuration } = await readRepository(ROOT);
  const files = Object.values(configuration.exports);
  const { code, output } = await runDeno(["doc", "--json", "--quiet", ...files], { cwd: ROOT });
  if (code !== 0) throw new Error(output);
  const { nodes } = JSON.parse(output.slice(output.indexOf("{"))) as {
    readonly nodes: Record<string, { readonly symbols: { readonly name: string; declarations: Declaration[] }[] }>;
  };
  const takers = new Set<string>();
  for (const { name, declarations } of Object.values(nodes).flatMap(({ symbols }) => symbols)) {
    for (const { kind, def } of declarations) {
      if (kind === "function" && takesOptions(def.params)) takers.add(name);
      for (const { params } of def.constructors ?? []) if (takesOptions(params)) takers.add(`new ${name}`);
      for (const { name: method, params, functionDef } of def.methods ?? []) {
        if (takesOptions(params ?? functionDef?.params)) takers.add(`${name}.${method}`);
      }
    }
  }
  return [...takers].sort();
}

function takesOptions(parameters: readonly Parameter[] = []): boolean {
  return parameters.some(({ left, tsType }) => OPTIONS.test(JSON.stringify(left?.tsType ?? tsType ?? null)));
}

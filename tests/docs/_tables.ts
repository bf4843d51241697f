import { runDeno } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";

/** A part of what `deno doc --json` says of a type. */
interface TsType {
  readonly repr?: string;
  readonly kind: string;
  readonly value: unknown;
}

interface Documented {
  readonly name?: string;
  readonly jsDoc?: undefined | {
    readonly doc?: string;
    readonly tags?: readonly { readonly kind: string; readonly value?: string; readonly doc?: string }[];
  };
}

interface Property extends Documented {
  readonly tsType?: TsType;
}

interface Declaration {
  readonly kind: string;
  readonly jsDoc?: Documented["jsDoc"];
  readonly def: { readonly properties?: readonly Property[]; readonly tsType?: TsType; readonly extends?: TsType[] };
}

/** The public types of a module, by name. */
export type Declarations = ReadonlyMap<string, Declaration>;

/** Modules whose types have the options and events: not all of them are public by name. */
const MODULES = ["session", "transport", "voice", "protocol"].map((name) => `src/${name}/mod.ts`).concat("mod.ts");

/** Reads the documentation of the modules' exports. */
export async function readDeclarations(): Promise<Declarations> {
  const { code, output } = await runDeno(["doc", "--json", "--quiet", ...MODULES], { cwd: ROOT });
  if (code !== 0) throw new Error(output);
  const { nodes } = JSON.parse(output.slice(output.indexOf("{"))) as {
    readonly nodes: Record<string, { readonly symbols: { readonly name: string; declarations: Declaration[] }[] }>;
  };
  const symbols = Object.values(nodes).flatMap(({ symbols }) => symbols);
  return new Map(
    symbols.flatMap(({ name, declarations }) => declarations.map((found) => [name, found] as const)).filter((
      [, { kind }],
    ) => /^(interface|typeAlias)$/.test(kind)),
  );
}

/** Interfaces whose properties are options, the more specific ones first. */
const OPTIONS = [
  "VoiceOptions",
  "AudioInputSettings",
  "SessionOptions",
  "ToolsPartOptions",
  "McpApprovalsPartOptions",
  "UsagePartOptions",
  "SessionSettings",
  "CoreSessionOptions",
  "OpenCoreSessionOptions",
  "ConnectOptions",
  "ConnectWithOptions",
  "TargetOptions",
  "ApiTarget",
  "DialOptions",
];

/** A row for each option, `| name | for | default | meaning |`. */
export function optionsTable(declarations: Declarations, connect: readonly string[], voice: readonly string[]): string {
  const rows = [...new Set([...connect, ...voice])].sort().map((name) => {
    const property = OPTIONS.flatMap((type) => declarations.get(type)?.def.properties ?? []).find((one) =>
      one.name === name && one.jsDoc?.doc
    );
    if (!property) throw new Error(`The option ${name} is not documented in ${OPTIONS.join(", ")}`);
    return [`\`${name}\``, connect.includes(name) ? "both" : "voice", standardOf(property), meaning(property)];
  });
  return table(["option", "for", "default", "meaning"], rows);
}

/** A row for each option inside other options, `| path.name | default | meaning |`: `types` has the type of each path. */
export function nestedOptionsTable(declarations: Declarations, types: Readonly<Record<string, string>>): string {
  const rows = Object.entries(types).flatMap(([path, type]) =>
    propertiesOf(declarations, declarations.get(type)!).flatMap((property) => {
      const name = path ? `${path}.${property.name}` : property.name!;
      return name in types ? [] : [[`\`${name}\``, standardOf(property), meaning(property)]];
    })
  );
  return table(["option", "default", "meaning"], rows);
}

/** The default of an option, with the remark that follows it; `undefined` is left out if there is one. */
function standardOf({ jsDoc }: Documented): string {
  const { value, doc = "" } = jsDoc?.tags?.find(({ kind }) => kind === "default") ?? {};
  const remark = doc.replace(/\s+/g, " ").trim();
  return !value || value === "undefined" && remark ? remark : `\`${value}\` ${remark}`.trim();
}

/** A row for each event of a union that is not one of `others`, `| type | fields | meaning |`. */
export function eventsTable(declarations: Declarations, union: string, others?: string): string {
  const elsewhere = others ? membersOf(declarations, others) : [];
  const rows = membersOf(declarations, union).filter((name) => !elsewhere.includes(name)).flatMap((name) => {
    const declaration = declarations.get(name)!;
    const properties = propertiesOf(declarations, declaration);
    const type = properties.find(({ name }) => name === "type")?.tsType;
    const fields = [...new Set(properties.map(({ name }) => `\`${name}\``).filter((name) => name !== "`type`"))];
    return literals(type).map((literal) => [`\`${literal}\``, fields.join(", "), meaning(declaration)]);
  });
  return table(["type", "fields", "meaning"], rows.sort(([a], [b]) => a! < b! ? -1 : 1));
}

function membersOf(declarations: Declarations, union: string): readonly string[] {
  const types = declarations.get(union)!.def.tsType!.value as readonly TsType[];
  return types.flatMap(({ value }) => {
    const { typeName } = value as { readonly typeName: string };
    return declarations.get(typeName)!.kind === "typeAlias" ? membersOf(declarations, typeName) : [typeName];
  });
}

function propertiesOf(declarations: Declarations, { def }: Declaration): readonly Property[] {
  const inherited = (def.extends ?? []).flatMap(({ value }) => {
    const parent = declarations.get((value as { readonly typeName: string }).typeName);
    return parent ? propertiesOf(declarations, parent) : [];
  });
  return [...inherited, ...def.properties ?? []];
}

function literals(type: TsType | undefined): readonly string[] {
  if (type?.kind === "union") return (type.value as readonly TsType[]).flatMap(literals);
  return type?.kind === "literal" ? [(type.value as { readonly string: string }).string] : [];
}

/** The first sentence of a description, on one line. */
function meaning({ jsDoc }: Documented): string {
  const text = (jsDoc?.doc ?? "").replace(/\{@linkcode (\S+?)\}/g, "`$1`").replace(/\s+/g, " ").trim();
  return (/^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text).replaceAll("|", "\\|");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

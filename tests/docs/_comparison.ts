/**
 * Measures the agents of `examples/comparison` and writes the table of the README: `deno task comparison`.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { bundleModule } from "../_tools/bundle.ts";
import { runDeno, TEST_CONFIG } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";

/** The packages that are compared. */
const PACKAGES = [
  { name: "@oai-rt/edge", file: "oai_rt_edge.ts", imported: `export { connectVoice } from "@oai-rt/edge";` },
  {
    name: "openai",
    file: "openai.ts",
    imported: `export { OpenAIRealtimeWebSocket } from "openai/realtime/websocket";
export { default } from "openai";`,
  },
  {
    name: "@openai/agents-realtime",
    file: "openai_agents.ts",
    imported: `export { RealtimeAgent, RealtimeSession } from "@openai/agents-realtime";`,
  },
] as const;

/** Features of each package, as read in its sources. */
const FEATURES: readonly (readonly [string, string, string, string])[] = [
  ["typed events that narrow", "yes", "yes", "no"],
  ["commands settle with their own answer", "yes", "no", "no"],
  ["one response at a time", "yes", "no", "yes"],
  ["runs tools", "yes", "no", "yes"],
  ["interruption cuts where it was heard", "by what was played", "no", "by the wall clock"],
  ["events checked before they are sent", "yes", "no", "no"],
  ["header authentication on Deno and Bun", "yes", "with `ws`", "with `ws`"],
  ["microphone and loudspeaker in a page", "yes", "no", "WebRTC only"],
  ["edge app: secrets, calls, relay", "yes", "no", "no"],
  ["simulator of the server", "yes", "no", "scripted transport"],
  ["handoffs between agents", "no", "no", "yes"],
  ["reconnects", "with the conversation", "opt-in, new session", "no"],
];

/** Measurements of a package. */
export interface Compared {
  readonly name: string;
  readonly version: string;
  /** Lines of code of its agent. */
  readonly lines: number;
  /** Bytes of its client for pages, minified and gzipped. */
  readonly bytes: number | undefined;
}

/** Counts lines that are neither empty nor only a comment. */
export function countLines(code: string): number {
  return code.split("\n").filter((line) => !/^\s*(\/\/.*)?$/.test(line)).length;
}

/** Measures all packages; the sizes, which take a while, are optional. */
export function measureComparison({ sizes }: { readonly sizes: boolean }): Promise<readonly Compared[]> {
  return Promise.all(PACKAGES.map(async ({ name, file, imported }) => ({
    name,
    version: await versionOf(name),
    lines: countLines(await Deno.readTextFile(`${ROOT}/examples/comparison/${file}`)),
    bytes: sizes ? await sizeOf(imported) : undefined,
  })));
}

async function versionOf(name: string): Promise<string> {
  const { version } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`));
  if (name === "@oai-rt/edge") return version;
  const { imports } = JSON.parse(await Deno.readTextFile(`${ROOT}/tests/deno.json`));
  return /@([\d.]+)$/.exec(imports[name])![1]!;
}

async function sizeOf(imported: string): Promise<number> {
  const entry = await Deno.makeTempFile({ dir: `${ROOT}/tests/docs`, suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, `${imported}\n`);
    const code = await bundleModule(ROOT, entry, ["--platform", "browser", "--minify", TEST_CONFIG]);
    return gzipSync(code, { level: 9 }).byteLength;
  } finally {
    await Deno.remove(entry);
  }
}

/** The table of the README; `date` is the day of the measurement. */
export function comparisonTable(compared: readonly Compared[], date: string): string {
  const rows = [
    ["", ...compared.map(({ name, version }) => `\`${name}\` ${version}`)],
    ["---", "---", "---", "---"],
    ["lines for the same agent", ...compared.map(({ lines }) => `${lines}`)],
    ["client in a page, minified and gzipped", ...compared.map(({ bytes = 0 }) => `${Math.round(bytes / 1000)} kB`)],
    ...FEATURES,
  ];
  return `${rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}

Measured on ${date} by \`npx -y deno@2.9.6 task comparison\`. The agents are in
[examples/comparison](https://github.com/oai-rt/edge/blob/main/examples/comparison); the tests run all three against the
simulator, with a tool and an interruption. Features are those of the package itself, without application code.`;
}

if (import.meta.main) {
  const date = new Date().toISOString().slice(0, 10);
  const table = comparisonTable(await measureComparison({ sizes: true }), date);
  const path = `${ROOT}/README.md`;
  const readme = await Deno.readTextFile(path);
  const marks = /<!-- comparison -->[\s\S]*<!-- \/comparison -->/;
  if (!marks.test(readme)) throw new Error("Cannot write the comparison as README.md has no place for it");
  await Deno.writeTextFile(path, readme.replace(marks, `<!-- comparison -->\n\n${table}\n\n<!-- /comparison -->`));
  await runDeno(["fmt", "--quiet", path], { cwd: ROOT });
}

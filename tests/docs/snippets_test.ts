import { assert, assertEquals } from "@std/assert";
import { runCommand, runDeno, TEST_CONFIG } from "../_tools/command.ts";
import { packModule } from "../_tools/package/pack.ts";
import { ROOT } from "../_tools/repository.ts";
import { BUN, NODE } from "../_tools/runtimes.ts";
import { startSimulator } from "../_tools/servers/simulator_process.ts";
import { isProved, readSnippets, type Runtime, runtimesOf, type Snippet } from "./_snippets.ts";

/** Milliseconds that a snippet may take. */
const TIMEOUT_MS = 40_000;

/** How many snippets run at the same time. */
const CONCURRENCY = 12;

/** Lets Deno find packages as Bun and Node do. */
const MODULES = "--node-modules-dir=manual";

/** Packages that snippets import beside this one, from those that the tests have. */
const PACKAGES = ["@noble/hashes", "@types/node", "hono", "valibot", "ws", "zod"];

/** What stands for React: its types are not checked, and its hook reads once. */
const REACT =
  `export const useSyncExternalStore = (subscribe, getSnapshot) => (subscribe(() => {})(), getSnapshot());\n`;

async function readDocuments(): Promise<readonly Snippet[]> {
  const names = ["README.md"];
  for await (const { name } of Deno.readDir(`${ROOT}/docs`)) if (name.endsWith(".md")) names.push(`docs/${name}`);
  const texts = await Promise.all(names.sort().map((name) => Deno.readTextFile(`${ROOT}/${name}`)));
  return texts.flatMap((text, index) => readSnippets(names[index]!, text));
}

/** The path of a package of the tests. */
async function packagePath(name: string): Promise<string> {
  const store = `${ROOT}/tests/node_modules/.deno`;
  const prefix = `${name.replace("/", "+")}@`;
  for await (const { name: entry } of Deno.readDir(store)) {
    if (entry.startsWith(prefix)) return `${store}/${entry}/node_modules/${name}`;
  }
  throw new Error(`There is no package ${name} in ${store}`);
}

/** An app that has installed the tarball: what Bun and Node run. */
async function createApp(folder: string): Promise<void> {
  const modules = `${folder}/node_modules`;
  await Deno.mkdir(`${modules}/@oai-rt/edge`, { recursive: true });
  for (const scope of ["@noble", "@types"]) await Deno.mkdir(`${modules}/${scope}`);
  await Deno.mkdir(`${modules}/react`);
  await Deno.writeTextFile(`${modules}/react/package.json`, `{"name":"react","type":"module","exports":"./react.js"}`);
  await Deno.writeTextFile(`${modules}/react/react.js`, REACT);
  const tarball = await packModule(ROOT, folder);
  const unpack = ["-xzf", tarball, "--strip-components=1", "-C", `${modules}/@oai-rt/edge`];
  assertEquals((await runCommand("tar", unpack, { cwd: folder })).code, 0);
  for (const name of PACKAGES) await Deno.symlink(await packagePath(name), `${modules}/${name}`);
  await Deno.writeTextFile(`${folder}/package.json`, `{"type":"module"}`);
  await Deno.copyFile(`${ROOT}/examples/assets/question.wav`, `${folder}/question.wav`);
}

/** The program of a runtime, without the package manager that brings it. */
async function findProgram(runtime: "bun" | "node"): Promise<string> {
  const args = ["-y", "-p", runtime === "bun" ? BUN : NODE, "which", runtime];
  const { output } = await runCommand("npx", args, { cwd: ROOT, timeoutMs: TIMEOUT_MS });
  return output.trim().split("\n").at(-1)!;
}

/** Bundles a Worker as an app that has installed the tarball does, and asks it in workerd. */
async function runWorker(file: string, bindings: Record<string, string>): ReturnType<typeof runCommand> {
  const bundle = file.replace(/ts$/, "js");
  const bundled = await runDeno(["bundle", "--quiet", MODULES, "--platform", "browser", "--output", bundle, file], {
    cwd: file.slice(0, file.lastIndexOf("/")),
    timeoutMs: TIMEOUT_MS,
  });
  if (bundled.code !== 0) return bundled;
  const args = ["run", "-A", "--no-check", TEST_CONFIG, "tests/docs/_ask_worker.ts", bundle, JSON.stringify(bindings)];
  return await runDeno(args, { cwd: ROOT, timeoutMs: TIMEOUT_MS });
}

Deno.test("every snippet of the README and of docs/ runs on every runtime that it names", async () => {
  const snippets = await readDocuments();
  assert(snippets.length > 10, `There are ${snippets.length} snippets`);
  assertEquals(snippets.filter((snippet) => !isProved(snippet)).map(({ place }) => place), []);
  await using simulator = await startSimulator(ROOT, ["--pace", "32"]);
  const folder = await Deno.makeTempDir();
  try {
    const [bun, node] = await Promise.all([findProgram("bun"), findProgram("node"), createApp(folder)]);
    const env = { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: simulator.url.replace(/\/realtime$/, "") };
    const options = { cwd: folder, env, timeoutMs: TIMEOUT_MS };
    const run: Record<Runtime, (file: string) => ReturnType<typeof runCommand>> = {
      deno: (file) => runDeno(["run", "-A", "--no-check", MODULES, file], options),
      bun: (file) => runCommand(bun, [file], options),
      node: (file) => runCommand(node, ["--no-warnings", file], options),
      worker: (file) => runWorker(file, env),
    };
    const files = snippets.map(({ language }, index) => `${folder}/snippet_${index}.${language}`);
    for (const [index, file] of files.entries()) await Deno.writeTextFile(file, snippets[index]!.code);
    const failures: string[] = [];
    const prove = async (name: string, command: () => ReturnType<typeof runCommand>) => {
      const { code, output } = await command();
      if (code !== 0) failures.push(`${name} ended with code ${code}:\n${output}`);
    };
    const runs = snippets.flatMap((snippet, index) =>
      runtimesOf(snippet).map((runtime) => () =>
        prove(`${snippet.place} on ${runtime}`, () => run[runtime](files[index]!))
      )
    );
    const typed = files.filter((_, index) => snippets[index]!.flags.includes("ignore"));
    runs.push(() =>
      prove("deno check", () => runDeno(["check", MODULES, ...typed], { ...options, timeoutMs: 120_000 }))
    );
    // Most of them wait for audio to be heard, at the speed at which it is.
    const work = async () => {
      for (let next = runs.shift(); next; next = runs.shift()) await next();
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    assertEquals(failures.join("\n\n"), "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readSnippets() finds the code, the place and the flags of each block", () => {
  const text = "# Title\n\n```ts ignore deno node\nconst a = 1;\n```\n\n```sh\nls\n```\n\n```ts\nconst b = 2;\n```\n";
  const [first, second, ...more] = readSnippets("a.md", text);
  assertEquals([first!.place, first!.code, runtimesOf(first!)], ["a.md:3", "const a = 1;\n", ["deno", "node"]]);
  assertEquals([second!.place, second!.flags, isProved(second!), more.length], ["a.md:11", [], true, 0]);
  assertEquals(isProved({ ...first!, flags: ["ignore"] }), false);
});

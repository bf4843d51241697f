import { assert, assertEquals } from "@std/assert";
import { runCommand, runDeno, TEST_CONFIG } from "../_tools/command.ts";
import { packModule } from "../_tools/package/pack.ts";
import { ROOT } from "../_tools/repository.ts";
import { BUN, NODE } from "../_tools/runtimes.ts";
import { startSimulator } from "../_tools/servers/simulator_process.ts";
import { isForPage, isRun, readDocuments, readSnippets, type Runtime, runtimesOf } from "./_snippets.ts";

/** Milliseconds that a snippet may take. */
const TIMEOUT_MS = 40_000;

/** Number of snippets that run at the same time. */
const CONCURRENCY = 12;

/** Lets Deno find packages as Bun and Node do. */
const MODULES = "--node-modules-dir=manual";

/** Packages that snippets import in addition to this one, from those of the tests. */
const PACKAGES = ["@noble/hashes", "@types/node", "hono", "valibot", "ws", "zod"];

/** Gives the type checker the types of a page. */
const PAGE_TYPES = `/// <reference lib="dom" />\n`;

/** The path of a package of the tests. */
async function packagePath(name: string): Promise<string> {
  const store = `${ROOT}/tests/node_modules/.deno`;
  const prefix = `${name.replace("/", "+")}@`;
  for await (const { name: entry } of Deno.readDir(store)) {
    if (entry.startsWith(prefix)) return `${store}/${entry}/node_modules/${name}`;
  }
  throw new Error(`There is no package ${name} in ${store}`);
}

/** Creates an app that has installed the tarball, for Bun and Node. */
async function createApp(folder: string): Promise<void> {
  const modules = `${folder}/node_modules`;
  await Deno.mkdir(`${modules}/@oai-rt/edge`, { recursive: true });
  for (const scope of ["@noble", "@types"]) await Deno.mkdir(`${modules}/${scope}`);
  const tarball = await packModule(ROOT, folder);
  const unpack = ["-xzf", tarball, "--strip-components=1", "-C", `${modules}/@oai-rt/edge`];
  assertEquals((await runCommand("tar", unpack, { cwd: folder })).code, 0);
  for (const name of PACKAGES) await Deno.symlink(await packagePath(name), `${modules}/${name}`);
  await Deno.writeTextFile(`${folder}/package.json`, `{"type":"module"}`);
  await Deno.copyFile(`${ROOT}/examples/assets/question.wav`, `${folder}/question.wav`);
}

/** The program of a runtime, without the package manager that installs it. */
async function findProgram(runtime: "bun" | "node"): Promise<string> {
  const args = ["-y", "-p", runtime === "bun" ? BUN : NODE, "which", runtime];
  const { output } = await runCommand("npx", args, { cwd: ROOT, timeoutMs: TIMEOUT_MS });
  return output.trim().split("\n").at(-1)!;
}

/** Bundles a Worker as an app that has installed the tarball does, and sends it a request in workerd. */
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
  // Those for pages run in Chromium, see tests/browser/chromium/snippets.ts; their types are checked here.
  assertEquals(snippets.filter((snippet) => !isRun(snippet)).map(({ place }) => place), []);
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
    for (const [index, file] of files.entries()) {
      const snippet = snippets[index]!;
      await Deno.writeTextFile(file, `${isForPage(snippet) ? PAGE_TYPES : ""}${snippet.code}`);
    }
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
    // Most of them wait for audio to be played in real time.
    const work = async () => {
      for (let next = runs.shift(); next; next = runs.shift()) await next();
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    assertEquals(failures.join("\n\n"), "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readSnippets() finds the code, the location and the flags of each block", () => {
  const text = "# Title\n\n```ts ignore deno node\nconst a = 1;\n```\n\n```sh\nls\n```\n\n```ts\nconst b = 2;\n```\n";
  const [first, second, ...more] = readSnippets("a.md", text);
  assertEquals([first!.place, first!.code, runtimesOf(first!)], ["a.md:3", "const a = 1;\n", ["deno", "node"]]);
  assertEquals([second!.place, second!.flags, isRun(second!), more.length], ["a.md:11", [], true, 0]);
  assertEquals(isRun({ ...first!, flags: ["ignore"] }), false);
  assertEquals(isRun({ ...first!, flags: ["ignore", "chromium"] }), true);
});

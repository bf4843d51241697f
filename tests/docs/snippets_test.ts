import { assert, assertEquals } from "@std/assert";
import { runCommand, runDeno, TEST_CONFIG } from "../_tools/command.ts";
import { packModule } from "../_tools/package/pack.ts";
import { ROOT } from "../_tools/repository.ts";
import { BUN, findProgram, NODE } from "../_tools/runtimes.ts";
import { startSimulator } from "../_tools/servers/simulator_process.ts";
import { isForPage, isRun, readDocuments, readSnippets, type Runtime, runtimesOf } from "./_snippets.ts";

/** Milliseconds that a command may take. */
const TIMEOUT_MS = 110_000;

/** Runs the snippets of a runtime in one process: starting one for each would take most of the time. */
const TOGETHER = "_run_programs.mjs";

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
  await Deno.copyFile(`${ROOT}/tests/docs/${TOGETHER}`, `${folder}/${TOGETHER}`);
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

Deno.test(
  "every snippet of the README and of docs/ runs on every runtime that it names",
  { timeout: 2 * TIMEOUT_MS },
  async () => {
    const snippets = await readDocuments();
    assert(snippets.length > 10, `There are ${snippets.length} snippets`);
    // Those for pages run in Chromium, see tests/browser/chromium/snippets.ts; their types are checked here.
    assertEquals(snippets.filter((snippet) => !isRun(snippet)).map(({ place }) => place), []);
    await using simulator = await startSimulator(ROOT, ["--pace", "32"]);
    const folder = await Deno.makeTempDir();
    try {
      const [bun, node] = await Promise.all([findProgram(BUN), findProgram(NODE), createApp(folder)]);
      const env = { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: simulator.url.replace(/\/realtime$/, "") };
      const options = { cwd: folder, env, timeoutMs: TIMEOUT_MS };
      // Named after the place, which every failure shows.
      const programs = snippets.map((snippet) => ({
        ...snippet,
        path: `${folder}/${snippet.place.replaceAll(/\W/g, "_")}.${snippet.language}`,
      }));
      for (const program of programs) {
        await Deno.writeTextFile(program.path, `${isForPage(program) ? PAGE_TYPES : ""}${program.code}`);
      }
      const pathsOn = (runtime: Runtime) =>
        programs.filter((program) => runtimesOf(program).includes(runtime)).map(({ path }) => path);
      const failures: string[] = [];
      const prove = async (
        name: string,
        run: () => ReturnType<typeof runCommand>,
        programs: readonly string[] = [],
      ) => {
        const { code, output } = await run();
        const lost = programs.filter((path) => !output.includes(`ended: ${path}\n`));
        if (code === 0 && lost.length === 0) return;
        const before = lost.length > 0 ? ` before ${lost.join(", ")}` : "";
        failures.push(`${name} ended with code ${code}${before}:\n${output}`);
      };
      const together = (runtime: Runtime, command: string, ...args: readonly string[]) => {
        const paths = pathsOn(runtime);
        return prove(runtime, () => runCommand(command, [...args, TOGETHER, ...paths], options), paths);
      };
      const typed = programs.filter(({ flags }) => flags.includes("ignore")).map(({ path }) => path);
      await Promise.all([
        together("deno", Deno.execPath(), "run", "-A", "--no-check", MODULES),
        together("bun", bun),
        together("node", node, "--no-warnings"),
        ...pathsOn("worker").map((path) => prove(`${path} on workerd`, () => runWorker(path, env))),
        prove("deno check", () => runDeno(["check", MODULES, ...typed], options)),
      ]);
      assertEquals(failures.join("\n\n"), "");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

Deno.test("readSnippets() finds the code, the location and the flags of each block", () => {
  const text = "# Title\n\n```ts ignore deno node\nconst a = 1;\n```\n\n```sh\nls\n```\n\n```ts\nconst b = 2;\n```\n";
  const [first, second, ...more] = readSnippets("a.md", text);
  assertEquals([first!.place, first!.code, runtimesOf(first!)], ["a.md:3", "const a = 1;\n", ["deno", "node"]]);
  assertEquals([second!.place, second!.flags, isRun(second!), more.length], ["a.md:11", [], true, 0]);
  assertEquals(isRun({ ...first!, flags: ["ignore"] }), false);
  assertEquals(isRun({ ...first!, flags: ["ignore", "chromium"] }), true);
});

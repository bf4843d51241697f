import { pathToFileURL } from "node:url";

/**
 * Files of tests that run in a worker of their own, and first, as they take several seconds each: mostly they start
 * processes or wait in real time. Which files these are affects only how long the gate takes.
 */
export const LONG_FILES: readonly string[] = [
  "docs/snippets_test.ts",
  "peers/peers_test.ts",
  "session/heap_test.ts",
  "browser/media/media_peer_test.ts",
  "examples/durable_object_test.ts",
  "session/runs/random_runs_test.ts",
  "simulator/command/command_test.ts",
  "hono/sessions/hosts_lifetimes_test.ts",
  "hono/hosts_test.ts",
  "session/recovery/chaos_test.ts",
  "examples/stdio_test.ts",
  "examples/demo_test.ts",
  "hono/call_room_test.ts",
  "examples/telephony_hosts_test.ts",
  "simulator/upgrade/upgrade_test.ts",
].map((path) => `tests/${path}`);

/** Names of the files in which Deno looks for tests. */
const TEST_FILE = /(?:^|[/_.])test\.(?:[cm]?[jt]s|[jt]sx)$/;

/** Number of other files that share a worker. */
const FILES_OF_MODULE = 20;

/** The files among `paths` in which `deno test tests` finds tests, except those below some folders. */
export function testFiles(paths: Iterable<string>, left: readonly string[]): readonly string[] {
  const isLeft = (path: string) => left.some((folder) => path.startsWith(`${folder}/`));
  return [...paths].filter((path) => path.startsWith("tests/") && TEST_FILE.test(path) && !isLeft(path));
}

/**
 * Writes modules to `folder` that import the test files, several each, and returns what to pass to `deno test`, the
 * longest first. Deno starts a worker for each module that it is given, and every worker loads the library again, which
 * takes longer than most files of tests. Paths of files are relative to `root`.
 */
export async function writeTestModules(
  files: readonly string[],
  { root, folder }: { readonly root: string; readonly folder: string },
): Promise<readonly string[]> {
  const long = LONG_FILES.filter((file) => files.includes(file));
  const others = files.filter((file) => !long.includes(file));
  const modules: string[] = [];
  for (let start = 0; start < others.length; start += FILES_OF_MODULE) {
    const module = `${folder}/${String(start).padStart(4, "0")}_test.ts`;
    const imports = others.slice(start, start + FILES_OF_MODULE).map((file) =>
      `import "${pathToFileURL(`${root}/${file}`)}";\n`
    );
    await Deno.writeTextFile(module, imports.join(""));
    modules.push(module);
  }
  return [...long.map((file) => `${root}/${file}`), ...modules];
}

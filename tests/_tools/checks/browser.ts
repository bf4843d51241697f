import { pathToFileURL } from "node:url";
import { runDeno } from "../command.ts";
import { isLibraryFile, type Repository } from "../repository.ts";

/** The first line of a file that runs in a browser. */
const CLAIM = "// This module is browser compatible.";

/** Entry points that a browser can import, with everything that they reach. */
const ENTRY_POINTS: readonly string[] = [".", "./audio", "./browser", "./protocol", "./rest"];

/** Lists the files that a browser's entry points reach, types included, and that do not say they run in a browser. */
export function browserClaimViolations(
  { configuration, files, imports }: Pick<Repository, "configuration" | "files" | "imports">,
): readonly string[] {
  const reached = new Set(
    Object.entries(configuration.exports).filter(([key]) => ENTRY_POINTS.includes(key)).map(([, file]) =>
      file.slice(2)
    ),
  );
  for (const file of reached) {
    for (const { from, to } of imports) if (from === file && to !== undefined) reached.add(to);
  }
  return [...reached].filter((file) => !saysBrowser(files.get(file))).map((file) =>
    `${file} is reached from a browser's entry point and must begin with ${CLAIM}`
  );
}

/** Type-checks every file that says it runs in a browser with the types of a browser and nothing else. */
export async function browserTypeViolations(
  { root, configuration, files }: Pick<Repository, "root" | "configuration" | "files">,
): Promise<readonly string[]> {
  const claiming = [...files].filter(([path, text]) => isLibraryFile(path) && saysBrowser(text)).map(([path]) => path);
  const config = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(config, JSON.stringify(browserConfiguration(root, configuration)));
    const { code, output } = await runDeno(["check", "--quiet", "--config", config, ...claiming], { cwd: root });
    return code === 0 ? [] : [output.replaceAll(`${pathToFileURL(root)}/`, "").trim()];
  } finally {
    await Deno.remove(config);
  }
}

function saysBrowser(text: string | undefined): boolean {
  return text !== undefined && text.split("\n", 1)[0] === CLAIM;
}

function browserConfiguration(root: string, { imports, links, compilerOptions }: Repository["configuration"]): unknown {
  return {
    compilerOptions: { ...compilerOptions, lib: ["dom", "dom.iterable", "dom.asynciterable", "esnext"] },
    imports,
    links: links.map((link) => `${root}/${link.replace(/^\.\//, "")}`),
    lock: false,
  };
}

import { type Configuration, ownSpecifiers, type Repository } from "../repository.ts";

type Files = Repository["files"];

const RE_EXPORT = /export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s+from\s+"([^"]+)";/g;

/**
 * Lists faults of the entry points and of every other `mod.ts`: a key without its file, or unknown to Bun's
 * `tsconfig.json`; anything but alphabetical re-exports; a public file missing in its folder's `mod.ts`.
 */
export function entryPointViolations(
  { configuration, files }: Pick<Repository, "configuration" | "files">,
): readonly string[] {
  const modules = [...files].filter(([path]) => path === "mod.ts" || /^src\/.*\/mod\.ts$/.test(path));
  return [
    ...Object.entries(configuration.exports).flatMap(([key, file]) => keyViolations(key, file, files)),
    ...tsconfigViolations(configuration, files.get("tsconfig.json") ?? "{}"),
    ...modules.flatMap(([path, text]) => moduleViolations(path, text, files)),
  ];
}

function keyViolations(key: string, file: string, files: Files): readonly string[] {
  const wanted = key === "." ? "./mod.ts" : `./src/${key.slice(2)}/mod.ts`;
  if (file !== wanted) return [`deno.json exports ${key} must be ${wanted}: current value is ${file}`];
  return files.has(file.slice(2)) ? [] : [`deno.json exports ${key} names ${file}, which does not exist`];
}

function tsconfigViolations(configuration: Configuration, tsconfig: string): readonly string[] {
  const paths: Record<string, readonly string[]> = JSON.parse(tsconfig).compilerOptions?.paths ?? {};
  return ownSpecifiers(configuration).flatMap(([specifier, file]) => {
    return paths[specifier]?.[0] === file ? [] : [`tsconfig.json paths must map ${specifier} to ${file}`];
  });
}

function moduleViolations(path: string, text: string, files: Files): readonly string[] {
  const code = text.replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
  const targets = Array.from(code.matchAll(RE_EXPORT), ([, target = ""]) => target);
  const violations: string[] = [];
  const rest = code.replace(RE_EXPORT, "").trim();
  if (rest !== "") violations.push(`${path} must only re-export: it has ${rest.split("\n")[0]}`);
  targets.forEach((target, index) => {
    const before = targets[index - 1] ?? "";
    if (target < before) violations.push(`${path} must be alphabetical: ${target} comes after ${before}`);
  });
  for (const wanted of publicModulesBeside(path, files)) {
    if (!targets.includes(wanted)) violations.push(`${path} must re-export ${wanted}, or its name begin with _`);
  }
  return violations;
}

/** The re-exports of a folder's `mod.ts`: the public files of the folder, and below it the nearest `mod.ts` or file. */
function publicModulesBeside(path: string, files: Files): ReadonlySet<string> {
  const modules = new Set<string>();
  if (path === "mod.ts") return modules;
  const folder = path.slice(0, -"mod.ts".length);
  for (const file of files.keys()) {
    const inside = file.slice(folder.length);
    if (!file.startsWith(folder) || !file.endsWith(".ts") || file === path || /(?:^|\/)_/.test(inside)) continue;
    const entry = Array.from(inside.matchAll(/\//g), ({ index }) => `${inside.slice(0, index)}/mod.ts`)
      .find((candidate) => files.has(folder + candidate));
    modules.add(`./${entry ?? inside}`);
  }
  return modules;
}

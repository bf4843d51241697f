import { type Configuration, ownSpecifiers, type Repository } from "../repository.ts";

/** The configuration of tests, and of examples with packages of their own. */
const TEST_CONFIGURATION = "tests/deno.json";

/** Packages that a user's first command may download. */
const MAX_PACKAGES = 5;

/** The used part of a lock file. */
interface Lock {
  /** Packages of npm. */
  readonly npm?: Readonly<Record<string, unknown>>;
  /** Which version each specifier stands for. */
  readonly specifiers?: Readonly<Record<string, string>>;
}

/**
 * Lists differences between the configurations of the tests and of the library: in the version of a package, in the
 * options of the type checker, or in the location of the library. The library's configuration must not contain packages
 * that it does not import, as a user's first command downloads all of them.
 */
export function testConfigurationViolations(
  { configuration, files, imports }: Pick<Repository, "configuration" | "files" | "imports">,
): readonly string[] {
  const tests: Partial<Configuration> = JSON.parse(files.get(TEST_CONFIGURATION) ?? "{}");
  return [
    ...importViolations(configuration, tests),
    ...lockViolations(read(files, "deno.lock"), read(files, "tests/deno.lock")),
    ...compilerViolations(configuration, tests),
    ...packageViolations(read(files, "deno.lock")),
    ...idleImports(configuration, [...imports.map(({ specifier }) => specifier), ...linked(files)]),
  ];
}

function read(files: Repository["files"], path: string): Lock {
  return JSON.parse(files.get(path) ?? "{}");
}

function importViolations(configuration: Configuration, tests: Partial<Configuration>): readonly string[] {
  const wanted = { ...configuration.imports };
  for (const [specifier, file] of ownSpecifiers(configuration)) wanted[specifier] = `.${file}`;
  return Object.entries(wanted)
    .filter(([specifier, target]) => tests.imports?.[specifier] !== target)
    .map(([specifier, target]) => `${TEST_CONFIGURATION} imports must map ${specifier} to ${target}`);
}

function lockViolations(library: Lock, tests: Lock): readonly string[] {
  // The version is followed by those of its peers.
  return Object.entries(library.specifiers ?? {})
    .filter(([specifier, version]) => tests.specifiers?.[specifier]?.split("_")[0] !== version.split("_")[0])
    .map(([specifier, version]) => `tests/deno.lock must lock ${specifier} to ${version}, as deno.lock does`);
}

function packageViolations({ npm = {} }: Lock): readonly string[] {
  const packages = Object.keys(npm);
  return packages.length <= MAX_PACKAGES
    ? []
    : [`deno.lock has ${packages.length} packages, which a user's first command downloads: at most ${MAX_PACKAGES}`];
}

function compilerViolations({ compilerOptions }: Configuration, tests: Partial<Configuration>): readonly string[] {
  return JSON.stringify(compilerOptions) === JSON.stringify(tests.compilerOptions)
    ? []
    : [`${TEST_CONFIGURATION} must have the compilerOptions of deno.json`];
}

/** Imports of the packages in `links/`: they belong to the library's own dependencies. */
function linked(files: Repository["files"]): readonly string[] {
  return [...files].filter(([path]) => /^links\/.*\.ts$/.test(path))
    .flatMap(([, text]) => Array.from(text.matchAll(/from "([^"]+)"/g), ([, specifier = ""]) => specifier));
}

function idleImports({ imports = {} }: Partial<Configuration>, imported: readonly string[]): readonly string[] {
  return Object.keys(imports)
    .filter((name) => !imported.some((specifier) => specifier === name || specifier.startsWith(`${name}/`)))
    .map((name) => `deno.json imports ${name}, which the library does not import: move it to ${TEST_CONFIGURATION}`);
}

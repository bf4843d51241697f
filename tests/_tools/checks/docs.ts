import { runDeno } from "../command.ts";
import { isLibraryFile, type Repository } from "../repository.ts";

/**
 * Lists the entry points without an `@module` block, and the findings of `deno doc --lint`. A public type that refers
 * to a type of an npm package is not a finding, as such a type cannot be made public.
 */
export async function docsViolations(
  { root, configuration, files }: Pick<Repository, "root" | "configuration" | "files">,
): Promise<readonly string[]> {
  const entries = Object.values(configuration.exports);
  const { code, output } = await runDeno(["doc", "--quiet", "--lint", ...entries], { cwd: root });
  const findings = lintFindings(output);
  if (code !== 0 && findings.length === 0) return [`deno doc --lint failed: ${output}`];
  return [
    ...entries.filter((entry) => !hasModuleDoc(files.get(entry.slice(2)) ?? ""))
      .map((entry) => `${entry} must begin with a doc block that has @module`),
    ...findings.filter((finding) => !pointsOutOf(files, finding)).map((finding) => finding.replaceAll(`${root}/`, "")),
  ];
}

/** Whether a module's first block comment, preceded by line comments only, has the tag `@module`. */
function hasModuleDoc(text: string): boolean {
  const [, block = ""] = /^(?:\s|\/\/.*\n)*\/\*\*([^]*?)\*\//.exec(text) ?? [];
  return /^\s*\* @module\b/m.test(block);
}

/** Splits the output of `deno doc --lint` into its findings, without the summary at its end. */
function lintFindings(output: string): readonly string[] {
  return output.split(/^(?=error)/m).map((part) => part.trim()).filter((part) => part.startsWith("error["));
}

/**
 * Whether a finding concerns a reference to a type declared outside the library. A finding quotes the line of the
 * declaration, but does not name its file.
 */
function pointsOutOf(files: Repository["files"], finding: string): boolean {
  const [, number, quoted] = /^ *(\d+) \| (.*)\n.*this is the referenced type/m.exec(finding) ?? [];
  if (number === undefined || !finding.startsWith("error[private-type-ref]")) return false;
  return ![...files].some(([path, text]) => isLibraryFile(path) && text.split("\n")[Number(number) - 1] === quoted);
}

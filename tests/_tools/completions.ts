import { fileURLToPath } from "node:url";
import ts from "typescript";
import { ROOT } from "./repository.ts";

const FILE = fileURLToPath(new URL("_completed.ts", import.meta.url));

const service = { text: "", version: 0 };

const languageService = ts.createLanguageService({
  getCompilationSettings: () => ({
    strict: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    noLib: true,
    types: [],
  }),
  getScriptFileNames: () => [FILE],
  getScriptVersion: (name) => name === FILE ? `${service.version}` : "1",
  getScriptSnapshot: (name) => {
    const text = name === FILE ? service.text : ts.sys.readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => ROOT,
  getDefaultLibFileName: () => "",
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
});

/**
 * The completions of an editor at the `|` of some code after a preamble, in alphabetical order. Imports are relative to
 * this folder.
 */
export function completionsIn(preamble: string, code: string): readonly string[] {
  const text = `${preamble}\n${code.replace("|", "")}`;
  service.text = text;
  service.version++;
  const position = preamble.length + 1 + code.indexOf("|");
  const completions = languageService.getCompletionsAtPosition(FILE, position, {});
  return completions?.entries.map(({ name }) => name).sort() ?? [];
}

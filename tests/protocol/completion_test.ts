import { assert, assertEquals } from "@std/assert";
import ts from "typescript";
import { SERVER_EVENT_TYPES } from "../../src/protocol/mod.ts";

const ROOT = new URL("../../", import.meta.url);
const FILE = new URL("tests/protocol/_completed.ts", ROOT).pathname;

/** What an editor offers at the `|` of some code that has an `event`, in the order of the alphabet. */
function completionsIn(code: string): readonly string[] {
  const text = `import type { IncomingServerEvent } from "../../src/protocol/mod.ts";
declare const event: IncomingServerEvent;
${code.replace("|", "")}`;
  const position = text.length - code.length + code.indexOf("|") + 1;
  service.text = text;
  service.version++;
  const completions = languageService.getCompletionsAtPosition(FILE, position, {});
  return completions?.entries.map(({ name }) => name).sort() ?? [];
}

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
  getCurrentDirectory: () => ROOT.pathname,
  getDefaultLibFileName: () => "",
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
});

Deno.test("an editor completes the types of events", () => {
  const offered = completionsIn(`if (event.type === "|") {}`);
  assertEquals(offered, [...SERVER_EVENT_TYPES, "malformed_event"].sort());
  assertEquals(completionsIn(`switch (event.type) { case "|": }`), offered);
});

Deno.test("an editor completes the fields of an event once its type is known", () => {
  assertEquals(completionsIn(`if (event.type === "response.done") event.|`), ["event_id", "response", "type"]);
  assertEquals(completionsIn(`if (event.type === "malformed_event") event.|`), ["eventType", "issues", "raw", "type"]);
  assertEquals(completionsIn(`switch (event.type) { case "error": event.error.| }`), [
    "code",
    "event_id",
    "message",
    "param",
    "type",
  ]);
  assertEquals(completionsIn("event.|"), ["type"]);
});

Deno.test("an editor completes the kinds of items, and the fields of each", () => {
  const within = (code: string) => completionsIn(`if (event.type === "conversation.item.done") { ${code} }`);
  const kinds = within(`if (event.item.type === "|") {}`);
  assert(kinds.includes("message") && kinds.includes("function_call") && kinds.length === 7, kinds.join());
  const fields = within(`if (event.item.type === "function_call") event.item.|`);
  assertEquals(fields, ["arguments", "call_id", "id", "name", "object", "status", "type"]);
});

/**
 * Writes the tables of options and events in `docs/` from the documentation of the code: `deno task tables`. With `--check` it
 * only compares.
 *
 * @module
 */
import { CONNECT_NAMES } from "../../src/connect_options.ts";
import { VOICE_NAMES } from "../../src/voice/voice_options.ts";
import { runDeno } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";
import { eventsTable, nestedOptionsTable, optionsTable, readDeclarations } from "./_tables.ts";

/** The documents with the tables that they have to have, by path. */
export async function documentsWithTables(): Promise<
  ReadonlyMap<string, { readonly is: string; readonly due: string }>
> {
  const declarations = await readDeclarations();
  const tables: Record<string, Record<string, string>> = {
    "docs/options.md": {
      options: optionsTable(declarations, Object.keys(CONNECT_NAMES).sort(), Object.keys(VOICE_NAMES)),
      nested: nestedOptionsTable(declarations, { azure: "AzureTarget", limits: "SessionLimits" }),
    },
    "docs/recovery.md": {
      recovery: nestedOptionsTable(declarations, {
        "": "RecoveryOptions",
        backoff: "RecoveryBackoff",
        replay: "ReplayOptions",
      }),
    },
    "docs/events.md": {
      voice: eventsTable(declarations, "VoiceEvent", "LocalEvent"),
      local: eventsTable(declarations, "LocalEvent"),
    },
  };
  const documents = new Map<string, { is: string; due: string }>();
  for (const [path, parts] of Object.entries(tables)) {
    const is = await Deno.readTextFile(`${ROOT}/${path}`);
    let due = is;
    for (const [name, table] of Object.entries(parts)) {
      const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
      const [before, after] = [due.indexOf(start), due.indexOf(end)];
      if (before < 0 || after < before) throw new Error(`Cannot write ${path} as it has no ${start} … ${end}`);
      due = `${due.slice(0, before + start.length)}\n\n${table}\n\n${due.slice(after)}`;
    }
    documents.set(path, { is, due: await formatted(due) });
  }
  return documents;
}

async function formatted(text: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".md" });
  try {
    await Deno.writeTextFile(file, text);
    const { code, output } = await runDeno(["fmt", "--quiet", "--config", "deno.json", file], { cwd: ROOT });
    if (code !== 0) throw new Error(output);
    return await Deno.readTextFile(file);
  } finally {
    await Deno.remove(file);
  }
}

if (import.meta.main) {
  for (const [path, { due }] of await documentsWithTables()) await Deno.writeTextFile(`${ROOT}/${path}`, due);
}

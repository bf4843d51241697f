import { assert, assertEquals, assertMatch } from "@std/assert";
import * as live from "../../src/protocol/live/mod.ts";
import * as protocol from "../../src/protocol/mod.ts";
import {
  CLIENT_EVENT_TYPES,
  SERVER_EVENT_TYPES,
  TRANSLATION_CLIENT_EVENT_TYPES,
  TRANSLATION_SERVER_EVENT_TYPES,
} from "../../src/protocol/mod.ts";

const TEXT = await Deno.readTextFile(new URL("../../PROTOCOL.md", import.meta.url));

/** A chapter of the document, with the sections in it. */
function chapter(title: string): string {
  const found = TEXT.split(/^## /m).find((text) => text.startsWith(`${title}\n`));
  assert(found, `there is no chapter ${title}`);
  return found;
}

/** The cells of the rows of a chapter's tables whose cell `column` names events. */
function rows(title: string, column = 0): readonly (readonly string[])[] {
  const cells = chapter(title).split("\n").filter((line) => line.startsWith("| ")).map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );
  return cells.filter((row) => /^`[a-z_]+[.`]/.test(row[column] ?? ""));
}

/** The events named in a text: `a.b.c`, and `.d` after it for `a.b.d`. */
function eventsIn(text: string): string[] {
  const names: string[] = [];
  for (const [name] of text.matchAll(/(?<![\w/.])(?:[a-z_]+(?:\.[a-z_]+)+|\.[a-z_]+|error(?=`))/g)) {
    names.push(name.startsWith(".") ? `${names.at(-1)?.replace(/\.[a-z_]+$/, "")}${name}` : name);
  }
  return names;
}

function named(table: readonly (readonly string[])[], column = 0): string[] {
  return table.flatMap((row) => eventsIn(row[column] ?? ""));
}

Deno.test("PROTOCOL.md lists every client event once, with its meaning and its answer", () => {
  const table = rows("Client events");
  assertEquals(named(table).toSorted(), CLIENT_EVENT_TYPES.toSorted());
  for (const row of table) {
    assertEquals(row.filter((cell) => cell !== "").length, 3, row[0]);
    for (const answer of eventsIn(row[2] ?? "")) {
      assert((SERVER_EVENT_TYPES as readonly string[]).includes(answer), `${answer} answers ${row[0]}`);
    }
  }
});

Deno.test("PROTOCOL.md lists every server event once, with its meaning", () => {
  const table = rows("Server events").filter(([event]) => !/^`(?:completed|cancelled|incomplete|failed)`/.test(event!));
  assertEquals(named(table).toSorted(), SERVER_EVENT_TYPES.toSorted());
  for (const row of table) assertEquals(row.filter((cell) => cell !== "").length, 2, row[0]);
});

Deno.test("PROTOCOL.md lists every event of a translation session, with its direction", () => {
  const table = rows("Translation sessions", 1);
  const sent = (arrow: string) => named(table.filter(([direction]) => direction === arrow), 1).toSorted();
  assertEquals(sent("→"), TRANSLATION_CLIENT_EVENT_TYPES.toSorted());
  assertEquals(sent("←"), TRANSLATION_SERVER_EVENT_TYPES.toSorted());
});

Deno.test("PROTOCOL.md shows the sequences of a turn, tool calls and barge-ins, with the right event directions", () => {
  const known = { "→": CLIENT_EVENT_TYPES, "←": SERVER_EVENT_TYPES } as const;
  const sequences = chapter("Sequences");
  for (
    const [title, ...events] of [
      ["A turn detected by the server", "input_audio_buffer.speech_started", "response.output_audio.delta"],
      ["A tool call", "response.function_call_arguments.done", "conversation.item.create", "response.create"],
      ["A tool of an MCP server", "conversation.item.create", "response.mcp_call.completed", "response.create"],
      ["Barge-in over WebSocket", "input_audio_buffer.speech_started", "conversation.item.truncate"],
      ["Barge-in over WebRTC", "input_audio_buffer.speech_started", "output_audio_buffer.cleared"],
    ] as const
  ) {
    const section = sequences.split(/^### /m).find((text) => text.startsWith(`${title}\n`)) ?? "";
    assertMatch(section, /^```text$/m, title);
    let from = 0;
    for (const event of events) {
      const at = section.indexOf(event, from);
      assert(at >= 0, `${event} is missing in ${title}`);
      from = at + event.length;
    }
  }
  for (const [, arrow, text] of sequences.matchAll(/^([→←]) (.*?)(?: {2,}.*)?$/gm)) {
    for (const event of eventsIn(text!)) {
      const types: readonly string[] = known[arrow as "→" | "←"];
      assert(types.includes(event), `${arrow} ${event}`);
    }
  }
});

Deno.test("PROTOCOL.md names only existing functions", () => {
  const names = [...TEXT.matchAll(/`((?:safeParse|parse|read|stringify|check|is)[A-Z]\w+)(?:\([a-z]*\))?`/g)].map(
    ([, name]) => name!,
  );
  assert(names.length > 10, names.join());
  const missing = names.filter((name) => !(name in protocol) && !(name in live));
  assertEquals(missing, []);
});

Deno.test("PROTOCOL.md gives the source of every chapter about the real server", () => {
  const ours = [
    "Sources",
    "Parsing and validation",
    "In the simulator",
    "Differences from the published",
  ];
  const chapters = TEXT.split(/^## /m).slice(1).filter((text) => !ours.some((title) => text.startsWith(title)));
  assertEquals(chapters.length, 12);
  // Items, limits and the like give the source once; tables and sequences may give it per row.
  const silent = chapters.filter((text) => !/^Known: |\bKnown: |\| known +\|/m.test(text));
  assertEquals(silent.map((text) => text.split("\n")[0]), []);
});

import { assert, assertEquals } from "@std/assert";
import {
  LIVE_CLIENT_EVENT_TYPES,
  LIVE_FORK_CLIENT_EVENT_TYPES,
  LIVE_SERVER_EVENT_TYPES,
  LIVE_SIDEBAND_CLIENT_EVENT_TYPES,
} from "../../../src/protocol/mod.ts";
import { LiveWebhookEventSchemas } from "../../../src/protocol/live/_schemas/webhook.ts";

const TEXT = await Deno.readTextFile(new URL("../../../PROTOCOL.md", import.meta.url));

/** The sources of a row. */
const KNOWN = /^(typed|documented|recorded|reported|assumed)(, \w+)*$/;

/** A section with its title. */
function sectionOf(title: string): string {
  const section = TEXT.split(/^### /m).find((text) => text.startsWith(`${title}\n`));
  assert(section, `there is no section ${title}`);
  return section;
}

/** The cells of a row. */
function cellsOf(line: string): string[] {
  return line.split("|").slice(1, -1).map((cell) => cell.trim());
}

/** The rows of the table of a section, cell by cell. */
function rowsOf(title: string): string[][] {
  return sectionOf(title).split("\n").filter((line) => line.startsWith("| `")).map(cellsOf);
}

const nameIn = (cell: string | undefined) => /^`([^`]+)`$/.exec(cell ?? "")?.[1];

Deno.test("PROTOCOL.md lists every client event of the Live API, with its connections and its answer", () => {
  const rows = rowsOf("Live client events");
  const all = new Set<string>([...LIVE_CLIENT_EVENT_TYPES, ...LIVE_SIDEBAND_CLIENT_EVENT_TYPES]);
  assertEquals(rows.map(([event]) => nameIn(event)).toSorted(), [...all].toSorted());
  for (const [event, connections, meaning, answer, known] of rows) {
    const name = nameIn(event)!;
    const where = [
      ["primary", (LIVE_CLIENT_EVENT_TYPES as readonly string[]).includes(name)],
      ["sideband", (LIVE_SIDEBAND_CLIENT_EVENT_TYPES as readonly string[]).includes(name)],
      ["fork", (LIVE_FORK_CLIENT_EVENT_TYPES as readonly string[]).includes(name)],
    ].filter(([, takes]) => takes).map(([connection]) => connection);
    assertEquals(connections, where.length === 3 ? "all" : where.join(", "), name);
    for (const [, answered] of answer!.matchAll(/`([^`]+)`/g)) {
      assert((LIVE_SERVER_EVENT_TYPES as readonly string[]).includes(answered!), `${answered} answers ${name}`);
    }
    assert(meaning && KNOWN.test(known!), name);
  }
});

Deno.test("PROTOCOL.md says how each statement about the Live API is known", () => {
  assert(rowsOf("Live connections").length >= 12);
  const limits = sectionOf("Live limits").split("\n").filter((line) => /^\| [^-]/.test(line)).slice(1);
  assert(limits.length >= 20);
  for (const row of [...rowsOf("Live connections"), ...limits.map(cellsOf)]) {
    assert(KNOWN.test(row.at(-1)!), row.join(" | "));
  }
  const titles = [...TEXT.matchAll(/^### (Live .*)$/gm)].map(([, title]) => title!);
  for (const title of titles) assert(/\b(typed|documented|recorded|reported|assumed)\b/i.test(sectionOf(title)), title);
});

Deno.test("PROTOCOL.md lists every server event of the Live API, and its source", () => {
  const rows = rowsOf("Live server events");
  assertEquals(rows.map(([event]) => nameIn(event)).toSorted(), LIVE_SERVER_EVENT_TYPES.toSorted());
  for (const [event, meaning, known] of rows) {
    assert(meaning && KNOWN.test(known!), event);
  }
});

Deno.test("PROTOCOL.md lists every webhook of the Live API, and its source", () => {
  const rows = rowsOf("Live webhooks");
  assertEquals(rows.map(([event]) => nameIn(event)).toSorted(), Object.keys(LiveWebhookEventSchemas).toSorted());
  for (const [event, meaning, known] of rows) assert(meaning && KNOWN.test(known!), event);
});

import { assert, assertEquals } from "@std/assert";
import {
  LIVE_CLIENT_EVENT_TYPES,
  LIVE_FORK_CLIENT_EVENT_TYPES,
  LIVE_SERVER_EVENT_TYPES,
  LIVE_SIDEBAND_CLIENT_EVENT_TYPES,
} from "../../../src/protocol/mod.ts";

const TEXT = await Deno.readTextFile(new URL("../../../PROTOCOL.md", import.meta.url));

/** The rows of the table of a section, cell by cell. */
function rowsOf(title: string): string[][] {
  const section = TEXT.split(/^### /m).find((text) => text.startsWith(`${title}\n`));
  assert(section, `there is no section ${title}`);
  return section.split("\n").filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
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
    assert(meaning && /^(typed|documented|recorded|reported|assumed)(, \w+)*$/.test(known!), name);
  }
});

Deno.test("PROTOCOL.md lists every server event of the Live API, and its source", () => {
  const rows = rowsOf("Live server events");
  assertEquals(rows.map(([event]) => nameIn(event)).toSorted(), LIVE_SERVER_EVENT_TYPES.toSorted());
  for (const [event, meaning, known] of rows) {
    assert(meaning && /^(typed|documented|recorded|reported|assumed)(, \w+)*$/.test(known!), event);
  }
});

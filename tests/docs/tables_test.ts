import { assert, assertEquals } from "@std/assert";
import { documentsWithTables } from "./_write_tables.ts";

Deno.test("the tables of options and events are up to date: deno task tables writes them", async () => {
  const documents = await documentsWithTables();
  assertEquals(documents.size, 3);
  for (const [path, { is, due }] of documents) {
    assertEquals(is, due, path);
    assert(due.split("\n").filter((line) => line.startsWith("| `")).length >= 10, path);
  }
});

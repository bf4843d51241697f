import { assertEquals } from "@std/assert";
import { keepNewest } from "../../src/_internal/keep_newest.ts";

Deno.test("keepNewest() deletes what was added first, of sets and of maps, until few enough are left", () => {
  const ids = new Set(["a", "b", "c", "d"]);
  keepNewest(ids, 2);
  assertEquals([...ids], ["c", "d"]);
  const entries = new Map([["a", 1], ["b", 2]]);
  keepNewest(entries, 2);
  assertEquals(entries.size, 2);
  keepNewest(entries, 1);
  assertEquals([...entries.keys()], ["b"]);
});

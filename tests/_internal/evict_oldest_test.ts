import { assertEquals } from "@std/assert";
import { evictOldest } from "../../src/_internal/evict_oldest.ts";

Deno.test("evictOldest() deletes the oldest entries of sets and maps down to the limit", () => {
  const ids = new Set(["a", "b", "c", "d"]);
  evictOldest(ids, 2);
  assertEquals([...ids], ["c", "d"]);
  const entries = new Map([["a", 1], ["b", 2]]);
  evictOldest(entries, 2);
  assertEquals(entries.size, 2);
  evictOldest(entries, 1);
  assertEquals([...entries.keys()], ["b"]);
});

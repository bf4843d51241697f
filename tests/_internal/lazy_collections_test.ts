import { assertEquals } from "@std/assert";
import { LazyMap, LazySet } from "../../src/_internal/lazy_collections.ts";

Deno.test("LazyMap behaves like a Map before its first entry and after its last", () => {
  const map = new LazyMap<string, number>();
  for (let times = 0; times < 2; times++) {
    assertEquals([map.size, map.get("a"), map.has("a"), map.delete("a")], [0, undefined, false, false]);
    assertEquals([[...map], [...map.keys()], [...map.values()]], [[], [], []]);
    map.set("a", 1).set("b", 2).set("a", 3);
    assertEquals([map.size, map.get("a"), map.has("b")], [2, 3, true]);
    assertEquals([[...map], [...map.keys()], [...map.values()]], [[["a", 3], ["b", 2]], ["a", "b"], [3, 2]]);
    assertEquals([map.delete("a"), map.delete("a"), map.size], [true, false, 1]);
    map.clear();
  }
});

Deno.test("LazySet behaves like a Set before its first entry and after its last", () => {
  const set = new LazySet<string>();
  for (let times = 0; times < 2; times++) {
    assertEquals([set.size, set.has("a"), set.delete("a"), [...set], [...set.keys()]], [0, false, false, [], []]);
    set.add("a").add("b").add("a");
    assertEquals([set.size, set.has("b"), [...set], [...set.keys()]], [2, true, ["a", "b"], ["a", "b"]]);
    assertEquals([set.delete("a"), set.delete("a"), set.size], [true, false, 1]);
    set.clear();
  }
});

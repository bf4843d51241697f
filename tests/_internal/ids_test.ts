import { assert, assertEquals, assertMatch } from "@std/assert";
import { randomId } from "../../src/_internal/ids.ts";

Deno.test("randomId() returns a prefix and 24 digits and lower-case letters, at most 32 characters with a prefix of 7", () => {
  assertMatch(randomId("item"), /^item_[a-z0-9]{24}$/);
  assertEquals(randomId("session").length, 32);
});

Deno.test("randomId() never repeats, and uses the whole alphabet", () => {
  const ids = Array.from({ length: 1000 }, () => randomId(""));
  assertEquals(new Set(ids).size, 1000);
  assert(new Set(ids.join("")).size === 37, "36 digits and letters, and the underscore");
});

import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { Pseudonyms } from "../../../src/hono/_auth/pseudonyms.ts";

Deno.test("Pseudonyms are stable per caller across servers, and differ between callers", () => {
  const pseudonyms = new Pseudonyms();
  const name = pseudonyms.of("ann");
  assertMatch(name, /^[0-9a-f]{40}$/);
  assertNotEquals(pseudonyms.of("bob"), name);
  assertEquals(new Pseudonyms().of("ann"), name);
  for (let index = 0; index < 1000; index++) pseudonyms.of(`caller ${index}`);
  assertEquals(pseudonyms.of("ann"), name);
});

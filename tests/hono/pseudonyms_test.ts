import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { Pseudonyms } from "../../src/hono/_auth/pseudonyms.ts";

Deno.test("Pseudonyms are the same for a caller, and others for other callers and secrets", async () => {
  const pseudonyms = new Pseudonyms();
  const name = await pseudonyms.of("ann", "secret 1");
  assertMatch(name, /^[0-9a-f]{40}$/);
  assertNotEquals(await pseudonyms.of("bob", "secret 1"), name);
  assertNotEquals(await pseudonyms.of("ann", "secret 2"), name);
  assertEquals(await pseudonyms.of("ann", "secret 1"), name);
  for (let index = 0; index < 1000; index++) await pseudonyms.of(`caller ${index}`, "secret 1");
  assertEquals(await pseudonyms.of("ann", "secret 1"), name);
});

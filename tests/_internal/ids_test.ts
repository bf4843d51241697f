import { assert, assertEquals, assertMatch } from "@std/assert";
import { randomId, randomLetters } from "../../src/_internal/ids.ts";

Deno.test("randomId() returns a prefix and 24 letters and digits, at most 32 characters with a prefix of 7", () => {
  assertMatch(randomId("item"), /^item_[A-Za-z0-9]{24}$/);
  assertEquals(randomId("session").length, 32);
});

Deno.test("randomId() never repeats, and uses the whole alphabet", () => {
  const ids = Array.from({ length: 1000 }, () => randomId(""));
  assertEquals(new Set(ids).size, 1000);
  assert(new Set(ids.join("")).size === 63, "62 letters and digits, and the underscore");
});

Deno.test("randomLetters() returns the requested length, calls the platform rarely, and uses no byte twice", () => {
  const { getRandomValues } = crypto;
  let [calls, next] = [0, 0];
  // The rest of the bytes fetched before.
  randomLetters(1024);
  crypto.getRandomValues = ((bytes: Uint8Array) => {
    calls++;
    return bytes.map(() => next++ % 62);
  }) as typeof getRandomValues;
  try {
    const letters = Array.from({ length: 96 }, () => randomLetters(32)).join("");
    assertEquals(calls, 3);
    const alphabet = letters.slice(0, 62);
    assertEquals(new Set(alphabet).size, 62);
    assertEquals(letters, alphabet.repeat(50).slice(0, letters.length));
  } finally {
    crypto.getRandomValues = getRandomValues;
    randomLetters(1024);
  }
});

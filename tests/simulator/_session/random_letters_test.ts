import { assertEquals } from "@std/assert";
import { randomLetters } from "../../../src/simulator/_session/random_letters.ts";

Deno.test("randomLetters() returns the requested length, calls the platform rarely, and uses no byte twice", () => {
  const { getRandomValues } = crypto;
  let [calls, next] = [0, 0];
  // The rest of the letters made before.
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

// This module is browser compatible.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Number of random letters made at a time: a call of the platform takes longer than reading a few of them. */
const POOL_LETTERS = 1024;

const pool = { letters: "", used: 0 };

/** Creates `count` random letters and digits, at most 1024. A simulator needs some for every event. */
export function randomLetters(count: number): string {
  if (pool.used + count > pool.letters.length) {
    const bytes = crypto.getRandomValues(new Uint8Array(POOL_LETTERS));
    pool.letters = Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
    pool.used = 0;
  }
  return pool.letters.slice(pool.used, pool.used += count);
}

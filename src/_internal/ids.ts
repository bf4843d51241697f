// This module is browser compatible.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Random bytes that are fetched at a time: a call of the platform takes longer than the making of an id. */
const POOL_BYTES = 1024;

const pool = { bytes: /* @__PURE__ */ new Uint8Array(0), used: 0 };

/**
 * Makes an identifier from a prefix such as `item`.
 *
 * @category Environment
 */
export type IdGenerator = (prefix: string) => string;

/**
 * Returns `prefix_` + 24 random letters and digits. The server rejects item ids longer than 32 characters, so a prefix
 * has at most 7.
 *
 * @category Environment
 */
export function randomId(prefix: string): string {
  return `${prefix}_${randomLetters(24)}`;
}

/** Makes random letters and digits: so many, which must be at most 1024. */
export function randomLetters(count: number): string {
  if (pool.used + count > pool.bytes.length) {
    pool.bytes = crypto.getRandomValues(new Uint8Array(POOL_BYTES));
    pool.used = 0;
  }
  let letters = "";
  for (const end = pool.used + count; pool.used < end; pool.used++) {
    letters += ALPHABET[pool.bytes[pool.used]! % ALPHABET.length];
  }
  return letters;
}

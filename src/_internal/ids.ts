// This module is browser compatible.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

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
  return `${prefix}_${toLetters(crypto.getRandomValues(new Uint8Array(24)))}`;
}

/** Letters and digits, one for each byte. */
export function toLetters(bytes: Uint8Array): string {
  let letters = "";
  for (const byte of bytes) letters += ALPHABET[byte % ALPHABET.length];
  return letters;
}

// This module is browser compatible.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Random bytes of the id that is being made: to have new memory for each takes longer than all the rest. */
const random = new Uint8Array(24);

/**
 * Makes an identifier from a prefix such as `item`.
 *
 * @category Environment
 */
export type IdGenerator = (prefix: string) => string;

/**
 * Makes `prefix_` + 24 random letters and digits. The server refuses item ids longer than 32 characters, so a prefix
 * has at most 7.
 *
 * @category Environment
 */
export function randomId(prefix: string): string {
  crypto.getRandomValues(random);
  let id = `${prefix}_`;
  for (let index = 0; index < random.length; index++) id += ALPHABET[random[index]! % ALPHABET.length];
  return id;
}

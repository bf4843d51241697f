// This module is browser compatible.

/**
 * Makes an identifier from a prefix such as `item`.
 *
 * @category Environment
 */
export type IdGenerator = (prefix: string) => string;

/**
 * Returns `prefix_` + 24 random digits and lower-case letters. The server rejects item ids longer than 32 characters, so
 * a prefix has at most 7.
 *
 * @category Environment
 */
export function randomId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return `${prefix}_${Array.from(bytes, (byte) => (byte % 36).toString(36)).join("")}`;
}

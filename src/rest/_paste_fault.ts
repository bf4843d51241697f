// This module is browser compatible.

/** Characters that are often copied along with a secret, and the end of a sentence that describes them. */
const FAULTS: readonly (readonly [found: RegExp, words: string])[] = [
  [/^\s*v1a?,/, "begins with v1,"],
  [/^\s*Bearer\s/i, "begins with Bearer"],
  [/^\s*\w+\s*=\s*["']?(?:sk-|ek_|whsec_)/, "begins with the name of a variable"],
  [/^\s*["'`‘’“”]|["'`‘’“”]\s*$/, "is in quotes"],
  [/[\r\n]/, "contains a line break"],
  [/^\s|\s$/, "is surrounded by blanks"],
];

/**
 * Describes characters that were copied along with a secret, e.g. `is in quotes`; `undefined` when there are none. The
 * result ends a sentence about the secret, and does not repeat it.
 */
export function pasteFault(secret: string): string | undefined {
  // Fast path: true of nearly every secret, checked at each request.
  if (/^[\w-]+$/.test(secret)) return undefined;
  return FAULTS.find(([found]) => found.test(secret))?.[1];
}

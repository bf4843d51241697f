// This module is browser compatible.

/** What people copy along with a secret, and how a sentence about the secret ends that says so. */
const FAULTS: readonly (readonly [found: RegExp, words: string])[] = [
  [/^\s*v1a?,/, "begins with v1,"],
  [/^\s*Bearer\s/i, "begins with Bearer"],
  [/^\s*\w+\s*=\s*["']?(?:sk-|ek_|whsec_)/, "begins with the name of a variable"],
  [/^\s*["'`‘’“”]|["'`‘’“”]\s*$/, "is in quotes"],
  [/[\r\n]/, "has a line break in it"],
  [/^\s|\s$/, "has blanks around it"],
];

/**
 * What came along when a secret was copied and pasted, e.g. `is in quotes`, or `undefined` when nothing did. It ends a
 * sentence about the secret, and does not repeat it.
 */
export function pasteFault(secret: string): string | undefined {
  // Nearly every secret, at each request.
  if (/^[\w-]+$/.test(secret)) return undefined;
  return FAULTS.find(([found]) => found.test(secret))?.[1];
}

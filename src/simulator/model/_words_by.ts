// This module is browser compatible.

/** Duration of a spoken word, in milliseconds. */
const WORD_MS = 350;

/** The words of a text that have been spoken after a number of milliseconds: at least the first. */
export function wordsBy(text: string, ms: number): string {
  const words = text.match(/\s*\S+/g) ?? [];
  return words.slice(0, 1 + Math.floor(ms / WORD_MS)).join("");
}

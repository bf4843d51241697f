// This module is browser compatible.

/**
 * Ten seconds of English, which are assumed in addition to what was heard: a short answer, which begins and ends with
 * silence, hardly changes the rate, and a long talk does.
 */
const ASSUMED_LETTERS = 150;
const ASSUMED_MS = 10_000;

/** Estimates the letters of speech per millisecond from what was heard so far. */
export function speakingRate({ letters, ms }: { readonly letters: number; readonly ms: number }): number {
  return (letters + ASSUMED_LETTERS) / (ms + ASSUMED_MS);
}

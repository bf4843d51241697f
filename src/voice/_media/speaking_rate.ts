// This module is browser compatible.

/** Assumed letters of speech per millisecond: about those of English. */
const ASSUMED_RATE = 0.015;

/**
 * Weight of the assumption, in milliseconds of speech: a short answer, which begins and ends with silence, hardly
 * changes it; a long talk replaces it.
 */
const ASSUMED_MS = 10_000;

/** Estimates the letters of speech per millisecond from what was heard so far. */
export function speakingRate({ letters, ms }: { readonly letters: number; readonly ms: number }): number {
  return (ASSUMED_RATE * ASSUMED_MS + letters) / (ASSUMED_MS + ms);
}

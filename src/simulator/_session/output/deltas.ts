// This module is browser compatible.

/** A word with the space before it, a mark, or trailing space: pieces as a model makes them, at most 12 letters long. */
const WORDS = /\s*(?:[\p{L}\p{M}\p{N}_’']{1,12}|[^\s])|\s+$/gu;

/** A word, or a run of what stands between words in JSON. */
const JSON_PIECES = /[\p{L}\p{M}\p{N}_-]{1,12}|[^\p{L}\p{M}\p{N}_-]{1,4}/gu;

/** Cuts text into the pieces it is streamed in; joined they are the text. */
export function splitWords(text: string): readonly string[] {
  return text.match(WORDS) ?? [];
}

/** Cuts JSON into the pieces it is streamed in; joined they are the JSON. */
export function splitJson(json: string): readonly string[] {
  return json.match(JSON_PIECES) ?? [];
}

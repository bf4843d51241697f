// This module is browser compatible.

/** Parses JSON; `undefined` when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller uses the text as it is.
    return undefined;
  }
}

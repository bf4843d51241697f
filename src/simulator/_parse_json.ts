// This module is browser compatible.

/** The value that a text holds as JSON; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller uses the text as it is.
    return undefined;
  }
}

// This module is browser compatible.

/** Parses JSON, passing each string through `map`; returns `undefined` when the text is not JSON. */
export function parseJson(text: string, map: (text: string) => string = (text) => text): unknown {
  try {
    return JSON.parse(text, (_name, value) => typeof value === "string" ? map(value) : value);
  } catch {
    return undefined;
  }
}

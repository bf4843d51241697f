// This module is browser compatible.

/** What a text in JSON holds, each string in it passed through `map`; `undefined` when it is not JSON. */
export function parseJson(text: string, map: (text: string) => string = (text) => text): unknown {
  try {
    return JSON.parse(text, (_name, value) => typeof value === "string" ? map(value) : value);
  } catch {
    return undefined;
  }
}

// This module is browser compatible.

/** Parses JSON; returns `undefined` when the text is not JSON. `revive` replaces the values, as in `JSON.parse`. */
export function parseJson(text: string, revive?: (name: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, revive);
  } catch {
    return undefined;
  }
}

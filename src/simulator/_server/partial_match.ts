// This module is browser compatible.

/** A difference between a value and its pattern. */
export interface Difference {
  /** Path of the field. */
  readonly at: string;
  /** The expected value. */
  readonly wanted: string;
  /** The actual value. */
  readonly actual: string;
}

/**
 * Finds the first field of a pattern that is missing or different in a value; `undefined` when there is none. Fields
 * outside the pattern are ignored; arrays must have the length of the pattern's.
 */
export function firstDifference(pattern: unknown, value: unknown, at = ""): Difference | undefined {
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value) || value.length !== pattern.length) return differ(pattern, value, at);
    return firstOf(pattern.map((each, index) => firstDifference(each, value[index], `${at}[${index}]`)));
  }
  if (typeof pattern !== "object" || pattern === null) {
    return Object.is(pattern, value) ? undefined : differ(pattern, value, at);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return differ(pattern, value, at);
  const fields = value as Readonly<Record<string, unknown>>;
  return firstOf(
    Object.entries(pattern).map(([key, each]) => firstDifference(each, fields[key], at ? `${at}.${key}` : key)),
  );
}

function firstOf(differences: readonly (Difference | undefined)[]): Difference | undefined {
  return differences.find((difference) => difference !== undefined);
}

function differ(wanted: unknown, actual: unknown, at: string): Difference {
  return { at, wanted: show(wanted), actual: show(actual) };
}

/** A value as a line of an error: long texts, such as audio, are cut. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  return JSON.stringify(value, (_key, each) => {
    return typeof each === "string" && each.length > 100 ? `${each.slice(0, 100)}…` : each;
  });
}

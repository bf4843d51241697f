// This module is browser compatible.

import type { SchemaObject } from "./resolve_schema.ts";

/** The constraints of a schema for one type, and a sample value. */
export interface ScalarSample<T> {
  /** Whether a value is within the bounds of the schema. */
  readonly fits: (value: T) => boolean;
  /** A value that fits, if a plain one does. */
  readonly value: T;
}

/** Longest text generated for a `minLength`. */
const MAX_LENGTH = 10_000;
const UUID = "3f2b8c1e-7d4a-4e6b-9a50-1c2d3e4f5a6b";

/** An example and a pattern of each format. */
const FORMATS: ReadonlyMap<string, readonly [string, RegExp]> = new Map([
  ["date", ["2026-01-15", /^\d{4}-\d{2}-\d{2}$/]],
  ["date-time", ["2026-01-15T10:30:00Z", /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/]],
  ["time", ["10:30:00Z", /^\d{2}:\d{2}:\d{2}/]],
  ["duration", ["PT30M", /^P[\dYMWDTHS.]+$/]],
  ["email", ["user@example.com", /^[^\s@]+@[^\s@]+$/]],
  ["hostname", ["example.com", /^[a-z\d-]+(?:\.[a-z\d-]+)+$/i]],
  ["ipv4", ["192.0.2.1", /^\d{1,3}(?:\.\d{1,3}){3}$/]],
  ["ipv6", ["2001:db8::1", /^[\da-f:.]*:[\da-f:.]+$/i]],
  ["uri", ["https://example.com/", /^[a-z][a-z\d+.-]*:\S+$/i]],
  ["url", ["https://example.com/", /^[a-z][a-z\d+.-]*:\S+$/i]],
  ["uuid", [UUID, /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i]],
]);

/** Texts that are tried on a `pattern`, after the usual one. */
const PATTERN_TRIALS: readonly string[] = [
  ..."a A 1 Example EXAMPLE example-1 example_1 12 123 1234 12345 123456 A1 AB ABC AB12 ABC123 ABC-123 ab abc abc123 en en-US"
    .split(" "),
  "#336699",
  "+15550100",
  "10:30",
  "/example",
  ...[...FORMATS.values()].map(([example]) => example),
];

/** Samples a number according to a schema. */
export function sampleNumber(schema: SchemaObject, integer: boolean): ScalarSample<number> {
  const low = numberOr(schema.exclusiveMinimum, numberOr(schema.minimum, -Infinity));
  const high = numberOr(schema.exclusiveMaximum, numberOr(schema.maximum, Infinity));
  const above = schema.exclusiveMinimum !== undefined && schema.exclusiveMinimum !== false;
  const below = schema.exclusiveMaximum !== undefined && schema.exclusiveMaximum !== false;
  const step = numberOr(schema.multipleOf, 0);
  const fits = (value: number) =>
    Number.isFinite(value) && (above ? value > low : value >= low) && (below ? value < high : value <= high) &&
    (!integer || Number.isInteger(value)) &&
    (step <= 0 || Math.abs(value / step - Math.round(value / step)) < 1e-9);
  const grid = step > 0 ? step : 1;
  const up = Math.ceil(low / grid) * grid;
  const down = Math.floor(high / grid) * grid;
  const trials = [1, grid, up, up + grid, down, down - grid, low, (low + high) / 2, 0];
  return { fits, value: trials.find(fits) ?? 1 };
}

/** Samples a string according to a schema. */
export function sampleString(schema: SchemaObject): ScalarSample<string> {
  const minLength = Math.min(numberOr(schema.minLength, 0), MAX_LENGTH);
  const maxLength = numberOr(schema.maxLength, Infinity);
  const format = typeof schema.format === "string" ? FORMATS.get(schema.format) : undefined;
  const pattern = patternOf(schema.pattern);
  const fits = (value: string) => {
    const length = [...value].length;
    return length >= minLength && length <= maxLength && (format?.[1].test(value) ?? true) &&
      (pattern?.test(value) ?? true);
  };
  const usual = format?.[0] ?? "example";
  const fitted = (trial: string) => {
    const long = trial.length < minLength
      ? trial.repeat(Math.ceil(minLength / trial.length)).slice(0, minLength)
      : trial;
    return long.length > maxLength ? long.slice(0, maxLength) : long;
  };
  const trials = [usual, fitted(usual), ...PATTERN_TRIALS, ...PATTERN_TRIALS.map(fitted)];
  return { fits, value: trials.find(fits) ?? fitted(usual) };
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function patternOf(pattern: unknown): RegExp | undefined {
  if (typeof pattern !== "string") return undefined;
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined; // a dialect that JavaScript does not read: any text will do
  }
}

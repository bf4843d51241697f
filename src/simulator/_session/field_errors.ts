// This module is browser compatible.
import { invalidValue, listWords, type ServerError, serverError } from "../_errors/server_error.ts";
import type { FieldIssue, MaxLengthRule } from "../../protocol/mod.ts";

const TYPE_NAMES = {
  array: "an array",
  boolean: "a boolean",
  number: "a number",
  object: "an object",
  string: "a string",
} as const;

/** Says in the server's words which rule a field breaks. */
export function fieldErrorOf({ rule, path: param, value }: FieldIssue): ServerError {
  switch (rule.kind) {
    case "required":
      return serverError("missing_parameter", { param });
    case "unknown_key":
      return serverError("unknown_parameter", { param });
    case "type":
      return typeError(param, value, TYPE_NAMES[rule.expected]);
    case "enum":
      return enumError(param, value, rule.values);
    case "range": {
      if (rule.integer && !Number.isInteger(value)) return typeError(param, value, "an integer");
      const { min: low, max: high } = rule;
      return rangeError(param, value as number, { low, high }) ?? valueError(param, value, `from ${low} to ${high}`);
    }
    case "min_length":
      return serverError(Array.isArray(value) ? "array_empty" : "string_empty", { param });
    case "max_length":
      return lengthError(param, value, rule);
    case "format":
      return audioError(param);
    case "combination":
      return serverError("both_modalities", { param, modalities: `[${listWords(value as string[])}]` });
    case "any_key":
      return valueError(param, value, `an object with a ${rule.keys.slice(0, -1).join(", ")} or ${rule.keys.at(-1)}`);
    case "condition":
      return valueError(param, value, `a value of which this holds: it must ${rule.description}`);
    case "max_key_length":
      return valueError(param, value, `an object with keys of at most ${rule.max} characters`);
    case "pattern":
      return valueError(param, value, rule.description);
    case "finite":
      return valueError(param, value, "a finite number");
    case "json":
      return valueError(param, value, "JSON");
  }
}

/** A value that is none of the allowed ones: a number is out of their range, a word is not on the list. */
function enumError(param: string, value: unknown, values: readonly (string | number)[]): ServerError {
  const numbers = values.filter((allowed) => typeof allowed === "number");
  if (typeof value !== "number" || numbers.length === 0) return invalidValue(param, value, values.map(String));
  const range = { low: Math.min(...numbers), high: Math.max(...numbers) };
  return rangeError(param, value, range) ?? valueError(param, value, numbers.join(", "));
}

/** A number that is out of its range; `undefined` when it is not. */
export function rangeError(
  param: string,
  value: number,
  { low = -Infinity, high = Infinity }: { readonly low?: number | undefined; readonly high?: number | undefined },
): ServerError | undefined {
  if (value >= low && value <= high) return undefined;
  const isLow = value < low;
  const bound = isLow ? low : high;
  // From 0 to 1 nobody counts in whole numbers.
  const isCount = Number.isInteger(value) && Number.isInteger(bound) && !(low === 0 && high === 1);
  const kind = isCount ? "integer" : "decimal";
  return serverError(`${kind}_${isLow ? "below_min" : "above_max"}`, { param, bound, value });
}

/** A string that is longer than the rule allows, or an object with more fields. */
function lengthError(param: string, value: unknown, { max, unit }: MaxLengthRule): ServerError {
  if (unit === "pairs") {
    return serverError("too_many_properties", { param, bound: max, count: Object.keys(value as object).length });
  }
  // Bytes travel as base64: four characters for three.
  const bound = unit === "bytes" ? Math.ceil(max / 3) * 4 : max;
  return serverError("string_too_long", { param, bound, length: (value as string).length });
}

function typeError(param: string, value: unknown, expected: string): ServerError {
  return serverError("invalid_type", { param, expected, actual: nameOf(value) });
}

function valueError(param: string, value: unknown, expected: string): ServerError {
  const shown = typeof value === "object" ? JSON.stringify(value) : `'${value}'`;
  return serverError("invalid_shape", { param, value: shown, expected });
}

/** Audio that is not base64. */
export function audioError(param: string): ServerError {
  return serverError("invalid_audio", { param });
}

/** The type of a value, as the server calls it. */
function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? "an integer" : "a decimal";
    case "object":
      return "an object";
    default:
      return `a ${typeof value}`;
  }
}

// This module is browser compatible.
import type { FieldIssue, MaxLengthRule } from "../../protocol/mod.ts";
import { listWords, Refusal } from "./refusal.ts";

const TYPE_NAMES = {
  array: "an array",
  boolean: "a boolean",
  number: "a number",
  object: "an object",
  string: "a string",
} as const;

/** Says in the server's words which rule a field breaks. */
export function refusalOf({ rule, path: param, value }: FieldIssue): Refusal {
  switch (rule.kind) {
    case "required":
      return new Refusal(`Missing required parameter: '${param}'.`, { code: "missing_required_parameter", param });
    case "unknown_key":
      return new Refusal(`Unknown parameter: '${param}'.`, { code: "unknown_parameter", param });
    case "type":
      return typeRefusal(param, value, TYPE_NAMES[rule.expected]);
    case "enum":
      return enumRefusal(param, value, rule.values);
    case "range": {
      if (rule.integer && !Number.isInteger(value)) return typeRefusal(param, value, "an integer");
      const { min: low, max: high } = rule;
      return rangeRefusal(param, value as number, { low, high }) ??
        valueRefusal(param, value, `from ${low} to ${high}`);
    }
    case "min_length": {
      const kind = Array.isArray(value) ? "array" : "string";
      const [expected, empty] = kind === "array" ? ["an array", "an empty array"] : ["a string", "an empty string"];
      return new Refusal(
        `Invalid '${param}': empty ${kind}. Expected ${expected} with minimum length ${rule.min}, ` +
          `but got ${empty} instead.`,
        { code: `empty_${kind}`, param },
      );
    }
    case "max_length":
      return lengthRefusal(param, value, rule);
    case "format":
      return audioRefusal(param);
    case "combination": {
      const list = (words: readonly string[]) => `[${words.map((word) => `'${word}'`).join(", ")}]`;
      const message = `Invalid modalities: ${list(value as string[])}. ` +
        `Supported combinations are: ${rule.values.map(list).join(" and ")}.`;
      return new Refusal(message, { code: "invalid_value", param });
    }
    case "any_key":
      return valueRefusal(param, value, `an object with a ${listAlternatives(rule.keys)}`);
    case "max_key_length":
      return valueRefusal(param, value, `an object with keys of at most ${rule.max} characters`);
    case "pattern":
      return valueRefusal(param, value, rule.description);
    case "finite":
      return valueRefusal(param, value, "a finite number");
    case "json":
      return valueRefusal(param, value, "JSON");
  }
}

/** A value that is none of the allowed ones: a number is out of their range, a word is not on the list. */
function enumRefusal(param: string, value: unknown, values: readonly (string | number)[]): Refusal {
  const numbers = values.filter((allowed) => typeof allowed === "number");
  if (typeof value === "number" && numbers.length > 0) {
    const range = { low: Math.min(...numbers), high: Math.max(...numbers) };
    return rangeRefusal(param, value, range) ?? valueRefusal(param, value, numbers.join(", "));
  }
  const shown = typeof value === "object" ? JSON.stringify(value) : `'${value}'`;
  return new Refusal(`Invalid value: ${shown}. Supported values are: ${listWords(values.map(String))}.`, {
    code: "invalid_value",
    param,
  });
}

/** A number that is out of its range; `undefined` when it is not. */
export function rangeRefusal(
  param: string,
  value: number,
  { low = -Infinity, high = Infinity }: { readonly low?: number | undefined; readonly high?: number | undefined },
): Refusal | undefined {
  if (value >= low && value <= high) return undefined;
  const isLow = value < low;
  const [side, sign, bound] = isLow ? ["below minimum", ">=", low] : ["above maximum", "<=", high];
  // From 0 to 1 nobody counts in whole numbers.
  const isCount = Number.isInteger(value) && Number.isInteger(bound) && !(low === 0 && high === 1);
  const kind = isCount ? "integer" : "decimal";
  return new Refusal(
    `Invalid '${param}': ${kind} ${side} value. Expected a value ${sign} ${bound}, but got ${value} instead.`,
    { code: `${kind}_${isLow ? "below_min" : "above_max"}_value`, param },
  );
}

/** A string that is longer than the rule allows, or an object with more fields. */
function lengthRefusal(param: string, value: unknown, { max, unit }: MaxLengthRule): Refusal {
  if (unit === "pairs") {
    const count = Object.keys(value as object).length;
    return new Refusal(
      `Invalid '${param}': too many properties. Expected an object with at most ${max} properties, ` +
        `but got an object with ${count} properties instead.`,
      { code: "object_above_max_properties", param },
    );
  }
  // Bytes travel as base64: four characters for three.
  const most = unit === "bytes" ? Math.ceil(max / 3) * 4 : max;
  return new Refusal(
    `Invalid '${param}': string too long. Expected a string with maximum length ${most}, ` +
      `but got a string with length ${(value as string).length} instead.`,
    { code: "string_above_max_length", param },
  );
}

function typeRefusal(param: string, value: unknown, expected: string): Refusal {
  return new Refusal(`Invalid type for '${param}': expected ${expected}, but got ${nameOf(value)} instead.`, {
    code: "invalid_type",
    param,
  });
}

function valueRefusal(param: string, value: unknown, expected: string): Refusal {
  const shown = typeof value === "object" ? JSON.stringify(value) : `'${value}'`;
  return new Refusal(`Invalid value: ${shown}. Expected ${expected}.`, { code: "invalid_value", param });
}

function listAlternatives(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** Audio that is not base64. */
export function audioRefusal(param: string): Refusal {
  return new Refusal(`Invalid '${param}'. Expected base64-encoded audio bytes.`, { code: "invalid_value", param });
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

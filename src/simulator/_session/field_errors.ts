// This module is browser compatible.
import { invalidValue, type ServerError, serverError } from "../_errors/server_error.ts";
import type { EnumRule, FieldIssue, JsonTypeName, MaxLengthRule, RangeRule } from "../../protocol/mod.ts";

/** How the server names JSON types. */
const TYPE_NAMES: Readonly<Record<JsonTypeName, string>> = {
  array: "an array",
  boolean: "a boolean",
  number: "a decimal",
  object: "an object",
  string: "a string",
};

/** Lists by their entries, identified by field names. */
const LISTS: readonly (readonly [field: RegExp, entries: string])[] = [
  [/(?:^|\.)(?:content|input|tools)$/, "objects"],
  [
    /(?:^|\.)(?:allowed_callers|include|keyterms|keywords|languages|output_modalities|phrase_list|tool_names)$/,
    "strings",
  ],
];

/** Fields of whole numbers; all other numbers are decimals. */
const INTEGERS = /(?:^|\.)(?:\w+_ms|content_index|post_instructions|seconds|status_code)$/;

/** Further accepted forms of fields, besides the one in the broken rule. */
const FORMS: readonly (readonly [field: RegExp, form: string])[] = [
  [/(?:^|\.)max_output_tokens$/, "an integer"],
  [/(?:^|\.)(?:require_approval|tool_choice|tracing|truncation|voice)$/, "an object"],
  [/(?:^|\.)prompt\.variables\.[^.]+$/, "an object"],
  [/(?:^|\.)allowed_tools$/, "an array of strings"],
  [/\.choices\[\d+\]\.value$/, "a boolean"],
];

/** Words that the types of the protocol leave open, and the server does not. */
const CLOSED: ReadonlyMap<string, readonly string[]> = new Map([["response.conversation", ["auto", "none"]]]);

/** Describes in the server's words which rule a field breaks. */
export function fieldErrorOf({ path: param, rule, value }: FieldIssue): ServerError {
  switch (rule.kind) {
    case "required":
      return serverError("missing_parameter", { param });
    case "unknown_key":
      return serverError("unknown_parameter", { param });
    case "type":
      return formError(param, value, CLOSED.get(param)?.map(quoted) ?? [typeWords(param, rule.expected)]);
    case "enum":
      return enumError(param, value, rule);
    case "range":
      return numberError(param, value, rule);
    case "min_length":
      return serverError(Array.isArray(value) ? "array_empty" : "string_empty", { param });
    case "max_length":
      return lengthError(param, value, rule);
    case "combination": {
      const list = (words: readonly string[]) => `[${words.map((word) => `'${word}'`).join(", ")}]`;
      return serverError("both_modalities", { param, modalities: list(value as string[]) });
    }
    case "format":
      return rule.format === "base64"
        ? audioError(param)
        : shapeError(param, value, "a data URL of a PNG or JPEG image");
    case "any_key":
      return shapeError(param, value, `an object with a ${listAlternatives(rule.keys)}`);
    case "condition":
      return shapeError(param, value, `a value of which this holds: it must ${rule.description}`);
    case "max_key_length":
      return shapeError(param, value, `an object with keys of at most ${rule.max} characters`);
    case "pattern":
      return shapeError(param, value, rule.description);
    case "json":
      return shapeError(param, value, "JSON");
  }
}

/** The error for a value outside an enumeration: of another type, an invalid number, or an unknown word. */
function enumError(param: string, value: unknown, { values }: EnumRule): ServerError {
  const numbers = values.filter((allowed) => typeof allowed === "number");
  if (numbers.length === values.length) {
    const range = { min: Math.min(...numbers), max: Math.max(...numbers) };
    return numberError(param, value, { kind: "range", integer: numbers.every(Number.isInteger), ...range });
  }
  if (values.some((allowed) => typeof allowed === typeof value)) return invalidValue(param, value, values.map(String));
  return alternativesError(param, value, values.map(quoted));
}

function numberError(param: string, value: unknown, { integer, max: high, min: low }: RangeRule): ServerError {
  if (typeof value !== "number") return typeError(param, value, integer ? "an integer" : "a decimal");
  if (integer && !Number.isInteger(value)) return typeError(param, value, "an integer");
  return rangeError(param, value, { low, high }) ?? shapeError(param, value, `from ${low} to ${high}`);
}

/** The error for a number out of range; `undefined` when it is in range. */
export function rangeError(
  param: string,
  value: number,
  { low = -Infinity, high = Infinity }: { readonly low?: number | undefined; readonly high?: number | undefined },
): ServerError | undefined {
  if (value >= low && value <= high) return undefined;
  const isLow = value < low;
  const bound = isLow ? low : high;
  // A range from 0 to 1 is not one of whole numbers.
  const isCount = Number.isInteger(value) && Number.isInteger(bound) && !(low === 0 && high === 1);
  const kind = isCount ? "integer" : "decimal";
  return serverError(`${kind}_${isLow ? "below_min" : "above_max"}`, { param, bound, value });
}

/** A string or an array that is longer than the rule allows, or an object with more fields. */
function lengthError(param: string, value: unknown, { max, unit }: MaxLengthRule): ServerError {
  if (unit === "pairs") {
    return serverError("too_many_properties", { param, bound: max, count: Object.keys(value as object).length });
  }
  if (unit === "tokens") return serverError("too_many_tokens", { param, bound: max });
  if (Array.isArray(value)) return serverError("array_too_long", { param, bound: max, length: value.length });
  // Bytes travel as base64: four characters for three.
  const bound = unit === "bytes" ? Math.ceil(max / 3) * 4 : max;
  return serverError("string_too_long", { param, bound, length: (value as string).length });
}

/** The error for a value of the wrong type, when the field has more forms than the rule names. */
function formError(param: string, value: unknown, forms: readonly string[]): ServerError {
  const isOneOf = forms.length > 1 || FORMS.some(([field]) => field.test(param));
  return isOneOf ? alternativesError(param, value, forms) : typeError(param, value, forms.join());
}

/** The error for a value of a type other than all words and forms of a field. */
export function alternativesError(param: string, value: unknown, words: readonly string[]): ServerError {
  const more = FORMS.filter(([field]) => field.test(param)).map(([, form]) => form);
  return typeError(param, value, `one of ${listAlternatives([...new Set([...words, ...more])])}`);
}

function typeError(param: string, value: unknown, expected: string): ServerError {
  return serverError("invalid_type", { param, expected, actual: nameOf(value) });
}

function shapeError(param: string, value: unknown, expected: string): ServerError {
  const shown = typeof value === "object" ? JSON.stringify(value) : `'${value}'`;
  return serverError("invalid_shape", { param, value: shown, expected });
}

/** Audio that is not base64. */
export function audioError(param: string): ServerError {
  return serverError("invalid_audio", { param });
}

/** Description of the accepted values of a JSON type. */
function typeWords(param: string, expected: JsonTypeName): string {
  if (expected === "number" && INTEGERS.test(param)) return "an integer";
  return expected === "array" ? listName(param) : TYPE_NAMES[expected];
}

/** A word as the server quotes it. */
export function quoted(word: string | number): string {
  return `'${word}'`;
}

function listName(param: string): string {
  const entries = LISTS.find(([field]) => field.test(param))?.[1];
  return entries === undefined ? TYPE_NAMES.array : `${TYPE_NAMES.array} of ${entries}`;
}

function listAlternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** The type of a value, as the server calls it. */
function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? "an integer" : "a decimal number";
    case "object":
      return "an object";
    default:
      return `a ${typeof value}`;
  }
}

// This module is browser compatible.
import type { FieldRule, JsonTypeName } from "../_internal/field_rule.ts";
import type { FieldIssue } from "./field_issue.ts";

const TYPE_NAMES: Readonly<Record<JsonTypeName, string>> = {
  array: "an array",
  boolean: "true or false",
  number: "a number",
  object: "an object",
  string: "a string",
};

/** The type of a value as a {@linkcode TypeRule} names it. */
export function typeName(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

/** A broken rule at a path, with its message. */
export function toFieldIssue(path: string, rule: FieldRule, value: unknown): FieldIssue {
  return { path, rule, message: renderRule(rule, value), value };
}

/** The rule and the value in words, to complete the sentence "Cannot send … as `field` …". */
function renderRule(rule: FieldRule, value: unknown): string {
  if (rule.kind === "json") return `must be JSON: ${rule.reason}`;
  if (rule.kind === "unknown_key") {
    return `is not a field that this version knows here${rule.hint === undefined ? "" : `: ${rule.hint}`}`;
  }
  const actual = rule.kind === "required" ? "it is missing" : `current value is ${show(value)}`;
  return `must ${demand(rule)}: ${actual}`;
}

function demand(rule: Exclude<FieldRule, { readonly kind: "json" | "unknown_key" }>): string {
  switch (rule.kind) {
    case "required": {
      const { expected = "given" } = rule;
      return `be ${
        typeof expected !== "string" ? alternatives(expected) : TYPE_NAMES[expected as JsonTypeName] ?? expected
      }`;
    }
    case "type":
      return `be ${TYPE_NAMES[rule.expected]}`;
    case "enum":
      return `be ${alternatives(rule.values)}`;
    case "combination":
      return `be exactly one of ${rule.values.flat().sort().join(" and ")}`;
    case "range":
      return `be ${rule.integer ? "a whole number " : ""}${
        rule.max === Infinity ? `>= ${rule.min}` : `from ${rule.min} to ${rule.max}`
      }`;
    case "finite":
      return "be finite";
    case "max_length":
      return `have at most ${rule.max} ${rule.unit}`;
    case "max_key_length":
      return `have keys of at most ${rule.max} characters`;
    case "min_length":
      return "not be empty";
    case "pattern":
      return `be ${rule.description}`;
    case "format":
      return rule.format === "base64" ? "be base64 with its padding" : "be a data URL of a PNG or JPEG image in base64";
    case "condition":
      return rule.description;
    case "any_key":
      return `have a ${rule.keys.slice(0, -1).join(", ")} or ${rule.keys.at(-1)}`;
  }
}

function alternatives(values: readonly (string | number)[]): string {
  return values.map((value) => JSON.stringify(value)).join(" | ");
}

/** A value as an error message may show it: short, and never a credential. */
function show(value: unknown): string {
  switch (typeof value) {
    case "string":
      if (/^(sk-|ek_|Bearer )/i.test(value)) return "a credential";
      return value.length > 60
        ? `${JSON.stringify(`${value.slice(0, 60)}…`)} of ${value.length}`
        : JSON.stringify(value);
    case "object":
      return Array.isArray(value) ? "an array" : value ? "an object" : "null";
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    default:
      return String(value);
  }
}

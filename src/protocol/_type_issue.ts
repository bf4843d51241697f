// This module is browser compatible.
import type { EnumRule, JsonRule, JsonTypeName, RequiredRule, TypeRule } from "../_internal/field_rule.ts";
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

/** A rule about which values are allowed. */
export type DemandRule = RequiredRule | TypeRule | EnumRule;

/** The rule that a value breaks that is not of the expected type, or none of the expected values. */
export function unmetDemand(expected: NonNullable<RequiredRule["expected"]>, value: unknown): DemandRule {
  if (value === undefined) return { kind: "required", expected };
  return typeof expected === "string"
    ? { kind: "type", expected, received: typeName(value) }
    : { kind: "enum", values: expected };
}

/** A broken rule at a path of an incoming value, with its message. */
export function toInboundIssue(path: string, rule: JsonRule | DemandRule, value: unknown): FieldIssue {
  return { path, rule, message: rule.kind === "json" ? renderJson(rule) : renderDemand(rule, value), value };
}

/** The reason why a text is not JSON. */
export function renderJson({ reason }: JsonRule): string {
  return `must be JSON: ${reason}`;
}

/** The demand for a value, and the value in words. */
export function renderDemand(rule: DemandRule, value: unknown): string {
  const expected = rule.kind === "enum" ? rule.values : rule.expected ?? "given";
  const wanted = typeof expected === "string"
    ? TYPE_NAMES[expected as JsonTypeName] ?? expected
    : expected.map((value) => JSON.stringify(value)).join(" | ");
  return `must be ${wanted}: ${rule.kind === "required" ? "it is missing" : `current value is ${show(value)}`}`;
}

/** A value as an error message may show it: short, and never a credential. */
export function show(value: unknown): string {
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

// This module is browser compatible.
import type { JsonRule, JsonTypeName, RequiredRule, TypeRule } from "../_internal/field_rule.ts";
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

/** A rule that also applies to incoming values; all others are skipped there. */
type InboundRule = JsonRule | RequiredRule | TypeRule;

/** A broken rule at a path of an incoming value, with its message. */
export function toInboundIssue(path: string, rule: InboundRule, value: unknown): FieldIssue {
  return { path, rule, message: rule.kind === "json" ? renderJson(rule) : renderDemand(rule, value), value };
}

/** The reason why a text is not JSON. */
export function renderJson({ reason }: JsonRule): string {
  return `must be JSON: ${reason}`;
}

/** The demand for a value, or for one of its type, and the value in words. */
export function renderDemand(rule: RequiredRule | TypeRule, value: unknown): string {
  const { expected = "given" } = rule;
  const wanted = typeof expected === "string"
    ? TYPE_NAMES[expected as JsonTypeName] ?? expected
    : alternatives(expected);
  return `must be ${wanted}: ${rule.kind === "required" ? "it is missing" : `current value is ${show(value)}`}`;
}

/** Allowed values, in words. */
export function alternatives(values: readonly (string | number)[]): string {
  return values.map((value) => JSON.stringify(value)).join(" | ");
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

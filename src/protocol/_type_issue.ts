// This module is browser compatible.
import type { EnumRule, RequiredRule, TypeRule } from "../_internal/field_rule.ts";
import { show, typeName, withArticle } from "../_internal/text/show.ts";

/** A rule about which values are allowed. */
export type DemandRule = RequiredRule | TypeRule | EnumRule;

/** The rule that a value breaks that is not of the expected type, or none of the expected values. */
export function unmetDemand(expected: NonNullable<RequiredRule["expected"]>, value: unknown): DemandRule {
  if (value === undefined) return { kind: "required", expected };
  return typeof expected === "string"
    ? { kind: "type", expected, received: typeName(value) }
    : { kind: "enum", values: expected };
}

/** The demand of a rule in words, after "must be". */
export function renderDemand(rule: DemandRule): string {
  const expected = rule.kind === "enum" ? rule.values : rule.expected;
  if (!expected) return "given";
  return typeof expected === "string"
    ? withArticle(expected)
    : expected.map((value) => JSON.stringify(value)).join(" | ");
}

/** A demand that a value does not meet, and the value in words. */
export function renderFault(demand: string, value: unknown): string {
  return `must ${demand}: ${value === undefined ? "it is missing" : `current value is ${show(value)}`}`;
}

// This module is browser compatible.
import type { FieldRule, JsonRule, UnknownKeyRule } from "../_internal/field_rule.ts";
import { type DemandRule, renderDemand, renderJson, show } from "./_type_issue.ts";
import type { FieldIssue } from "./field_issue.ts";

/** A broken rule at a path, with its message. */
export function toFieldIssue(path: string, rule: FieldRule, value: unknown): FieldIssue {
  return { path, rule, message: renderRule(rule, value), value };
}

/** The rule and the value in words, to complete the sentence "Cannot send … as `field` …". */
function renderRule(rule: FieldRule, value: unknown): string {
  switch (rule.kind) {
    case "json":
      return renderJson(rule);
    case "unknown_key":
      return `is not a field that this version knows here${rule.hint === undefined ? "" : `: ${rule.hint}`}`;
    case "required":
    case "type":
    case "enum":
      return renderDemand(rule, value);
    default:
      return `must ${demand(rule)}: current value is ${show(value)}`;
  }
}

function demand(rule: Exclude<FieldRule, JsonRule | UnknownKeyRule | DemandRule>): string {
  switch (rule.kind) {
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

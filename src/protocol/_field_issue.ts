// This module is browser compatible.
import type { FieldRule, JsonRule, UnknownKeyRule } from "../_internal/field_rule.ts";
import { renderDemand, renderFault } from "./_type_issue.ts";
import type { FieldIssue } from "./field_issue.ts";

/** A rule that a value can break. */
export type ValueRule = Exclude<FieldRule, JsonRule>;

/** A broken rule at a path, with its message. */
export function toFieldIssue(path: string, rule: ValueRule, value: unknown): FieldIssue {
  const message = rule.kind === "unknown_key"
    ? `is not a field that this version knows here${rule.hint ? `: ${rule.hint}` : ""}`
    : renderFault(render(rule), value);
  return { path, rule, message, value };
}

/** The rule in words, to complete the sentence "… must …". */
function render(rule: Exclude<ValueRule, UnknownKeyRule>): string {
  switch (rule.kind) {
    case "required":
    case "type":
    case "enum":
      return `be ${renderDemand(rule)}`;
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

// This module is browser compatible.
import type { FieldRule, JsonRule, UnknownKeyRule } from "../_internal/field_rule.ts";
import { type DemandRule, renderDemand, renderFault } from "./_type_issue.ts";
import type { FieldIssue } from "./field_issue.ts";

/** A rule that a schema adds to another, which brings its words. */
export type AddedRule = Exclude<FieldRule, JsonRule | UnknownKeyRule | DemandRule>;

/** A broken rule. */
export type BrokenRule =
  | {
    readonly rule: UnknownKeyRule | DemandRule;
    readonly words?: undefined;
  }
  | {
    readonly rule: AddedRule;
    /** The rule in words, to complete the sentence "… must …". */
    readonly words: string;
  };

/** A broken rule at a path, with its message. */
export function toFieldIssue(path: string, { rule, words }: BrokenRule, value: unknown): FieldIssue {
  const message = words !== undefined
    ? renderFault(words, value)
    : rule.kind === "unknown_key"
    ? `is not a field that this version knows here${rule.hint ? `: ${rule.hint}` : ""}`
    : renderFault(`be ${renderDemand(rule)}`, value);
  return { path, rule, message, value };
}

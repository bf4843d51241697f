// This module is browser compatible.
import type { FieldRule, JsonTypeName } from "../_internal/field_rule.ts";
import { toFieldIssue, typeName } from "./_field_issue.ts";
import { INBOUND_FIELDS } from "./_inbound_fields.ts";
import type { FieldIssue } from "./field_issue.ts";

const FIELDS: ReadonlyMap<string, JsonTypeName> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.entries(INBOUND_FIELDS),
);

/** The issue of a value that is no event: it is no object, or has no `type`. */
export function notAnEvent(value: unknown): FieldIssue | undefined {
  const issue = typeIssue("", "object", value);
  return issue ?? typeIssue("type", "string", (value as { readonly type?: unknown }).type);
}

/**
 * The fields of a known event that have another JSON type than the protocol gives them. Fields that are absent or null,
 * and everything inside of fields, is left to the reader: servers other than OpenAI's leave fields out and put other
 * things in.
 */
export function wrongFields(event: Readonly<Record<string, unknown>>): readonly FieldIssue[] {
  const issues: FieldIssue[] = [];
  for (const name in event) {
    const value = event[name];
    const expected = FIELDS.get(name);
    const issue = expected === undefined || value === null ? undefined : typeIssue(name, expected, value);
    if (issue) issues.push(issue);
  }
  return issues;
}

function typeIssue(path: string, expected: JsonTypeName, value: unknown): FieldIssue | undefined {
  const received = typeName(value);
  if (received === expected) return undefined;
  const rule: FieldRule = value === undefined ? { kind: "required", expected } : { kind: "type", expected, received };
  return toFieldIssue(path, rule, value);
}

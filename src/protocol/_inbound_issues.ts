// This module is browser compatible.
import type { JsonTypeName } from "../_internal/field_rule.ts";
import { toFieldIssue, typeName } from "./_field_issue.ts";
import { INBOUND_FIELDS } from "./_inbound_fields.ts";
import type { FieldIssue } from "./field_issue.ts";

const FIELDS: readonly (readonly [string, JsonTypeName])[] = /* @__PURE__ */ Object.entries(INBOUND_FIELDS);

/**
 * Tells why something is no event of the server: it is no object, has no type, or is of a known type and has a field of
 * its own of another JSON type than the protocol gives it. Fields that are absent or null, and everything inside of
 * fields, is left to the reader: servers other than OpenAI's leave fields out and put other things in.
 */
export function inboundIssues(
  event: unknown,
  isKnown: (event: { readonly type: string }) => boolean,
): readonly FieldIssue[] {
  const received = typeName(event);
  if (received !== "object") return [toFieldIssue("", { kind: "type", expected: "object", received }, event)];
  const fields = event as Readonly<Record<string, unknown>>;
  const { type } = fields;
  if (type === undefined) return [toFieldIssue("type", { kind: "required", expected: "string" }, type)];
  if (typeof type !== "string") {
    return [toFieldIssue("type", { kind: "type", expected: "string", received: typeName(type) }, type)];
  }
  if (!isKnown({ type })) return [];
  const issues: FieldIssue[] = [];
  for (const [name, expected] of FIELDS) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    const received = typeName(value);
    if (received !== expected) issues.push(toFieldIssue(name, { kind: "type", expected, received }, value));
  }
  return issues;
}

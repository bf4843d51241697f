// This module is browser compatible.
import type { JsonTypeName } from "../_internal/field_rule.ts";
import { typeName } from "../_internal/text/show.ts";
import { isRecord } from "../_internal/wire.ts";
import { typeFault } from "./_fault.ts";
import type { FieldIssue } from "./field_issue.ts";

/** JSON types of fields, by name. */
export type InboundFields = ReadonlyMap<string, JsonTypeName>;

/** The types of the known events, by length: comparing a parsed string with a few takes less time than hashing it. */
export type InboundTypes = Readonly<Partial<Record<number, readonly string[]>>>;

/** A table of known types. */
export function toInboundTypes(names: readonly string[]): InboundTypes {
  // An old runtime lacks it, and must be able to import the message that it is too old.
  return Object.groupBy?.(names, (name) => name.length);
}

/**
 * Lists the reasons why a value is not an event, or a malformed one: it is not an object, it has no `type`, or it is a
 * known event with a top-level field of a JSON type that differs from the protocol. Absent fields, null and nested
 * values pass: servers other than OpenAI's omit fields and send other nested values.
 *
 * A known event, which has just been parsed, gets the one string of its type, as everything that reads events compares
 * it: two equal strings take several times as long.
 */
export function eventIssues(
  value: unknown,
  types: InboundTypes,
  fields: InboundFields,
): readonly FieldIssue[] {
  if (!isRecord(value)) return [typeIssue("", "object", value)];
  const { type } = value;
  if (typeof type !== "string") return [typeIssue("type", "string", type)];
  const issues: FieldIssue[] = [];
  const known = types[type.length]?.find((name) => name === type);
  if (known) {
    value.type = known;
    for (const name in value) {
      const field = value[name];
      const expected = fields.get(name);
      if (expected && field !== null && typeName(field) !== expected) issues.push(typeIssue(name, expected, field));
    }
  }
  return issues;
}

function typeIssue(path: string, expected: JsonTypeName, value: unknown): FieldIssue {
  return { path, ...typeFault(expected, value) };
}

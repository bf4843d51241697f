// This module is browser compatible.
import type { JsonTypeName } from "../_internal/field_rule.ts";
import { typeName } from "../_internal/text/show.ts";
import { isRecord } from "../_internal/wire.ts";
import { typeFault } from "../_internal/text/fault.ts";
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

/** Lists the reasons why a value is not an event: it is not an object, or it has no `type`. */
export function shapeIssues(value: unknown): FieldIssue[] {
  if (!isRecord(value)) return [typeIssue("", "object", value)];
  return typeof value.type === "string" ? [] : [typeIssue("type", "string", value.type)];
}

/**
 * Lists the reasons why a value is not an event, or a malformed one: a known event with a top-level field of a JSON
 * type that differs from the protocol. Absent fields, null and nested values pass: servers other than OpenAI's omit
 * fields and send other nested values.
 *
 * A known event, which has just been parsed, gets the one string of its type, as everything that reads events compares
 * it: two equal strings take several times as long.
 */
export function eventIssues(
  value: unknown,
  types: InboundTypes,
  fields: InboundFields,
): readonly FieldIssue[] {
  const issues = shapeIssues(value);
  const event = value as Record<string, unknown> & { type: string };
  const known = issues.length === 0 && types[event.type.length]?.find((name) => name === event.type);
  if (known) {
    event.type = known;
    for (const name in event) {
      const field = event[name];
      const expected = fields.get(name);
      if (expected && field !== null && typeName(field) !== expected) issues.push(typeIssue(name, expected, field));
    }
  }
  return issues;
}

function typeIssue(path: string, expected: JsonTypeName, value: unknown): FieldIssue {
  return { path, ...typeFault(expected, value) };
}

// This module is browser compatible.
import type * as v from "valibot";
import type { FieldIssue } from "../field_issue.ts";
import { brokenRules, type RuleIssue } from "./shape.ts";

/** The path of an issue as the API spells it, e.g. `item.content[0].text`. */
function pathOf({ path }: RuleIssue): string {
  let joined = "";
  for (const key of path) joined += typeof key === "number" ? `[${key}]` : joined ? `.${key}` : key;
  return joined;
}

/** Lists the issues of a value according to a schema; empty when there are none. */
export function issuesOf(schema: v.GenericSchema, value: unknown): readonly FieldIssue[] {
  return brokenRules(schema, value).map((issue) => ({ ...issue, path: pathOf(issue) }));
}

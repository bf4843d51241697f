// This module is browser compatible.
import * as v from "valibot";
import { toFieldIssue } from "../_field_issue.ts";
import type { FieldIssue } from "../field_issue.ts";
import type { RuleIssue } from "./shape.ts";

/** The path of an issue as the API spells it, e.g. `item.content[0].text`. */
function pathOf({ path }: v.BaseIssue<unknown>): string {
  let joined = "";
  for (const { key } of path ?? []) joined += typeof key === "number" ? `[${key}]` : joined ? `.${key}` : key;
  return joined;
}

/** Lists the issues of a value according to a schema; empty when there are none. */
export function issuesOf(schema: v.GenericSchema, value: unknown): readonly FieldIssue[] {
  const { issues = [] } = v.safeParse(schema, value);
  return (issues as unknown as RuleIssue[]).map((issue) => toFieldIssue(pathOf(issue), issue.rule, issue.input));
}

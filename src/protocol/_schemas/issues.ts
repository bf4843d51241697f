// This module is browser compatible.
import type * as v from "valibot";
import type { FieldIssue } from "../field_issue.ts";
import { brokenRules } from "./shape.ts";

/** Lists the issues of a value according to a schema, with paths as the API spells them; empty when there are none. */
export function issuesOf(schema: v.GenericSchema, value: unknown): readonly FieldIssue[] {
  return brokenRules(schema, value).map((issue) => {
    let path = "";
    for (const key of issue.path) path += typeof key === "number" ? `[${key}]` : path ? `.${key}` : key;
    return { ...issue, path };
  });
}

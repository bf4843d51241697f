// This module is browser compatible.

import * as v from "valibot";

const NonNegative = v.pipe(v.number(), v.finite(), v.minValue(0));

const ScenarioMessageSchema = v.strictObject({
  type: v.literal("message"),
  text: v.string(),
  audio: v.optional(v.union([v.string(), v.instance(Int16Array)])),
  phase: v.optional(v.picklist(["commentary", "final_answer"])),
});

const ScenarioFunctionCallSchema = v.strictObject({
  type: v.literal("function_call"),
  name: v.string(),
  arguments: v.union([v.string(), v.record(v.string(), v.unknown())]),
});

const PlannedOutcomeSchema = v.variant("status", [
  v.strictObject({ status: v.literal("failed"), code: v.string(), message: v.string() }),
  v.strictObject({
    status: v.literal("incomplete"),
    reason: v.picklist(["max_output_tokens", "content_filter"]),
  }),
]);

const ScenarioResponseSchema = v.strictObject({
  outputs: v.array(v.variant("type", [ScenarioMessageSchema, ScenarioFunctionCallSchema])),
  delayMs: v.optional(NonNegative),
  outcome: v.optional(PlannedOutcomeSchema),
});

const ScenarioTurnSchema = v.strictObject({
  user: v.optional(v.string()),
  match: v.optional(v.string()),
  responses: v.array(ScenarioResponseSchema),
});

/** What {@linkcode Scenario} looks like. */
export const ScenarioSchema = v.strictObject({
  opening: v.optional(ScenarioResponseSchema),
  turns: v.array(ScenarioTurnSchema),
});

/** Tells in a sentence's second half what is wrong with a value, by the path of the field. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map(({ key }) => typeof key === "number" ? `[${key}]` : `.${String(key)}`);
  const path = keys.join("").replace(/^\./, "") || "the scenario";
  if (issue.expected === "never") return `${path} is not a field that is known`;
  if (issue.received === "undefined") return `${path} is missing`;
  const expected = issue.expected?.replace(/^[<>]=/, (sign) => `${sign} `) ?? "valid";
  return `${path} must be ${expected}: current value is ${issue.received}`;
}

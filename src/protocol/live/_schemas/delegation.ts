// This module is browser compatible.
import { branch, variant, variants } from "../../_schemas/variants.ts";
import { nullishBoolean, nullishString, openEnum, UnknownKindSchema } from "../../_schemas/inbound.ts";
import { lazy } from "../../_schemas/lazy.ts";
import { functionName, intBetween } from "../../_schemas/rules.ts";
import { array, nullish, number, optional, record, strictObject, string, unknown } from "../../_schemas/shape.ts";
import { demand, notBlank } from "./demand.ts";
import type * as v from "valibot";
import type { LiveHostedTool, LiveToolChoice } from "../backend_tool.ts";
import type { LiveReasoning, LiveResponsesUpdateConfig, LiveTextConfig } from "../delegation.ts";
import { MIN_LIVE_MAX_OUTPUT_TOKENS } from "../limits.ts";
import { LiveDecisionQuestionSchema } from "./decision.ts";

const ToolSchema = /* @__PURE__ */ lazy(() => {
  const functionTool = {
    name: functionName,
    description: nullishString,
    parameters: nullish(record(unknown)),
    strict: nullishBoolean,
  };
  return variant(
    variants(strictObject, { function: functionTool }),
    "type",
    UnknownKindSchema as v.GenericSchema<LiveHostedTool>,
  );
});

const backend = /* @__PURE__ */ lazy(() => ({
  instructions: nullishString,
  max_output_tokens: nullish(intBetween(MIN_LIVE_MAX_OUTPUT_TOKENS, Infinity)),
  parallel_tool_calls: nullishBoolean,
  reasoning: nullish(strictObject({
    effort: nullish(openEnum<NonNullable<LiveReasoning["effort"]>>()),
    summary: nullish(openEnum<NonNullable<LiveReasoning["summary"]>>()),
  })),
  service_tier: nullish(openEnum<NonNullable<LiveResponsesUpdateConfig["service_tier"]>>()),
  text: nullish(strictObject({ verbosity: nullish(openEnum<NonNullable<LiveTextConfig["verbosity"]>>()) })),
  tool_choice: optional(
    branch((choice) => typeof choice === "string", string, UnknownKindSchema) as v.GenericSchema<LiveToolChoice>,
  ),
  tools: optional(array(ToolSchema)),
}));

const base = /* @__PURE__ */ lazy(() => ({
  acknowledgement_delay_ms: optional(
    demand(number, ">= 0 and finite", (delay) => delay >= 0 && Number.isFinite(delay)),
  ),
}));

const questions = /* @__PURE__ */ array(LiveDecisionQuestionSchema);

export const LiveDelegationSchema = /* @__PURE__ */ lazy(() =>
  variant(variants(strictObject, {
    client: base,
    responses: { ...base, responses: strictObject({ ...backend, model: notBlank }) },
    decisions: { ...base, decisions: strictObject({ model: notBlank, questions }) },
  }))
);

const updates = /* @__PURE__ */ lazy(() =>
  variants(strictObject, {
    client: base,
    responses: { ...base, responses: optional(strictObject({ ...backend, model: optional(notBlank) })) },
    decisions: {
      ...base,
      decisions: optional(strictObject({ model: optional(notBlank), questions: optional(questions) })),
    },
  })
);

export const LiveDelegationUpdateSchema = /* @__PURE__ */ variant(updates);

/** The only kind of delegation that a fork can change. */
export const LiveResponsesDelegationUpdateSchema = /* @__PURE__ */ lazy(() => updates.responses);

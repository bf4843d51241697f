// This module is browser compatible.

import * as v from "valibot";
import { isRecord } from "../../_internal/wire.ts";
import { CLIENT_EVENT_TYPES, TRANSLATION_CLIENT_EVENT_TYPES } from "../../protocol/mod.ts";

const NonNegative = v.pipe(v.number(), v.finite(), v.minValue(0));
const Audio = v.optional(v.union([v.string(), v.instance(Int16Array)]));
/** The schemas of objects and records would accept an array, and make an object of it. */
function noArray<Fields extends object>(): v.CustomSchema<Fields, undefined> {
  return { ...v.custom<Fields>(isRecord), expects: "Object" as never };
}
const Arguments = v.union([v.string(), noArray<Readonly<Record<string, unknown>>>()]);

const ScenarioMessageSchema = v.strictObject({
  type: v.literal("message"),
  text: v.string(),
  audio: Audio,
  phase: v.optional(v.picklist(["commentary", "final_answer"])),
  delayMs: v.optional(NonNegative),
});

const ScenarioFunctionCallSchema = v.strictObject({
  type: v.literal("function_call"),
  name: v.string(),
  arguments: Arguments,
  delayMs: v.optional(NonNegative),
});

const McpErrorSchema = v.variant("type", [
  v.strictObject({ type: v.literal("protocol_error"), code: v.number(), message: v.string() }),
  v.strictObject({ type: v.literal("http_error"), code: v.number(), message: v.string() }),
  v.strictObject({ type: v.literal("tool_execution_error"), message: v.string() }),
]);

const ScenarioMcpCallSchema = v.strictObject({
  type: v.literal("mcp_call"),
  server_label: v.string(),
  name: v.string(),
  arguments: Arguments,
  output: v.optional(v.string()),
  error: v.optional(McpErrorSchema),
  durationMs: v.optional(NonNegative),
  delayMs: v.optional(NonNegative),
});

const PlannedOutcomeSchema = v.variant("status", [
  v.strictObject({
    status: v.literal("failed"),
    type: v.optional(v.string()),
    code: v.string(),
    message: v.string(),
    closes: v.optional(v.boolean()),
  }),
  v.strictObject({
    status: v.literal("incomplete"),
    reason: v.picklist(["max_output_tokens", "content_filter"]),
  }),
  v.strictObject({
    status: v.literal("refused"),
    type: v.optional(v.string()),
    code: v.string(),
    message: v.string(),
  }),
]);

const ScenarioResponseSchema = v.strictObject({
  outputs: v.array(v.variant("type", [ScenarioMessageSchema, ScenarioFunctionCallSchema, ScenarioMcpCallSchema])),
  delayMs: v.optional(NonNegative),
  interleaved: v.optional(v.boolean()),
  reasoningTokens: v.optional(v.pipe(NonNegative, v.integer())),
  outcome: v.optional(PlannedOutcomeSchema),
});

const ClientEventPatternSchema = v.looseObject({
  type: v.picklist([...CLIENT_EVENT_TYPES, ...TRANSLATION_CLIENT_EVENT_TYPES]),
});

const TranscriptionSchema = v.strictObject({
  delayMs: v.optional(NonNegative),
  language: v.optional(v.string()),
  segments: v.optional(v.array(v.strictObject({ speaker: v.string(), text: v.string() }))),
  failure: v.optional(v.strictObject({ code: v.string(), message: v.string() })),
});

const ScenarioTurnSchema = v.strictObject({
  user: v.optional(v.string()),
  match: v.optional(v.string()),
  transcription: v.optional(
    v.pipe(noArray<v.InferInput<typeof TranscriptionSchema>>(), TranscriptionSchema),
  ),
  translation: v.optional(v.strictObject({ text: v.string(), audio: Audio })),
  responses: v.array(ScenarioResponseSchema),
  expect: v.optional(v.array(ClientEventPatternSchema)),
});

const McpListingSchema = v.strictObject({
  tools: v.array(v.strictObject({
    name: v.string(),
    input_schema: v.unknown(),
    description: v.optional(v.nullable(v.string())),
    annotations: v.optional(v.unknown()),
  })),
  delayMs: v.optional(NonNegative),
  fails: v.optional(v.boolean()),
});

const McpSchema = v.record(v.string(), McpListingSchema);

/** The schema of {@linkcode Scenario}. */
export const ScenarioSchema = v.strictObject({
  opening: v.optional(ScenarioResponseSchema),
  idle: v.optional(ScenarioResponseSchema),
  outOfBand: v.optional(v.array(ScenarioResponseSchema)),
  mcp: v.optional(v.pipe(noArray<v.InferInput<typeof McpSchema>>(), McpSchema)),
  expect: v.optional(v.array(ClientEventPatternSchema)),
  turns: v.array(ScenarioTurnSchema),
});

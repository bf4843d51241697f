// This module is browser compatible.
import * as v from "valibot";
import type { AudioFormat } from "../audio_format.ts";
import type { Include, MaxOutputTokens, OutputModality, RealtimeModel, ReasoningEffort } from "../generation.ts";
import type { NoiseReductionType } from "../noise_reduction.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { ConnectorId, McpCaller, ToolChoiceMode } from "../tool.ts";
import type { TranscriptionDelay, TranscriptionModel } from "../transcription.ts";
import type { TurnDetection, VadEagerness } from "../turn_detection.ts";
import type { VoiceName } from "../voice.ts";
import { choose, either, kinds } from "./choice.ts";
import { maybeCount, maybeFlag, maybeText, maybeTexts, maybeWord, UnknownKindSchema, word } from "./inbound.ts";
import { pure } from "./pure.ts";
import { count, isObject, list, mapOf, open, text } from "./shape.ts";

export const EffectiveAudioFormatSchema = /* @__PURE__ */ pure(() =>
  open({
    type: word<OpenEnum<AudioFormat["type"]>>(),
    rate: maybeCount,
  })
);

export const EffectiveVoiceSchema = /* @__PURE__ */ pure(() => either(isObject, open({ id: text }), word<VoiceName>()));

export const EffectiveTurnDetectionSchema = /* @__PURE__ */ pure(() =>
  open({
    type: word<OpenEnum<TurnDetection["type"]>>(),
    create_response: maybeFlag,
    interrupt_response: maybeFlag,
    threshold: maybeCount,
    prefix_padding_ms: maybeCount,
    silence_duration_ms: maybeCount,
    idle_timeout_ms: maybeCount,
    eagerness: maybeWord<OpenEnum<VadEagerness>>(),
  })
);

export const EffectiveNoiseReductionSchema = /* @__PURE__ */ pure(() =>
  open({
    type: maybeWord<OpenEnum<NoiseReductionType>>(),
    strength: maybeCount,
  })
);

export const EffectiveTranscriptionSchema = /* @__PURE__ */ pure(() =>
  open({
    model: maybeWord<TranscriptionModel>(),
    language: maybeText,
    languages: maybeTexts,
    prompt: maybeText,
    keywords: maybeTexts,
    delay: maybeWord<OpenEnum<TranscriptionDelay>>(),
  })
);

export const EffectiveMcpToolFilterSchema = /* @__PURE__ */ pure(() =>
  open({ tool_names: maybeTexts, read_only: maybeFlag })
);

export const EffectiveMcpApprovalFilterSchema = /* @__PURE__ */ pure(() =>
  open({
    always: v.nullish(EffectiveMcpToolFilterSchema),
    never: v.nullish(EffectiveMcpToolFilterSchema),
  })
);

export const EffectiveToolSchemas = /* @__PURE__ */ pure(() =>
  kinds(open, {
    function: { name: maybeText, description: maybeText, parameters: v.optional(v.unknown()) },
    mcp: {
      server_label: text,
      server_url: maybeText,
      connector_id: maybeWord<OpenEnum<ConnectorId>>(),
      tunnel_id: maybeText,
      server_description: maybeText,
      authorization: maybeText,
      headers: v.nullish(mapOf(text)),
      allowed_tools: v.nullish(either(Array.isArray, list(text), EffectiveMcpToolFilterSchema)),
      allowed_callers: v.nullish(list(word<OpenEnum<McpCaller>>())),
      require_approval: v.nullish(
        either(isObject, EffectiveMcpApprovalFilterSchema, word<OpenEnum<"always" | "never">>()),
      ),
      defer_loading: maybeFlag,
    },
  })
);

export const EffectiveToolChoiceSchema = /* @__PURE__ */ pure(() =>
  either(
    isObject,
    open({ type: word<OpenEnum<"function" | "mcp">>(), name: maybeText, server_label: maybeText }),
    word<OpenEnum<ToolChoiceMode>>(),
  )
);

export const EffectiveReasoningSchema = /* @__PURE__ */ pure(() =>
  open({ effort: maybeWord<OpenEnum<ReasoningEffort>>() })
);

export const EffectivePromptSchema = /* @__PURE__ */ pure(() =>
  open({
    id: text,
    version: maybeText,
    variables: v.nullish(mapOf(v.unknown())),
  })
);

export const EffectiveTracingSchema = /* @__PURE__ */ pure(() =>
  either(
    isObject,
    open({ workflow_name: maybeText, group_id: maybeText, metadata: v.optional(v.unknown()) }),
    word<OpenEnum<"auto">>(),
  )
);

export const EffectiveTruncationSchema = /* @__PURE__ */ pure(() =>
  either(
    isObject,
    open({
      type: word<OpenEnum<"retention_ratio">>(),
      retention_ratio: maybeCount,
      token_limits: v.nullish(open({ post_instructions: maybeCount })),
    }),
    word<OpenEnum<"auto" | "disabled">>(),
  )
);

export const EffectiveMaxOutputTokensSchema = /* @__PURE__ */ pure(() =>
  either(
    (input) => typeof input === "number",
    count,
    word<"inf">(),
  ) as v.GenericSchema<MaxOutputTokens>
);

export const EffectiveModalitiesSchema = /* @__PURE__ */ pure(() => v.nullish(list(word<OpenEnum<OutputModality>>())));

const session = /* @__PURE__ */ pure(() => ({
  id: maybeText,
  expires_at: maybeCount,
  audio: v.nullish(open({
    input: v.nullish(open({
      format: v.nullish(EffectiveAudioFormatSchema),
      noise_reduction: v.nullish(EffectiveNoiseReductionSchema),
      transcription: v.nullish(EffectiveTranscriptionSchema),
      turn_detection: v.nullish(EffectiveTurnDetectionSchema),
    })),
    output: v.nullish(open({
      format: v.nullish(EffectiveAudioFormatSchema),
      speed: maybeCount,
      voice: v.nullish(EffectiveVoiceSchema),
    })),
  })),
  include: v.nullish(list(word<OpenEnum<Include>>())),
}));

export const EffectiveSessionSchemas = /* @__PURE__ */ pure(() =>
  kinds(open, {
    realtime: {
      ...session,
      object: maybeWord<OpenEnum<"realtime.session">>(),
      model: maybeWord<RealtimeModel>(),
      output_modalities: EffectiveModalitiesSchema,
      instructions: maybeText,
      tools: v.nullish(list(choose(EffectiveToolSchemas, "type", UnknownKindSchema))),
      tool_choice: v.nullish(EffectiveToolChoiceSchema),
      parallel_tool_calls: maybeFlag,
      max_output_tokens: v.nullish(EffectiveMaxOutputTokensSchema),
      reasoning: v.nullish(EffectiveReasoningSchema),
      tracing: v.nullish(EffectiveTracingSchema),
      truncation: v.nullish(EffectiveTruncationSchema),
      prompt: v.nullish(EffectivePromptSchema),
    },
    transcription: { ...session, object: maybeWord<OpenEnum<"realtime.transcription_session">>() },
  })
);

export const EffectiveSessionSchema = /* @__PURE__ */ choose(EffectiveSessionSchemas, "type", UnknownKindSchema);

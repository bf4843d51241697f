// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";
import type * as v from "valibot";
import type { AudioFormat } from "../session/audio_format.ts";
import type {
  Include,
  MaxOutputTokens,
  OutputModality,
  RealtimeModel,
  ReasoningEffort,
} from "../session/generation.ts";
import type { NoiseReductionType } from "../session/noise_reduction.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { ConnectorId, McpCaller, ToolChoiceMode } from "../tools/tool.ts";
import type { TranscriptionDelay, TranscriptionModel } from "../session/transcription.ts";
import type { TurnDetection, VadEagerness } from "../session/turn_detection.ts";
import type { VoiceName } from "../session/voice.ts";
import { branch, variant, variants } from "./variants.ts";
import {
  nullishBoolean,
  nullishNumber,
  nullishOpenEnum,
  nullishString,
  nullishStrings,
  openEnum,
  UnknownKindSchema,
} from "./inbound.ts";
import { lazy } from "./lazy.ts";
import { array, looseObject, nullish, number, optional, record, string, unknown } from "./shape.ts";

export const EffectiveAudioFormatSchema = /* @__PURE__ */ lazy(() =>
  looseObject({
    type: openEnum<OpenEnum<AudioFormat["type"]>>(),
    rate: nullishNumber,
  })
);

export const EffectiveVoiceSchema = /* @__PURE__ */ lazy(() =>
  branch(isRecord, looseObject({ id: string }), openEnum<VoiceName>())
);

export const EffectiveTurnDetectionSchema = /* @__PURE__ */ lazy(() =>
  looseObject({
    type: openEnum<OpenEnum<TurnDetection["type"]>>(),
    create_response: nullishBoolean,
    interrupt_response: nullishBoolean,
    threshold: nullishNumber,
    prefix_padding_ms: nullishNumber,
    silence_duration_ms: nullishNumber,
    idle_timeout_ms: nullishNumber,
    eagerness: nullishOpenEnum<OpenEnum<VadEagerness>>(),
  })
);

export const EffectiveNoiseReductionSchema = /* @__PURE__ */ lazy(() =>
  looseObject({
    type: nullishOpenEnum<OpenEnum<NoiseReductionType>>(),
    strength: nullishNumber,
  })
);

export const EffectiveTranscriptionSchema = /* @__PURE__ */ lazy(() =>
  looseObject({
    model: nullishOpenEnum<TranscriptionModel>(),
    language: nullishString,
    languages: nullishStrings,
    prompt: nullishString,
    keywords: nullishStrings,
    delay: nullishOpenEnum<OpenEnum<TranscriptionDelay>>(),
  })
);

export const EffectiveMcpToolFilterSchema = /* @__PURE__ */ lazy(() =>
  looseObject({ tool_names: nullishStrings, read_only: nullishBoolean })
);

export const EffectiveMcpApprovalFilterSchema = /* @__PURE__ */ lazy(() =>
  looseObject({
    always: nullish(EffectiveMcpToolFilterSchema),
    never: nullish(EffectiveMcpToolFilterSchema),
  })
);

export const EffectiveToolSchemas = /* @__PURE__ */ lazy(() =>
  variants(looseObject, {
    function: { name: nullishString, description: nullishString, parameters: optional(unknown) },
    mcp: {
      server_label: string,
      server_url: nullishString,
      connector_id: nullishOpenEnum<OpenEnum<ConnectorId>>(),
      tunnel_id: nullishString,
      server_description: nullishString,
      authorization: nullishString,
      headers: nullish(record(string)),
      allowed_tools: nullish(branch(Array.isArray, array(string), EffectiveMcpToolFilterSchema)),
      allowed_callers: nullish(array(openEnum<OpenEnum<McpCaller>>())),
      require_approval: nullish(
        branch(isRecord, EffectiveMcpApprovalFilterSchema, openEnum<OpenEnum<"always" | "never">>()),
      ),
      defer_loading: nullishBoolean,
    },
  })
);

export const EffectiveToolChoiceSchema = /* @__PURE__ */ lazy(() =>
  branch(
    isRecord,
    looseObject({ type: openEnum<OpenEnum<"function" | "mcp">>(), name: nullishString, server_label: nullishString }),
    openEnum<OpenEnum<ToolChoiceMode>>(),
  )
);

export const EffectiveReasoningSchema = /* @__PURE__ */ lazy(() =>
  looseObject({ effort: nullishOpenEnum<OpenEnum<ReasoningEffort>>() })
);

export const EffectivePromptSchema = /* @__PURE__ */ lazy(() =>
  looseObject({
    id: string,
    version: nullishString,
    variables: nullish(record(unknown)),
  })
);

export const EffectiveTracingSchema = /* @__PURE__ */ lazy(() =>
  branch(
    isRecord,
    looseObject({ workflow_name: nullishString, group_id: nullishString, metadata: optional(unknown) }),
    openEnum<OpenEnum<"auto">>(),
  )
);

export const EffectiveTruncationSchema = /* @__PURE__ */ lazy(() =>
  branch(
    isRecord,
    looseObject({
      type: openEnum<OpenEnum<"retention_ratio">>(),
      retention_ratio: nullishNumber,
      token_limits: nullish(looseObject({ post_instructions: nullishNumber })),
    }),
    openEnum<OpenEnum<"auto" | "disabled">>(),
  )
);

export const EffectiveMaxOutputTokensSchema = /* @__PURE__ */ lazy(() =>
  branch(
    (input) => typeof input === "number",
    number,
    openEnum<"inf">(),
  ) as v.GenericSchema<MaxOutputTokens>
);

export const EffectiveModalitiesSchema = /* @__PURE__ */ lazy(() =>
  nullish(array(openEnum<OpenEnum<OutputModality>>()))
);

const session = /* @__PURE__ */ lazy(() => ({
  id: nullishString,
  expires_at: nullishNumber,
  audio: nullish(looseObject({
    input: nullish(looseObject({
      format: nullish(EffectiveAudioFormatSchema),
      noise_reduction: nullish(EffectiveNoiseReductionSchema),
      transcription: nullish(EffectiveTranscriptionSchema),
      turn_detection: nullish(EffectiveTurnDetectionSchema),
    })),
    output: nullish(looseObject({
      format: nullish(EffectiveAudioFormatSchema),
      speed: nullishNumber,
      voice: nullish(EffectiveVoiceSchema),
    })),
  })),
  include: nullish(array(openEnum<OpenEnum<Include>>())),
}));

export const EffectiveSessionSchemas = /* @__PURE__ */ lazy(() =>
  variants(looseObject, {
    realtime: {
      ...session,
      object: nullishOpenEnum<OpenEnum<"realtime.session">>(),
      model: nullishOpenEnum<RealtimeModel>(),
      output_modalities: EffectiveModalitiesSchema,
      instructions: nullishString,
      tools: nullish(array(variant(EffectiveToolSchemas, "type", UnknownKindSchema))),
      tool_choice: nullish(EffectiveToolChoiceSchema),
      parallel_tool_calls: nullishBoolean,
      max_output_tokens: nullish(EffectiveMaxOutputTokensSchema),
      reasoning: nullish(EffectiveReasoningSchema),
      tracing: nullish(EffectiveTracingSchema),
      truncation: nullish(EffectiveTruncationSchema),
      prompt: nullish(EffectivePromptSchema),
    },
    transcription: { ...session, object: nullishOpenEnum<OpenEnum<"realtime.transcription_session">>() },
  })
);

export const EffectiveSessionSchema = /* @__PURE__ */ variant(EffectiveSessionSchemas, "type", UnknownKindSchema);

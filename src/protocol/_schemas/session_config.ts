// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";
import type { RealtimeModel } from "../session/generation.ts";
import {
  MAX_IDLE_TIMEOUT_MS,
  MAX_OUTPUT_TOKENS,
  MAX_SPEED,
  MIN_IDLE_TIMEOUT_MS,
  MIN_SPEED,
  PCM_RATE,
} from "../limits.ts";
import type { TranscriptionModel } from "../session/transcription.ts";
import type { VoiceName } from "../session/voice.ts";
import { branch, variant, variants } from "./variants.ts";
import { hintedObject } from "./hinted_object.ts";
import { nullishString, openEnum } from "./inbound.ts";
import { lazy } from "./lazy.ts";
import {
  intBetween,
  nonNegativeInt,
  notEmpty,
  numberBetween,
  optionalBoolean,
  optionalNumber,
  optionalString,
} from "./rules.ts";
import { array, nullish, optional, picklist, record, refine, string, unknown } from "./shape.ts";
import { ToolChoiceSchema, ToolSchema } from "./tool.ts";

export const AudioFormatSchema = /* @__PURE__ */ lazy(() =>
  variant(variants(hintedObject, {
    "audio/pcm": { rate: picklist(PCM_RATE) },
    "audio/pcmu": {},
    "audio/pcma": {},
  }))
);

export const NoiseReductionTypeSchema = /* @__PURE__ */ lazy(() => picklist("near_field", "far_field"));

export const NoiseReductionSchema = /* @__PURE__ */ lazy(() =>
  hintedObject({
    type: optional(NoiseReductionTypeSchema),
    strength: optionalNumber,
  })
);

export const TranscriptionConfigSchema = /* @__PURE__ */ lazy(() =>
  hintedObject({
    model: openEnum<TranscriptionModel>(),
    language: optionalString,
    languages: optional(notEmpty(array(string))),
    prompt: optionalString,
    keywords: optional(array(string)),
    delay: optional(picklist("minimal", "low", "medium", "high", "xhigh")),
  })
);

const turns = { create_response: optionalBoolean, interrupt_response: optionalBoolean };

export const TurnDetectionSchema = /* @__PURE__ */ lazy(() =>
  variant(variants(hintedObject, {
    server_vad: {
      ...turns,
      threshold: optional(numberBetween(0, 1)),
      prefix_padding_ms: optional(nonNegativeInt),
      silence_duration_ms: optional(nonNegativeInt),
      idle_timeout_ms: nullish(intBetween(MIN_IDLE_TIMEOUT_MS, MAX_IDLE_TIMEOUT_MS)),
    },
    semantic_vad: { ...turns, eagerness: optional(picklist("low", "medium", "high", "auto")) },
  }))
);

export const VoiceSchema = /* @__PURE__ */ lazy(() =>
  branch(isRecord, hintedObject({ id: string }), openEnum<VoiceName>())
);

const promptVariable = /* @__PURE__ */ lazy(() => ({
  prompt_cache_breakpoint: optional(hintedObject({
    mode: picklist("explicit"),
    ttl: optional(picklist("30m", "12h")),
  })),
}));

const PromptVariableSchema = /* @__PURE__ */ lazy(() =>
  branch(
    isRecord,
    variant(variants(hintedObject, {
      input_text: { ...promptVariable, text: string },
      input_image: {
        ...promptVariable,
        file_id: nullishString,
        image_url: nullishString,
        detail: optional(picklist("low", "high", "auto", "original")),
      },
      input_file: {
        ...promptVariable,
        file_id: nullishString,
        file_data: optionalString,
        file_url: optionalString,
        filename: optionalString,
        detail: optional(picklist("low", "high", "auto")),
      },
    })),
    string,
  )
);

export const PromptSchema = /* @__PURE__ */ lazy(() =>
  hintedObject({ id: string, version: nullishString, variables: nullish(record(PromptVariableSchema)) })
);

export const TracingSchema = /* @__PURE__ */ lazy(() =>
  branch(
    isRecord,
    hintedObject({ workflow_name: optionalString, group_id: optionalString, metadata: optional(unknown) }),
    picklist("auto"),
  )
);

export const TruncationSchema = /* @__PURE__ */ lazy(() =>
  branch(
    isRecord,
    variant(variants(hintedObject, {
      retention_ratio: {
        retention_ratio: numberBetween(0, 1),
        token_limits: optional(hintedObject({ post_instructions: optional(nonNegativeInt) })),
      },
    })),
    picklist("auto", "disabled"),
  )
);

const ReasoningSchema = /* @__PURE__ */ lazy(() =>
  hintedObject({ effort: optional(picklist("minimal", "low", "medium", "high", "xhigh")) })
);

/** Fields that the configurations of a session and of a response share. */
export const generation = /* @__PURE__ */ lazy(() => ({
  instructions: optionalString,
  max_output_tokens: optional(branch(
    (input) => typeof input === "number",
    intBetween(1, MAX_OUTPUT_TOKENS),
    picklist("inf"),
  )),
  output_modalities: optional(
    refine(
      array(picklist("audio", "text")),
      { kind: "combination", values: [["text"], ["audio"]] },
      "be exactly one of audio and text",
      ({ length }) => length === 1,
    ),
  ),
  parallel_tool_calls: optionalBoolean,
  prompt: nullish(PromptSchema),
  reasoning: optional(ReasoningSchema),
  tool_choice: optional(ToolChoiceSchema),
  tools: optional(array(ToolSchema)),
}));

const include = /* @__PURE__ */ lazy(() => optional(array(picklist("item.input_audio_transcription.logprobs"))));

const audioInput = /* @__PURE__ */ lazy(() =>
  optional(hintedObject({
    format: optional(AudioFormatSchema),
    noise_reduction: nullish(NoiseReductionSchema),
    transcription: nullish(TranscriptionConfigSchema),
    turn_detection: nullish(TurnDetectionSchema),
  }))
);

export const SessionConfigSchemas = /* @__PURE__ */ lazy(() =>
  variants(hintedObject, {
    realtime: {
      ...generation,
      audio: optional(hintedObject({
        input: audioInput,
        output: optional(hintedObject({
          format: optional(AudioFormatSchema),
          speed: optional(numberBetween(MIN_SPEED, MAX_SPEED)),
          voice: optional(VoiceSchema),
        })),
      })),
      include,
      model: optional(openEnum<RealtimeModel>()),
      reasoning: nullish(ReasoningSchema),
      tracing: nullish(TracingSchema),
      truncation: optional(TruncationSchema),
    },
    transcription: { audio: optional(hintedObject({ input: audioInput })), include },
  })
);

export const SessionConfigSchema = /* @__PURE__ */ variant(SessionConfigSchemas);

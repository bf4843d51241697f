// This module is browser compatible.
import * as v from "valibot";
import type { RealtimeModel } from "../generation.ts";
import {
  MAX_IDLE_TIMEOUT_MS,
  MAX_OUTPUT_TOKENS,
  MAX_SPEED,
  MIN_IDLE_TIMEOUT_MS,
  MIN_SPEED,
  PCM_RATE,
} from "../limits.ts";
import type { TranscriptionModel } from "../transcription.ts";
import type { VoiceName } from "../voice.ts";
import { choose, either, kinds } from "./choice.ts";
import { maybeText, word } from "./inbound.ts";
import { pure } from "./pure.ts";
import { notEmpty, numberFrom, optionalFlag, optionalNumber, optionalText, whole, wholeNumberFrom } from "./rules.ts";
import { closed, isObject, list, mapOf, oneOf, refine, text } from "./shape.ts";
import { ToolChoiceSchema, ToolSchema } from "./tool.ts";

export const AudioFormatSchema = /* @__PURE__ */ pure(() =>
  choose(kinds(closed, {
    "audio/pcm": { rate: oneOf(PCM_RATE) },
    "audio/pcmu": {},
    "audio/pcma": {},
  }))
);

export const NoiseReductionTypeSchema = /* @__PURE__ */ pure(() => oneOf("near_field", "far_field"));

export const NoiseReductionSchema = /* @__PURE__ */ pure(() =>
  closed({
    type: v.optional(NoiseReductionTypeSchema),
    strength: optionalNumber,
  })
);

export const TranscriptionConfigSchema = /* @__PURE__ */ pure(() =>
  closed({
    model: word<TranscriptionModel>(),
    language: optionalText,
    languages: v.optional(notEmpty(list(text))),
    prompt: optionalText,
    keywords: v.optional(list(text)),
    delay: v.optional(oneOf("minimal", "low", "medium", "high", "xhigh")),
  })
);

const turns = { create_response: optionalFlag, interrupt_response: optionalFlag };

export const TurnDetectionSchema = /* @__PURE__ */ pure(() =>
  choose(kinds(closed, {
    server_vad: {
      ...turns,
      threshold: v.optional(numberFrom(0, 1)),
      prefix_padding_ms: v.optional(whole),
      silence_duration_ms: v.optional(whole),
      idle_timeout_ms: v.nullish(wholeNumberFrom(MIN_IDLE_TIMEOUT_MS, MAX_IDLE_TIMEOUT_MS)),
    },
    semantic_vad: { ...turns, eagerness: v.optional(oneOf("low", "medium", "high", "auto")) },
  }))
);

export const VoiceSchema = /* @__PURE__ */ pure(() => either(isObject, closed({ id: text }), word<VoiceName>()));

const promptVariable = /* @__PURE__ */ pure(() => ({
  prompt_cache_breakpoint: v.optional(closed({
    mode: oneOf("explicit"),
    ttl: v.optional(oneOf("30m", "12h")),
  })),
}));

const PromptVariableSchema = /* @__PURE__ */ pure(() =>
  either(
    isObject,
    choose(kinds(closed, {
      input_text: { ...promptVariable, text },
      input_image: {
        ...promptVariable,
        file_id: maybeText,
        image_url: maybeText,
        detail: v.optional(oneOf("low", "high", "auto", "original")),
      },
      input_file: {
        ...promptVariable,
        file_id: maybeText,
        file_data: optionalText,
        file_url: optionalText,
        filename: optionalText,
        detail: v.optional(oneOf("low", "high", "auto")),
      },
    })),
    text,
  )
);

export const PromptSchema = /* @__PURE__ */ pure(() =>
  closed({ id: text, version: maybeText, variables: v.nullish(mapOf(PromptVariableSchema)) })
);

export const TracingSchema = /* @__PURE__ */ pure(() =>
  either(
    isObject,
    closed({ workflow_name: optionalText, group_id: optionalText, metadata: v.optional(v.unknown()) }),
    oneOf("auto"),
  )
);

export const TruncationSchema = /* @__PURE__ */ pure(() =>
  either(
    isObject,
    choose(kinds(closed, {
      retention_ratio: {
        retention_ratio: numberFrom(0, 1),
        token_limits: v.optional(closed({ post_instructions: v.optional(whole) })),
      },
    })),
    oneOf("auto", "disabled"),
  )
);

const ReasoningSchema = /* @__PURE__ */ pure(() =>
  closed({ effort: v.optional(oneOf("minimal", "low", "medium", "high", "xhigh")) })
);

/** Fields that the configurations of a session and of a response share. */
export const generation = /* @__PURE__ */ pure(() => ({
  instructions: optionalText,
  max_output_tokens: v.optional(either(
    (input) => typeof input === "number",
    wholeNumberFrom(1, MAX_OUTPUT_TOKENS),
    oneOf("inf"),
  )),
  output_modalities: v.optional(
    refine(
      list(oneOf("audio", "text")),
      { kind: "combination", values: [["text"], ["audio"]] },
      ({ length }) => length === 1,
    ),
  ),
  parallel_tool_calls: optionalFlag,
  prompt: v.nullish(PromptSchema),
  reasoning: v.optional(ReasoningSchema),
  tool_choice: v.optional(ToolChoiceSchema),
  tools: v.optional(list(ToolSchema)),
}));

const include = /* @__PURE__ */ pure(() => v.optional(list(oneOf("item.input_audio_transcription.logprobs"))));

const audioInput = /* @__PURE__ */ pure(() =>
  v.optional(closed({
    format: v.optional(AudioFormatSchema),
    noise_reduction: v.nullish(NoiseReductionSchema),
    transcription: v.nullish(TranscriptionConfigSchema),
    turn_detection: v.nullish(TurnDetectionSchema),
  }))
);

export const SessionConfigSchemas = /* @__PURE__ */ pure(() =>
  kinds(closed, {
    realtime: {
      ...generation,
      audio: v.optional(closed({
        input: audioInput,
        output: v.optional(closed({
          format: v.optional(AudioFormatSchema),
          speed: v.optional(numberFrom(MIN_SPEED, MAX_SPEED)),
          voice: v.optional(VoiceSchema),
        })),
      })),
      include,
      model: v.optional(word<RealtimeModel>()),
      reasoning: v.nullish(ReasoningSchema),
      tracing: v.nullish(TracingSchema),
      truncation: v.optional(TruncationSchema),
    },
    transcription: { audio: v.optional(closed({ input: audioInput })), include },
  })
);

export const SessionConfigSchema = /* @__PURE__ */ choose(SessionConfigSchemas);

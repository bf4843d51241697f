// This module is browser compatible.
import * as v from "valibot";
import type { OpenEnum } from "../open_enum.ts";
import type { ResponseStatus, ResponseStatusReason } from "../response.ts";
import { maybeCount, maybeText, maybeWord } from "./inbound.ts";
import { ItemSchema } from "./item.ts";
import { pure } from "./pure.ts";
import {
  EffectiveAudioFormatSchema,
  EffectiveMaxOutputTokensSchema,
  EffectiveModalitiesSchema,
  EffectiveVoiceSchema,
} from "./session.ts";
import { list, mapOf, open, text } from "./shape.ts";

const tokens = { text_tokens: maybeCount, audio_tokens: maybeCount, image_tokens: maybeCount };

export const TokenDetailsSchema = /* @__PURE__ */ open(tokens);

export const UsageSchema = /* @__PURE__ */ pure(() =>
  open({
    total_tokens: maybeCount,
    input_tokens: maybeCount,
    output_tokens: maybeCount,
    input_token_details: v.nullish(
      open({ ...tokens, cached_tokens: maybeCount, cached_tokens_details: v.nullish(TokenDetailsSchema) }),
    ),
    output_token_details: v.nullish(open({ ...tokens, reasoning_tokens: maybeCount })),
  })
);

export const ResponseSchema = /* @__PURE__ */ pure(() =>
  open({
    id: maybeText,
    object: maybeWord<OpenEnum<"realtime.response">>(),
    status: maybeWord<OpenEnum<ResponseStatus>>(),
    status_details: v.nullish(open({
      type: maybeWord<OpenEnum<Exclude<ResponseStatus, "in_progress">>>(),
      reason: maybeWord<OpenEnum<ResponseStatusReason>>(),
      error: v.nullish(open({ type: maybeText, code: maybeText, message: maybeText })),
    })),
    output: v.nullish(list(ItemSchema)),
    conversation_id: maybeText,
    output_modalities: EffectiveModalitiesSchema,
    max_output_tokens: v.nullish(EffectiveMaxOutputTokensSchema),
    audio: v.nullish(open({
      output: v.nullish(open({
        format: v.nullish(EffectiveAudioFormatSchema),
        voice: v.nullish(EffectiveVoiceSchema),
      })),
    })),
    usage: v.nullish(UsageSchema),
    metadata: v.nullish(mapOf(text)),
  })
);

// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";
import type { ResponseStatus, ResponseStatusReason } from "../response/response.ts";
import { nullishNumber, nullishOpenEnum, nullishString } from "./inbound.ts";
import { ItemSchema } from "./item.ts";
import { lazy } from "./lazy.ts";
import {
  EffectiveAudioFormatSchema,
  EffectiveMaxOutputTokensSchema,
  EffectiveModalitiesSchema,
  EffectiveVoiceSchema,
} from "./session.ts";
import { array, looseObject, nullish, record, string } from "./shape.ts";

const tokens = { text_tokens: nullishNumber, audio_tokens: nullishNumber, image_tokens: nullishNumber };

export const TokenDetailsSchema = /* @__PURE__ */ looseObject(tokens);

export const UsageSchema = /* @__PURE__ */ lazy(() =>
  looseObject({
    total_tokens: nullishNumber,
    input_tokens: nullishNumber,
    output_tokens: nullishNumber,
    input_token_details: nullish(
      looseObject({ ...tokens, cached_tokens: nullishNumber, cached_tokens_details: nullish(TokenDetailsSchema) }),
    ),
    output_token_details: nullish(looseObject({ ...tokens, reasoning_tokens: nullishNumber })),
  })
);

export const ResponseSchema = /* @__PURE__ */ lazy(() =>
  looseObject({
    id: nullishString,
    object: nullishOpenEnum<OpenEnum<"realtime.response">>(),
    status: nullishOpenEnum<OpenEnum<ResponseStatus>>(),
    status_details: nullish(looseObject({
      type: nullishOpenEnum<OpenEnum<Exclude<ResponseStatus, "in_progress">>>(),
      reason: nullishOpenEnum<OpenEnum<ResponseStatusReason>>(),
      error: nullish(looseObject({ type: nullishString, code: nullishString, message: nullishString })),
    })),
    output: nullish(array(ItemSchema)),
    conversation_id: nullishString,
    output_modalities: EffectiveModalitiesSchema,
    max_output_tokens: nullish(EffectiveMaxOutputTokensSchema),
    audio: nullish(looseObject({
      output: nullish(looseObject({
        format: nullish(EffectiveAudioFormatSchema),
        voice: nullish(EffectiveVoiceSchema),
      })),
    })),
    usage: nullish(UsageSchema),
    metadata: nullish(record(string)),
  })
);

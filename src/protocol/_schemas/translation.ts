// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";
import type { TranslationModel } from "../translation/translation_session.ts";
import { variants } from "./variants.ts";
import { AppendedAudioSchema } from "./client_event.ts";
import { hintedObject } from "./hinted_object.ts";
import { nullishNumber, nullishOpenEnum, nullishString, openEnum } from "./inbound.ts";
import { lazy } from "./lazy.ts";
import { clientEvent, optionalNumber, optionalString } from "./rules.ts";
import { errorEvent } from "./server_event.ts";
import { EffectiveNoiseReductionSchema } from "./session.ts";
import { NoiseReductionTypeSchema } from "./session_config.ts";
import { looseObject, nullish, number, optional, string } from "./shape.ts";

/** The settings that can be changed. */
export const translationSettings = /* @__PURE__ */ lazy(() => ({
  audio: optional(hintedObject({
    input: optional(hintedObject({
      noise_reduction: nullish(hintedObject({ type: NoiseReductionTypeSchema, strength: optionalNumber })),
      transcription: nullish(hintedObject({ model: string })),
    })),
    output: optional(hintedObject({ language: optionalString })),
  })),
}));

export const TranslationSessionConfigSchema = /* @__PURE__ */ hintedObject(translationSettings);

export const TranslationClientEventSchemas = /* @__PURE__ */ lazy(() =>
  variants(hintedObject, {
    "session.close": clientEvent,
    "session.input_audio_buffer.append": { ...clientEvent, audio: AppendedAudioSchema },
    "session.update": { ...clientEvent, session: TranslationSessionConfigSchema },
  })
);

export const TranslationSessionSchema = /* @__PURE__ */ lazy(() =>
  looseObject({
    type: openEnum<OpenEnum<"translation">>(),
    id: string,
    expires_at: number,
    model: openEnum<TranslationModel>(),
    audio: looseObject({
      input: nullish(looseObject({
        noise_reduction: nullish(EffectiveNoiseReductionSchema),
        transcription: nullish(looseObject({ model: string })),
      })),
      output: nullish(looseObject({ language: nullishString })),
    }),
  })
);

const event = { event_id: string };
const session = /* @__PURE__ */ lazy(() => ({ ...event, session: TranslationSessionSchema }));
const delta = /* @__PURE__ */ lazy(() => ({ ...event, delta: string, elapsed_ms: nullishNumber }));

export const TranslationServerEventSchemas = /* @__PURE__ */ lazy(() =>
  variants(looseObject, {
    "error": errorEvent,
    "session.closed": event,
    "session.created": session,
    "session.input_transcript.delta": delta,
    "session.output_audio.delta": {
      ...delta,
      format: nullishOpenEnum<OpenEnum<"pcm16">>(),
      sample_rate: nullishNumber,
      channels: nullishNumber,
    },
    "session.output_transcript.delta": delta,
    "session.updated": session,
  })
);

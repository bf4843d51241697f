// This module is browser compatible.
import * as v from "valibot";
import type { OpenEnum } from "../open_enum.ts";
import type { TranslationModel } from "../translation_session.ts";
import { kinds } from "./choice.ts";
import { AppendedAudioSchema } from "./client_event.ts";
import { maybeCount, maybeText, maybeWord, word } from "./inbound.ts";
import { pure } from "./pure.ts";
import { clientEvent, optionalNumber, optionalText } from "./rules.ts";
import { errorEvent } from "./server_event.ts";
import { EffectiveNoiseReductionSchema } from "./session.ts";
import { NoiseReductionTypeSchema } from "./session_config.ts";
import { closed, count, open, text } from "./shape.ts";

/** The settings that can be changed. */
export const translationSettings = /* @__PURE__ */ pure(() => ({
  audio: v.optional(closed({
    input: v.optional(closed({
      noise_reduction: v.nullish(closed({ type: NoiseReductionTypeSchema, strength: optionalNumber })),
      transcription: v.nullish(closed({ model: text })),
    })),
    output: v.optional(closed({ language: optionalText })),
  })),
}));

export const TranslationSessionConfigSchema = /* @__PURE__ */ closed(translationSettings);

export const TranslationClientEventSchemas = /* @__PURE__ */ pure(() =>
  kinds(closed, {
    "session.close": clientEvent,
    "session.input_audio_buffer.append": { ...clientEvent, audio: AppendedAudioSchema },
    "session.update": { ...clientEvent, session: TranslationSessionConfigSchema },
  })
);

export const TranslationSessionSchema = /* @__PURE__ */ pure(() =>
  open({
    type: word<OpenEnum<"translation">>(),
    id: text,
    expires_at: count,
    model: word<TranslationModel>(),
    audio: open({
      input: v.nullish(open({
        noise_reduction: v.nullish(EffectiveNoiseReductionSchema),
        transcription: v.nullish(open({ model: text })),
      })),
      output: v.nullish(open({ language: maybeText })),
    }),
  })
);

const event = { event_id: text };
const session = /* @__PURE__ */ pure(() => ({ ...event, session: TranslationSessionSchema }));
const delta = /* @__PURE__ */ pure(() => ({ ...event, delta: text, elapsed_ms: maybeCount }));

export const TranslationServerEventSchemas = /* @__PURE__ */ pure(() =>
  kinds(open, {
    "error": errorEvent,
    "session.closed": event,
    "session.created": session,
    "session.input_transcript.delta": delta,
    "session.output_audio.delta": {
      ...delta,
      format: maybeWord<OpenEnum<"pcm16">>(),
      sample_rate: maybeCount,
      channels: maybeCount,
    },
    "session.output_transcript.delta": delta,
    "session.updated": session,
  })
);

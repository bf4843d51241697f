// This module is browser compatible.
import * as v from "valibot";
import { decodedLength, isBase64 } from "../_base64.ts";
import { MAX_APPEND_BYTES, MAX_METADATA_KEY_LENGTH, MAX_METADATA_PAIRS, MAX_METADATA_VALUE_LENGTH } from "../limits.ts";
import type { OpenEnum } from "../open_enum.ts";
import { kinds } from "./choice.ts";
import { maybeText, word } from "./inbound.ts";
import { ItemParamSchema, ResponseInputItemSchema } from "./item_param.ts";
import { pure } from "./pure.ts";
import { atMost, clientEvent, optionalId, optionalText, textUpTo, whole } from "./rules.ts";
import { AudioFormatSchema, generation, SessionConfigSchema, VoiceSchema } from "./session_config.ts";
import { closed, list, mapOf, refine, text } from "./shape.ts";

const MetadataSchema = /* @__PURE__ */ pure(() =>
  refine(
    atMost(
      mapOf(textUpTo(MAX_METADATA_VALUE_LENGTH)),
      MAX_METADATA_PAIRS,
      "pairs",
      (pairs) => Object.keys(pairs).length,
    ),
    { kind: "max_key_length", max: MAX_METADATA_KEY_LENGTH },
    (pairs) => Object.keys(pairs).every(({ length }) => length <= MAX_METADATA_KEY_LENGTH),
  )
);

export const ResponseConfigSchema = /* @__PURE__ */ pure(() =>
  closed({
    ...generation,
    instructions: maybeText,
    audio: v.optional(closed({
      output: v.optional(closed({ format: v.optional(AudioFormatSchema), voice: v.optional(VoiceSchema) })),
    })),
    conversation: v.optional(word<OpenEnum<"auto" | "none">>()),
    input: v.optional(list(ResponseInputItemSchema)),
    metadata: v.nullish(MetadataSchema),
  })
);

export const AppendedAudioSchema = /* @__PURE__ */ pure(() =>
  refine(atMost(text, MAX_APPEND_BYTES, "bytes", decodedLength), { kind: "format", format: "base64" }, isBase64)
);

const ofItem = /* @__PURE__ */ pure(() => ({ ...clientEvent, item_id: text }));

export const ClientEventSchemas = /* @__PURE__ */ pure(() =>
  kinds(closed, {
    "conversation.item.create": { ...clientEvent, item: ItemParamSchema, previous_item_id: optionalId },
    "conversation.item.delete": ofItem,
    "conversation.item.retrieve": ofItem,
    "conversation.item.truncate": { ...ofItem, content_index: whole, audio_end_ms: whole },
    "input_audio_buffer.append": { ...clientEvent, audio: AppendedAudioSchema },
    "input_audio_buffer.clear": clientEvent,
    "input_audio_buffer.commit": clientEvent,
    "output_audio_buffer.clear": clientEvent,
    "response.cancel": { ...clientEvent, response_id: optionalText },
    "response.create": { ...clientEvent, response: v.optional(ResponseConfigSchema) },
    "session.update": { ...clientEvent, session: SessionConfigSchema },
  })
);

// This module is browser compatible.
import { decodedLength } from "../../_internal/decoded_length.ts";
import { MAX_APPEND_BYTES, MAX_METADATA_KEY_LENGTH, MAX_METADATA_PAIRS, MAX_METADATA_VALUE_LENGTH } from "../limits.ts";
import type { OpenEnum } from "../open_enum.ts";
import { variants } from "./variants.ts";
import { hintedObject } from "./hinted_object.ts";
import { nullishString, openEnum } from "./inbound.ts";
import { ItemParamSchema, ResponseInputItemSchema } from "./item_param.ts";
import { lazy } from "./lazy.ts";
import { atMost, clientEvent, inBase64, nonNegativeInt, optionalString, shortId, stringUpTo } from "./rules.ts";
import { AudioFormatSchema, generation, SessionConfigSchema, VoiceSchema } from "./session_config.ts";
import { array, nullish, optional, record, refine, string } from "./shape.ts";

const MetadataSchema = /* @__PURE__ */ lazy(() =>
  refine(
    atMost(
      record(stringUpTo(MAX_METADATA_VALUE_LENGTH)),
      MAX_METADATA_PAIRS,
      "pairs",
      (pairs) => Object.keys(pairs).length,
    ),
    { kind: "max_key_length", max: MAX_METADATA_KEY_LENGTH },
    `have keys of at most ${MAX_METADATA_KEY_LENGTH} characters`,
    (pairs) => Object.keys(pairs).every(({ length }) => length <= MAX_METADATA_KEY_LENGTH),
  )
);

export const ResponseConfigSchema = /* @__PURE__ */ lazy(() =>
  hintedObject({
    ...generation,
    instructions: nullishString,
    audio: optional(hintedObject({
      output: optional(hintedObject({ format: optional(AudioFormatSchema), voice: optional(VoiceSchema) })),
    })),
    conversation: optional(openEnum<OpenEnum<"auto" | "none">>()),
    input: optional(array(ResponseInputItemSchema)),
    metadata: nullish(MetadataSchema),
  })
);

export const AppendedAudioSchema = /* @__PURE__ */ lazy(() =>
  inBase64(atMost(string, MAX_APPEND_BYTES, "bytes", decodedLength))
);

const ofItem = /* @__PURE__ */ lazy(() => ({ ...clientEvent, item_id: string }));

export const ClientEventSchemas = /* @__PURE__ */ lazy(() =>
  variants(hintedObject, {
    "conversation.item.create": { ...clientEvent, item: ItemParamSchema, previous_item_id: nullish(shortId) },
    "conversation.item.delete": ofItem,
    "conversation.item.retrieve": ofItem,
    "conversation.item.truncate": { ...ofItem, content_index: nonNegativeInt, audio_end_ms: nonNegativeInt },
    "input_audio_buffer.append": { ...clientEvent, audio: AppendedAudioSchema },
    "input_audio_buffer.clear": clientEvent,
    "input_audio_buffer.commit": clientEvent,
    "output_audio_buffer.clear": clientEvent,
    "response.cancel": { ...clientEvent, response_id: optionalString },
    "response.create": { ...clientEvent, response: optional(ResponseConfigSchema) },
    "session.update": { ...clientEvent, session: SessionConfigSchema },
  })
);

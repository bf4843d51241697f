// This module is browser compatible.
import { decodeFrame } from "../../_internal/text/decode_frame.ts";
import type { Codec } from "../codec.ts";
import { type IncomingTranslationServerEvent, parseTranslationServerEvent } from "./parse_translation_server_event.ts";
import { stringifyTranslationClientEvent } from "./translation_client_event.ts";
import type { TranslationClientEvent } from "./translation_event.ts";

/**
 * Codec of translation sessions: {@linkcode stringifyTranslationClientEvent} and
 * {@linkcode parseTranslationServerEvent}.
 *
 * @category Codecs
 *
 * @example Append audio to translate
 * ```ts
 * import { translationCodec } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   translationCodec.stringify({ type: "session.input_audio_buffer.append", audio: "AAAA" }),
 *   `{"type":"session.input_audio_buffer.append","audio":"AAAA"}`,
 * );
 * ```
 */
export const translationCodec: Codec<TranslationClientEvent, IncomingTranslationServerEvent> = {
  stringify: stringifyTranslationClientEvent,
  read: (frame) => parseTranslationServerEvent(decodeFrame(frame)),
};

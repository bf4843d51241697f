// This module is browser compatible.
import { checkOptions } from "../../_internal/check_options.ts";
import { decodeFrame } from "../../_internal/text/decode_frame.ts";
import { shapeIssues } from "../_inbound_issues.ts";
import { eventOf, parseFrame } from "../_parse_frame.ts";
import { STRINGIFY_NAMES, stringifyEvent } from "../_stringify_event.ts";
import type { Codec } from "../codec.ts";
import type { ClientEvent } from "./client_event.ts";
import type { IncomingServerEvent } from "./incoming_event.ts";
import { parseServerEvent } from "./parse_server_event.ts";
import { stringifyClientEvent } from "./stringify_client_event.ts";

/**
 * Codec of conversation and transcription sessions: {@linkcode stringifyClientEvent} and {@linkcode parseServerEvent}.
 *
 * @category Codecs
 *
 * @example Read a frame, and write one
 * ```ts
 * import { realtimeCodec } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const event = realtimeCodec.read(new TextEncoder().encode(`{"type":"input_audio_buffer.cleared","event_id":"e1"}`));
 * assertEquals(event.type, "input_audio_buffer.cleared");
 * assertEquals(realtimeCodec.stringify({ type: "response.create" }), `{"type":"response.create"}`);
 * ```
 */
export const realtimeCodec: Codec<ClientEvent, IncomingServerEvent> = {
  stringify: stringifyClientEvent,
  read: (frame) => parseServerEvent(decodeFrame(frame)),
};

/**
 * The same for pages that must be small: outgoing events are not checked, and the server rejects invalid ones; of
 * incoming frames, only the presence of an object with a `type` is checked. About 4 kB smaller than {@linkcode
 * realtimeCodec}.
 *
 * @category Codecs
 */
export const uncheckedRealtimeCodec: Codec<ClientEvent, IncomingServerEvent> = {
  stringify: (event, options = {}) => {
    checkOptions("send an event", options, STRINGIFY_NAMES);
    return stringifyEvent(event, [], options.isBase64);
  },
  read: (frame) => eventOf(parseFrame<IncomingServerEvent>(decodeFrame(frame), shapeIssues)),
};

// This module is browser compatible.

/**
 * The wire of OpenAI's Realtime API as types and pure functions: parse what the server sends, check and write what the
 * client sends, and the same for translation sessions, REST bodies and webhooks. No sockets, no timers.
 *
 * Strict out, loose in: {@linkcode stringifyClientEvent} refuses what the API would refuse and names the field;
 * {@linkcode safeParseServerEvent} delivers whatever arrives, complete and unchanged. Fields keep the wire's spelling.
 *
 * @example Talk to the API over a socket of your own
 * ```ts
 * import { isServerEvent, parseServerEvent, stringifyClientEvent } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const sent: string[] = [];
 * const socket = { send: (frame: string) => sent.push(frame) };
 *
 * function onMessage(frame: string) {
 *   const event = parseServerEvent(frame);
 *   if (isServerEvent(event, "session.created")) socket.send(stringifyClientEvent({ type: "response.create" }));
 * }
 *
 * onMessage(`{"type":"session.created","event_id":"event_1","session":{"type":"realtime"}}`);
 * assertEquals(sent, [`{"type":"response.create"}`]);
 * ```
 *
 * @module
 */
export { type EventIssue, InvalidEventError } from "../errors.ts";
export * from "./audio_buffers/audio_buffer_events.ts";
export * from "./session/audio_format.ts";
export * from "./events/check_client_event.ts";
export * from "./rest/check_rest_body.ts";
export * from "./events/client_event.ts";
export * from "./events/client_events.ts";
export * from "./conversation/content_part.ts";
export * from "./conversation/conversation_events.ts";
export * from "./tools/effective_tool.ts";
export * from "./events/event_base.ts";
export * from "./field_issue.ts";
export * from "./session/generation.ts";
export * from "./events/incoming_event.ts";
export * from "./conversation/item.ts";
export * from "./conversation/item_param.ts";
export * from "./limits.ts";
export * from "./events/loose.ts";
export * from "./tools/mcp_events.ts";
export * from "./session/noise_reduction.ts";
export * from "./nullable_fields.ts";
export * from "./open_enum.ts";
export * from "./events/parse_client_event.ts";
export * from "./events/parse_server_event.ts";
export * from "./translation/parse_translation_server_event.ts";
export * from "./session/prompt.ts";
export * from "./response/response.ts";
export * from "./response/response_config.ts";
export * from "./response/response_events.ts";
export * from "./rest/rest_bodies.ts";
export * from "./schemas.ts";
export * from "./events/server_event.ts";
export * from "./events/server_event_types.ts";
export * from "./session/session.ts";
export * from "./session/session_config.ts";
export * from "./session/session_events.ts";
export * from "./audio_buffers/stringify_audio_append.ts";
export * from "./events/stringify_client_event.ts";
export * from "./tools/tool.ts";
export * from "./session/transcription.ts";
export * from "./conversation/transcription_events.ts";
export * from "./translation/translation_client_event.ts";
export * from "./translation/translation_event.ts";
export * from "./translation/translation_events.ts";
export * from "./translation/translation_session.ts";
export * from "./session/truncation.ts";
export * from "./session/turn_detection.ts";
export * from "./unknown_kind.ts";
export * from "./response/usage.ts";
export * from "./session/voice.ts";
export * from "./rest/webhook.ts";

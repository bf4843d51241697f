// This module is browser compatible.

/**
 * The wire of OpenAI's Realtime API as types and pure functions: parse what the server sends, check and write what the
 * client sends, and the same for translation sessions, REST bodies and webhooks. No sockets, no timers.
 *
 * Strict out, loose in: {@linkcode stringifyClientEvent} refuses what the API would refuse and names the field;
 * {@linkcode parseServerEvent} delivers whatever arrives, complete and unchanged. Fields keep the wire's spelling.
 *
 * @example Talk to the API over a socket of your own
 * ```ts
 * import { isServerEvent, readServerEvent, stringifyClientEvent } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const sent: string[] = [];
 * const socket = { send: (frame: string) => sent.push(frame) };
 *
 * function onMessage(frame: string) {
 *   const event = readServerEvent(frame);
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
export * from "./audio_buffer_events.ts";
export * from "./audio_format.ts";
export * from "./check_client_event.ts";
export * from "./check_rest_body.ts";
export * from "./client_event.ts";
export * from "./client_events.ts";
export * from "./content_part.ts";
export * from "./conversation_events.ts";
export * from "./effective_tool.ts";
export * from "./event_base.ts";
export * from "./field_issue.ts";
export * from "./generation.ts";
export * from "./incoming_event.ts";
export * from "./item.ts";
export * from "./item_param.ts";
export * from "./limits.ts";
export * from "./loose.ts";
export * from "./mcp_events.ts";
export * from "./noise_reduction.ts";
export * from "./open_enum.ts";
export * from "./parse_client_event.ts";
export * from "./parse_server_event.ts";
export * from "./parse_translation_server_event.ts";
export * from "./prompt.ts";
export * from "./response.ts";
export * from "./response_config.ts";
export * from "./response_events.ts";
export * from "./rest_bodies.ts";
export * from "./schemas.ts";
export * from "./server_event.ts";
export * from "./server_event_types.ts";
export * from "./session.ts";
export * from "./session_config.ts";
export * from "./session_events.ts";
export * from "./stringify_audio_append.ts";
export * from "./stringify_client_event.ts";
export * from "./tool.ts";
export * from "./transcription.ts";
export * from "./transcription_events.ts";
export * from "./translation_client_event.ts";
export * from "./translation_event.ts";
export * from "./translation_events.ts";
export * from "./translation_session.ts";
export * from "./truncation.ts";
export * from "./turn_detection.ts";
export * from "./unknown_kind.ts";
export * from "./usage.ts";
export * from "./voice.ts";
export * from "./webhook.ts";

// This module is browser compatible.

/**
 * The wire protocol of OpenAI's Realtime API as types and pure functions: parse server events, check and serialize
 * client events, and the same for translation sessions, REST bodies and webhooks. No sockets, no timers.
 *
 * Strict for sent events, loose for received ones: {@linkcode stringifyClientEvent} rejects events that the API would
 * reject, and names the field; {@linkcode parseServerEvent} delivers everything that arrives, complete and unchanged.
 * Fields keep the wire's spelling.
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
export * from "./audio_buffers/mod.ts";
export type { Codec } from "./codec.ts";
export * from "./conversation/mod.ts";
export * from "./events/mod.ts";
export type {
  AnyKeyRule,
  CombinationRule,
  ConditionRule,
  EnumRule,
  FieldIssue,
  FieldRule,
  FormatRule,
  JsonRule,
  JsonTypeName,
  MalformedFrame,
  MaxKeyLengthRule,
  MaxLengthRule,
  MinLengthRule,
  PatternRule,
  RangeRule,
  RequiredRule,
  TypeRule,
  UnknownKeyRule,
} from "./field_issue.ts";
export {
  MAX_APPEND_BYTES,
  MAX_CLIENT_SECRET_SECONDS,
  MAX_EVENT_ID_LENGTH,
  MAX_ID_LENGTH,
  MAX_IDLE_TIMEOUT_MS,
  MAX_METADATA_KEY_LENGTH,
  MAX_METADATA_PAIRS,
  MAX_METADATA_VALUE_LENGTH,
  MAX_OUTPUT_TOKENS,
  MAX_SESSION_MS,
  MAX_SPEED,
  MIN_CLIENT_SECRET_SECONDS,
  MIN_IDLE_TIMEOUT_MS,
  MIN_SPEED,
  PCM_RATE,
} from "./limits.ts";
export * from "./live/mod.ts";
export { NULLABLE_FIELDS, type NullableField, type NullableFieldSource } from "./nullable_fields.ts";
export type { OpenEnum } from "./open_enum.ts";
export * from "./response/mod.ts";
export * from "./rest/mod.ts";
export {
  ClientEventSchema,
  ItemParamSchema,
  ServerEventSchema,
  SessionConfigSchema,
  ToolSchema,
  TranslationServerEventSchema,
} from "./schemas.ts";
export * from "./session/mod.ts";
export * from "./tools/mod.ts";
export * from "./translation/mod.ts";
export type { UnknownKind, UnknownType } from "./unknown_kind.ts";

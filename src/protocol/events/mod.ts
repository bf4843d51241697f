// This module is browser compatible.
export { checkClientEvent } from "./check_client_event.ts";
export { CLIENT_EVENT_TYPES, type ClientEvent, type ClientEventMap, type ClientEventType } from "./client_event.ts";
export type {
  ClientEventBase,
  ConversationItemCreateEvent,
  ConversationItemDeleteEvent,
  ConversationItemRetrieveEvent,
  ConversationItemTruncateEvent,
  InputAudioBufferAppendEvent,
  InputAudioBufferClearEvent,
  InputAudioBufferCommitEvent,
  OutputAudioBufferClearEvent,
  ResponseCancelEvent,
  ResponseCreateEvent,
  SessionUpdateEvent,
} from "./client_events.ts";
export type {
  ContentEventBase,
  ItemEventBase,
  ResponseContentEventBase,
  ResponseItemEventBase,
  ServerEventBase,
  TextDelta,
} from "./event_base.ts";
export {
  type IncomingServerEvent,
  isMalformedServerEvent,
  isServerEvent,
  isUnknownServerEvent,
  type MalformedServerEvent,
  type UnknownServerEvent,
} from "./incoming_event.ts";
export type { Loose, LooseServerEvent } from "./loose.ts";
export {
  type ClientEventResult,
  isClientEvent,
  isKnownClientEvent,
  type ParsedClientEvent,
  safeParseClientEvent,
  type UnknownClientEvent,
} from "./parse_client_event.ts";
export {
  type ParsedServerEvent,
  parseServerEvent,
  safeParseServerEvent,
  type ServerEventResult,
} from "./parse_server_event.ts";
export { realtimeCodec, uncheckedRealtimeCodec } from "./realtime_codec.ts";
export {
  isKnownServerEvent,
  SERVER_EVENT_TYPES,
  type ServerEvent,
  type ServerEventMap,
  type ServerEventType,
} from "./server_event.ts";
export { stringifyClientEvent, type StringifyOptions } from "./stringify_client_event.ts";

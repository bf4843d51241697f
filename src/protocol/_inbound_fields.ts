// This module is browser compatible.
import type { JsonTypeName } from "../_internal/field_rule.ts";
import { type InboundTypes, toInboundTypes } from "./_inbound_issues.ts";
import { lazy } from "./_schemas/lazy.ts";
import { SERVER_EVENT_TYPES, type ServerEvent } from "./events/server_event.ts";
import type { TranslationServerEvent } from "./translation/translation_event.ts";

type AnyServerEvent = ServerEvent | TranslationServerEvent;

type FieldName<Event> = Event extends unknown ? Exclude<keyof Event, "type"> & string : never;

type FieldValue<Event, Name extends string> = Event extends unknown
  ? Name extends keyof Event ? NonNullable<Event[Name]> : never
  : never;

type JsonType<Value> = Value extends string ? "string"
  : Value extends number ? "number"
  : Value extends readonly unknown[] ? "array"
  : "object";

/**
 * The JSON type of every field that an event of the server has, by name: a name means the same in all of them. An event
 * with a field of another name does not compile without its line here.
 */
export const INBOUND_FIELDS: {
  readonly [Name in FieldName<AnyServerEvent>]: JsonType<FieldValue<AnyServerEvent, Name>>;
} = {
  arguments: "string",
  audio_end_ms: "number",
  audio_start_ms: "number",
  call_id: "string",
  channels: "number",
  content_index: "number",
  conversation: "object",
  delta: "string",
  elapsed_ms: "number",
  end: "number",
  error: "object",
  event: "string",
  event_id: "string",
  format: "string",
  id: "string",
  item: "object",
  item_id: "string",
  languages: "array",
  logprobs: "array",
  name: "string",
  obfuscation: "string",
  output_index: "number",
  part: "object",
  previous_item_id: "string",
  rate_limits: "array",
  received_at: "number",
  response: "object",
  response_id: "string",
  sample_rate: "number",
  session: "object",
  speaker: "string",
  start: "number",
  text: "string",
  transcript: "string",
  usage: "object",
};

/** The same for those who look them up. */
export const REALTIME_FIELDS: ReadonlyMap<string, JsonTypeName> = /* @__PURE__ */ lazy(() =>
  new Map(Object.entries(INBOUND_FIELDS))
);

/** The types of all server events of the Realtime API. */
export const REALTIME_TYPES: InboundTypes = /* @__PURE__ */ toInboundTypes(SERVER_EVENT_TYPES);

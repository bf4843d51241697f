// This module is browser compatible.
import type { JsonTypeName } from "../../_internal/field_rule.ts";
import type { LiveServerEvent } from "./server_event.ts";

type FieldName<Event> = Event extends unknown ? Exclude<keyof Event, "type"> & string : never;

/**
 * The JSON type of every field that a server event of the Live API has, by name. `event` is omitted: it is a telephone
 * key in some events, and an event of the backend in another.
 */
export const LIVE_INBOUND_FIELDS: {
  readonly [Name in Exclude<FieldName<LiveServerEvent>, "event">]: JsonTypeName;
} = {
  audio: "string",
  client_event_id: "string",
  code: "string",
  context_window: "object",
  delegation: "object",
  delegation_id: "string",
  delta: "string",
  end_ms: "number",
  error: "object",
  event_id: "string",
  item: "object",
  item_id: "string",
  message: "string",
  offset_ms: "number",
  reason: "string",
  session: "object",
  session_id: "string",
  source_event_id: "string",
  source_event_type: "string",
  start_ms: "number",
  trigger_id: "string",
  usage: "object",
};

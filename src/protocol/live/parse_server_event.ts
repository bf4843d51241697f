// This module is browser compatible.
import { toInboundTypes } from "../_inbound_issues.ts";
import { eventOf, parseServerFrame } from "../_parse_frame.ts";
import type { MalformedFrame } from "../field_issue.ts";
import type { MalformedServerEvent, UnknownServerEvent } from "../events/incoming_event.ts";
import { LIVE_INBOUND_FIELDS } from "./_inbound_fields.ts";
import {
  LIVE_SERVER_EVENT_TYPES,
  type LiveServerEvent,
  type LiveServerEventMap,
  type LiveServerEventType,
} from "./server_event.ts";

const FIELDS = /* @__PURE__ */ new Map(/* @__PURE__ */ Object.entries(LIVE_INBOUND_FIELDS));
const KNOWN_TYPES = /* @__PURE__ */ toInboundTypes(LIVE_SERVER_EVENT_TYPES);

/**
 * A frame that holds an event of a Live session.
 *
 * @category Live
 */
export interface ParsedLiveServerEvent {
  /** It is an event. */
  readonly ok: true;
  /** The event: of a known type and as the protocol has it, or of an unknown type and any shape. */
  readonly event: LiveServerEvent | UnknownServerEvent;
}

/**
 * The result of {@linkcode safeParseLiveServerEvent}.
 *
 * @category Live
 */
export type LiveServerEventResult = ParsedLiveServerEvent | MalformedFrame;

/**
 * Everything that {@linkcode parseLiveServerEvent} returns.
 *
 * @category Live
 */
export type LiveIncomingEvent = LiveServerEvent | UnknownServerEvent | MalformedServerEvent;

/**
 * Parses a frame of a Live session, like `parseServerEvent`. Never throws.
 *
 * @category Live
 */
export function safeParseLiveServerEvent(frame: string): LiveServerEventResult {
  return parseServerFrame(frame, KNOWN_TYPES, FIELDS);
}

/**
 * Parses a frame like {@linkcode safeParseLiveServerEvent}, and also turns a malformed one into an event.
 *
 * @category Live
 */
export function parseLiveServerEvent(frame: string): LiveIncomingEvent {
  return eventOf(safeParseLiveServerEvent(frame));
}

/**
 * Whether an event of a Live session is of a type that this version knows.
 *
 * @category Live
 */
export function isKnownLiveServerEvent(event: { readonly type: string }): event is LiveServerEvent {
  return (LIVE_SERVER_EVENT_TYPES as readonly string[]).includes(event.type);
}

/**
 * Whether an event of a Live session is of the given type.
 *
 * @category Live
 *
 * @example Read the words of the model
 * ```ts
 * import { isLiveServerEvent, parseLiveServerEvent } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const event = parseLiveServerEvent(
 *   `{"type":"session.output_transcript.delta","event_id":"event_1","delta":"Hello","start_ms":800,"end_ms":1000}`,
 * );
 * if (isLiveServerEvent(event, "session.output_transcript.delta")) assertEquals(event.delta, "Hello");
 * ```
 */
export function isLiveServerEvent<Type extends LiveServerEventType>(
  event: { readonly type: string },
  type: Type,
): event is LiveServerEventMap[Type] {
  return event.type === type;
}

// This module is browser compatible.
import { REALTIME_FIELDS } from "../_inbound_fields.ts";
import { toInboundTypes } from "../_inbound_issues.ts";
import { eventOf, parseServerFrame } from "../_parse_frame.ts";
import type { MalformedFrame } from "../field_issue.ts";
import type { MalformedServerEvent, UnknownServerEvent } from "../events/incoming_event.ts";
import {
  TRANSLATION_SERVER_EVENT_TYPES,
  type TranslationServerEvent,
  type TranslationServerEventMap,
  type TranslationServerEventType,
} from "./translation_event.ts";

const KNOWN_TYPES = /* @__PURE__ */ toInboundTypes(TRANSLATION_SERVER_EVENT_TYPES);

/**
 * A frame that holds an event of a translation session.
 *
 * @category Translation
 */
export interface ParsedTranslationServerEvent {
  /** It is an event. */
  readonly ok: true;
  /** The event, as it arrived: of a known type, or of an unknown type and any shape. */
  readonly event: TranslationServerEvent | UnknownServerEvent;
}

/**
 * Result of {@linkcode safeParseTranslationServerEvent}.
 *
 * @category Translation
 */
export type TranslationServerEventResult = ParsedTranslationServerEvent | MalformedFrame;

/**
 * Parses a frame of a translation session, like {@linkcode safeParseServerEvent}. Never throws.
 *
 * @category Translation
 */
export function safeParseTranslationServerEvent(frame: string): TranslationServerEventResult {
  return parseServerFrame(frame, KNOWN_TYPES, REALTIME_FIELDS);
}

/**
 * Everything that {@linkcode parseTranslationServerEvent} returns.
 *
 * @category Translation
 */
export type IncomingTranslationServerEvent = TranslationServerEvent | UnknownServerEvent | MalformedServerEvent;

/**
 * Parses a frame like {@linkcode safeParseTranslationServerEvent}, and also turns a malformed one into an event. Never
 * throws.
 *
 * @category Translation
 */
export function parseTranslationServerEvent(frame: string): IncomingTranslationServerEvent {
  return eventOf(safeParseTranslationServerEvent(frame));
}

/**
 * Whether an event of a translation session is of the given type.
 *
 * @category Translation
 *
 * @example Read the translation as it grows
 * ```ts
 * import { isTranslationServerEvent, safeParseTranslationServerEvent } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const result = safeParseTranslationServerEvent(
 *   `{"type":"session.output_transcript.delta","event_id":"event_1","delta":"Guten Tag"}`,
 * );
 * if (result.ok && isTranslationServerEvent(result.event, "session.output_transcript.delta")) {
 *   assertEquals(result.event.delta, "Guten Tag");
 * }
 * ```
 */
export function isTranslationServerEvent<Type extends TranslationServerEventType>(
  event: { readonly type: string },
  type: Type,
): event is TranslationServerEventMap[Type] {
  return event.type === type;
}

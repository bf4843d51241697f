// This module is browser compatible.
import { parseFrame } from "../_parse_frame.ts";
import { variant } from "../_schemas/variants.ts";
import { ClientEventSchemas } from "../_schemas/client_event.ts";
import { UnknownKindSchema } from "../_schemas/inbound.ts";
import { issuesOf } from "../_schemas/issues.ts";
import { CLIENT_EVENT_TYPES, type ClientEvent, type ClientEventMap, type ClientEventType } from "./client_event.ts";
import type { MalformedFrame } from "../field_issue.ts";
import type { UnknownKind } from "../unknown_kind.ts";

const AnyClientEventSchema = /* @__PURE__ */ variant(ClientEventSchemas, "type", UnknownKindSchema);

/**
 * A client event of a type newer than this version.
 *
 * @category Events
 */
export type UnknownClientEvent = UnknownKind;

/**
 * A frame that holds an event of a client.
 *
 * @category Events
 */
export interface ParsedClientEvent {
  /** It is an event. */
  readonly ok: true;
  /** The event: a valid event of a known type, or an event of an unknown type and any shape. */
  readonly event: ClientEvent | UnknownClientEvent;
}

/**
 * Result of {@linkcode safeParseClientEvent}.
 *
 * @category Events
 */
export type ClientEventResult = ParsedClientEvent | MalformedFrame;

/**
 * Parses a frame of a client, for relays and servers, with the rules of {@linkcode checkClientEvent}. A known event
 * that breaks a rule is `ok: false`: its issues correspond to the API's response (their `rule` distinguishes unknown
 * fields from missing and invalid ones), and `raw` is the whole event, so that a relay can still forward an event that
 * is merely newer than itself. An event of an unknown type is `ok: true`, and {@linkcode isKnownClientEvent} is false
 * for it; the API rejects it with an `error`. The parsed value is returned unchanged. Never throws.
 *
 * @category Events
 *
 * @example Forwarding the events that a browser may send
 * ```ts
 * import { isClientEvent, safeParseClientEvent } from "@oai-rt/edge/protocol";
 * import { assert } from "@std/assert";
 *
 * const result = safeParseClientEvent(`{"type":"response.cancel"}`);
 * assert(result.ok && isClientEvent(result.event, "response.cancel"));
 * ```
 */
export function safeParseClientEvent(frame: string): ClientEventResult {
  return parseFrame(frame, (event) => issuesOf(AnyClientEventSchema, event));
}

/**
 * Whether a client event is of a type that this version knows.
 *
 * @category Events
 */
export function isKnownClientEvent(event: { readonly type: string }): event is ClientEvent {
  return (CLIENT_EVENT_TYPES as readonly string[]).includes(event.type);
}

/**
 * Whether a client event is of the given type.
 *
 * @category Events
 */
export function isClientEvent<Type extends ClientEventType>(
  event: { readonly type: string },
  type: Type,
): event is ClientEventMap[Type] {
  return event.type === type;
}

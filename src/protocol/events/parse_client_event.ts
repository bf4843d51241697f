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
  /** The event: of a known type and as the protocol wants it, or of an unknown type and any shape. */
  readonly event: ClientEvent | UnknownClientEvent;
}

/**
 * Result of {@linkcode safeParseClientEvent}.
 *
 * @category Events
 */
export type ClientEventResult = ParsedClientEvent | MalformedFrame;

/**
 * Parses a frame of a client, for relays and servers, with the rules of {@linkcode checkClientEvent}. A known event that
 * breaks one is `ok: false`: its issues say what the API would answer (their `rule` tells an unknown field from a missing
 * or a wrong one), and `raw` is the whole event, so that a relay can still pass on what is merely newer than itself. An
 * event of an unknown type is `ok: true`, and {@linkcode isKnownClientEvent} is false for it; the API refuses it with an
 * `error`. What arrived is returned as it is. Never throws.
 *
 * @category Events
 *
 * @example Let through what a browser may send
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

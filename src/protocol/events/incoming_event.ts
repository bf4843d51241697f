// This module is browser compatible.
import type { FieldIssue } from "../field_issue.ts";
import type { ServerEvent, ServerEventMap, ServerEventType } from "./server_event.ts";
import { isKnownServerEvent } from "./server_event.ts";
import type { UnknownKind } from "../unknown_kind.ts";

/**
 * An event of a type newer than this version, or of another server's making.
 *
 * @category Events
 */
export type UnknownServerEvent = UnknownKind;

/**
 * A frame that is not an event, or an event of a known type with a field of a JSON type that differs from the protocol.
 * `raw` is the whole frame.
 *
 * @category Events
 */
export interface MalformedServerEvent {
  /** Marks an event that this library made of a malformed frame. */
  readonly type: "malformed_event";
  /** The event's own type, if it has one. */
  readonly eventType: string | undefined;
  /** The issues. */
  readonly issues: readonly FieldIssue[];
  /** The parsed JSON, or the text of the frame when it is not JSON. */
  readonly raw: unknown;
}

/**
 * Everything that {@linkcode parseServerEvent} returns.
 *
 * @category Events
 */
export type IncomingServerEvent = ServerEvent | UnknownServerEvent | MalformedServerEvent;

/**
 * Whether an event is of a type that this version does not know: any, or the given one.
 *
 * @category Events
 *
 * @example Read an event of a server's own
 * ```ts
 * import { isUnknownServerEvent, parseServerEvent } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const event = parseServerEvent(`{"type":"response.text.delta","delta":"Hello"}`);
 * if (isUnknownServerEvent(event, "response.text.delta")) assertEquals(event.delta, "Hello");
 * ```
 */
export function isUnknownServerEvent(event: { readonly type: string }, type?: string): event is UnknownServerEvent {
  return !isKnownServerEvent(event) && !isMalformedServerEvent(event) && (type ?? event.type) === event.type;
}

/**
 * Whether a frame arrived that is not a valid event, see {@linkcode MalformedServerEvent}.
 *
 * @category Events
 */
export function isMalformedServerEvent(event: { readonly type: string }): event is MalformedServerEvent {
  return event.type === "malformed_event" && "issues" in event && Array.isArray(event.issues);
}

/**
 * Whether an event is of the given type.
 *
 * @category Events
 *
 * @example Wait for the end of a response
 * ```ts
 * import { isServerEvent, parseServerEvent } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const event = parseServerEvent(`{"type":"response.done","event_id":"event_1","response":{"status":"completed"}}`);
 * if (isServerEvent(event, "response.done")) assertEquals(event.response.status, "completed");
 * ```
 */
export function isServerEvent<Type extends ServerEventType>(
  event: { readonly type: string },
  type: Type,
): event is ServerEventMap[Type] {
  return event.type === type;
}

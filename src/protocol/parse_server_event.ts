// This module is browser compatible.
import { parseFrame } from "./_parse_frame.ts";
import { choose } from "./_schemas/choice.ts";
import { UnknownKindSchema } from "./_schemas/inbound.ts";
import { ServerEventSchemas } from "./_schemas/server_event.ts";
import type { MalformedFrame } from "./field_issue.ts";
import type { MalformedServerEvent, UnknownServerEvent } from "./incoming_event.ts";
import type { ServerEvent } from "./server_event.ts";

const ServerEventSchema = /* @__PURE__ */ choose(ServerEventSchemas, "type", UnknownKindSchema);

/** A frame that holds an event of the server. */
export interface ParsedServerEvent {
  /** It is an event. */
  readonly ok: true;
  /** The event: of a known type and as the protocol has it, or of an unknown type and any shape. */
  readonly event: ServerEvent | UnknownServerEvent;
}

/** What {@linkcode parseServerEvent} returns. */
export type ServerEventResult = ParsedServerEvent | MalformedFrame;

/**
 * Parses a frame of the server. What arrived is returned as it is: unknown fields stay, an event of an unknown type is
 * an event, and so is a known one with an item, content, tool, format or enumerated word that this version does not
 * know. A known event that lacks a field, or has one of the wrong type, is `ok: false`, with all of it in `raw`.
 * Optional fields may be null. Never throws.
 *
 * @example Read the text of a response
 * ```ts
 * import { isServerEvent, parseServerEvent } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const result = parseServerEvent(
 *   `{"type":"response.output_text.delta","event_id":"event_1","response_id":"resp_1","item_id":"item_1",` +
 *     `"output_index":0,"content_index":0,"delta":"Hello"}`,
 * );
 * if (result.ok && isServerEvent(result.event, "response.output_text.delta")) {
 *   assertEquals(result.event.delta, "Hello");
 * }
 * ```
 */
export function parseServerEvent(frame: string): ServerEventResult {
  return parseFrame(frame, ServerEventSchema);
}

/**
 * Parses a frame like {@linkcode parseServerEvent}, and turns one that is malformed into an event too, so that a stream
 * can carry everything that arrives.
 */
export function readServerEvent(frame: string): ServerEvent | UnknownServerEvent | MalformedServerEvent {
  const result = parseServerEvent(frame);
  if (result.ok) return result.event;
  const { type, issues, raw } = result;
  return { type: "malformed_event", eventType: type, issues, raw };
}

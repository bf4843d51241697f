// This module is browser compatible.
import { REALTIME_FIELDS, REALTIME_TYPES } from "../_inbound_fields.ts";
import { eventOf, parseServerFrame } from "../_parse_frame.ts";
import type { MalformedFrame } from "../field_issue.ts";
import type { IncomingServerEvent, UnknownServerEvent } from "./incoming_event.ts";
import type { ServerEvent } from "./server_event.ts";

/**
 * A frame that holds an event of the server.
 *
 * @category Events
 */
export interface ParsedServerEvent {
  /** It is an event. */
  readonly ok: true;
  /** The event, as it arrived: of a known type, or of an unknown type and any shape. */
  readonly event: ServerEvent | UnknownServerEvent;
}

/**
 * Result of {@linkcode safeParseServerEvent}.
 *
 * @category Events
 */
export type ServerEventResult = ParsedServerEvent | MalformedFrame;

/**
 * Parses a frame of the server. The parsed value is returned unchanged, including unknown fields and events of unknown
 * types. Never throws.
 *
 * The types describe OpenAI's API. Other servers omit fields and send other content in items, sessions and responses;
 * their events are delivered nevertheless. With such a server, any field but `type` may be absent, see {@linkcode
 * LooseServerEvent}. Only two kinds of frames are `ok: false`, with the whole value in `raw`: a frame without a JSON
 * object with a `type`, and an event of a known type with a top-level field (not inside an item, a session or a
 * response) that is neither absent nor null and whose JSON type differs from the protocol, such as a `delta` that is a
 * number.
 *
 * @category Events
 *
 * @example Read the text of a response
 * ```ts
 * import { isServerEvent, safeParseServerEvent } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const result = safeParseServerEvent(
 *   `{"type":"response.output_text.delta","event_id":"event_1","response_id":"resp_1","item_id":"item_1",` +
 *     `"output_index":0,"content_index":0,"delta":"Hello"}`,
 * );
 * if (result.ok && isServerEvent(result.event, "response.output_text.delta")) {
 *   assertEquals(result.event.delta, "Hello");
 * }
 * ```
 */
export function safeParseServerEvent(frame: string): ServerEventResult {
  return parseServerFrame(frame, REALTIME_TYPES, REALTIME_FIELDS);
}

/**
 * Parses a frame like {@linkcode safeParseServerEvent}, and also turns a malformed one into an event, so that a stream
 * can carry everything that arrives. Never throws.
 *
 * The union narrows: `event.type === "response.done"` is that event.
 *
 * @category Events
 *
 * @example Distinguishing what arrived
 * ```ts
 * import { parseServerEvent } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * function describe(frame: string): string {
 *   const event = parseServerEvent(frame);
 *   switch (event.type) {
 *     case "response.output_text.delta":
 *       return event.delta;
 *     case "malformed_event":
 *       return event.issues[0]?.message ?? "";
 *     default:
 *       return event.type;
 *   }
 * }
 *
 * assertEquals(describe(`{"type":"response.output_text.delta","delta":"Hello"}`), "Hello");
 * assertEquals(describe(`{"type":"response.output_text.delta","delta":5}`), "must be a string: current value is 5");
 * assertEquals(describe(`{"type":"ping"}`), "ping");
 * ```
 */
export function parseServerEvent(frame: string): IncomingServerEvent {
  return eventOf(safeParseServerEvent(frame));
}

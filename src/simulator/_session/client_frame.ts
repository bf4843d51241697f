// This module is browser compatible.
import { checkClientEvent, type ClientEvent } from "../../protocol/mod.ts";
import { COMMANDS } from "./commands.ts";
import { refusalOf } from "./issue_refusal.ts";
import { invalidValue, Refusal } from "./refusal.ts";

/** The types that the server says it accepts, in its order: those of translation sessions are among them. */
const ACCEPTED_TYPES: readonly string[] = [
  "session.update",
  "session.close",
  "input_audio_buffer.append",
  "session.input_audio_buffer.append",
  "input_audio_buffer.commit",
  "input_audio_buffer.clear",
  "conversation.item.create",
  "conversation.item.truncate",
  "conversation.item.delete",
  "conversation.item.retrieve",
  "response.create",
  "response.cancel",
];

/** What a frame of the client holds: JSON, which may or may not be an event. */
export interface ClientFrame {
  /** The frame's `event_id`, or null. */
  readonly eventId: string | null;
  /** The rest of the frame. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Reads the JSON of a frame.
 *
 * @throws {Refusal} when the frame is no JSON object.
 */
export function readClientFrame(frame: string | Uint8Array): ClientFrame {
  if (typeof frame !== "string") {
    throw new Refusal("Expected a text WebSocket message; binary frames are not supported.", { code: "invalid_event" });
  }
  const fields = parse(frame);
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw new Refusal("Invalid event: expected a JSON object.", { code: "invalid_event" });
  }
  const { event_id } = fields as { event_id?: unknown };
  return {
    eventId: typeof event_id === "string" ? event_id : null,
    fields: fields as Readonly<Record<string, unknown>>,
  };
}

/**
 * Checks that a frame holds an event that the session knows. A field of the event itself that is null counts as absent:
 * clients send `previous_item_id: null`.
 *
 * @throws {Refusal} when it does not.
 */
export function toClientEvent(frame: ClientFrame): ClientEvent {
  const fields = Object.fromEntries(Object.entries(frame.fields).filter(([, value]) => value !== null));
  const { type } = fields;
  if (type === undefined) {
    throw new Refusal("Missing required parameter: 'type'.", { code: "missing_required_parameter", param: "type" });
  }
  if (typeof type !== "string" || !COMMANDS.has(type)) throw invalidValue("type", type, ACCEPTED_TYPES);
  const [issue] = checkClientEvent(fields as unknown as ClientEvent);
  if (issue) throw refusalOf(issue);
  return fields as unknown as ClientEvent;
}

function parse(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch {
    throw new Refusal("Invalid event: failed to parse JSON value.", { code: "invalid_json" });
  }
}

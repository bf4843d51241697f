// This module is browser compatible.
import { encodeBase64 } from "../../audio/mod.ts";
import { isRecord, stringAt } from "../../_internal/wire.ts";
import { parseJson } from "../../_internal/text/parse_json.ts";
import type { RecordedClose, RecordedEvent, RecordedFrame, RecordedLine } from "./recording.ts";

/** A line with a sender. */
export type SpokenLine = RecordedEvent | RecordedFrame;

/** The recorded form of a client's frame. */
export function toLine(data: string | Uint8Array): SpokenLine {
  if (typeof data !== "string") return { dir: "sent", frame: { base64: encodeBase64(data) } };
  const event = parseJson(data);
  return isRecord(event) ? { dir: "sent", event } : { dir: "sent", frame: data };
}

/** The content of a line: an event, or another frame. */
export function contentOf(line: SpokenLine): unknown {
  return "event" in line ? line.event : line.frame;
}

/** Type of the event in a line, or a description of another content. */
export function typeOf(line: RecordedLine): string {
  return ("event" in line ? stringAt(line.event, "type") : undefined) ?? "a frame that is not an event";
}

/** Whether events of a type bring audio of the user: of a conversation, a translation or the Live API. */
export function isAppend(type: string): boolean {
  return /^(?:input_audio_buffer|session\.input_audio_buffer|session\.input_audio)\.append$/.test(type);
}

/** Whether it was the client that ended the connection, which the server waits for then. */
export function isClientsClose({ by, code = 1005 }: RecordedClose): boolean {
  return by === undefined ? code === 1000 || code === 1005 : by === "client";
}

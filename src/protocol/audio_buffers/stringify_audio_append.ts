// This module is browser compatible.
import { decodedLength } from "../../_internal/decoded_length.ts";
import type { EventIssue } from "../../errors.ts";
import { stringifyEvent } from "../_stringify_event.ts";
import { MAX_APPEND_BYTES, MAX_EVENT_ID_LENGTH } from "../limits.ts";

/**
 * Writes an `input_audio_buffer.append` for audio that is known to be base64, since our own encoder made it: only its
 * length is looked at, not its characters. {@linkcode stringifyClientEvent} is for audio from elsewhere.
 *
 * @param audio The audio, base64; at most 15 MiB decoded.
 * @param eventId id of the event, at most 512 characters; optional.
 * @throws {InvalidEventError} when the audio or the name is too long.
 * @category Audio
 *
 * @example Send a chunk
 * ```ts
 * import { stringifyAudioAppend } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(stringifyAudioAppend("AAAA"), `{"type":"input_audio_buffer.append","audio":"AAAA"}`);
 * ```
 */
export function stringifyAudioAppend(audio: string, eventId?: string): string {
  const issues: EventIssue[] = [];
  const size = decodedLength(audio);
  if (size > MAX_APPEND_BYTES) {
    const message = `must have at most ${MAX_APPEND_BYTES} bytes: current value has ${size}`;
    issues.push({ path: "audio", message, value: audio });
  }
  if (eventId !== undefined && eventId.length > MAX_EVENT_ID_LENGTH) {
    const message = `must have at most ${MAX_EVENT_ID_LENGTH} characters: current value has ${eventId.length}`;
    issues.push({ path: "event_id", message, value: eventId });
  }
  return stringifyEvent({ type: "input_audio_buffer.append", audio, event_id: eventId }, issues);
}

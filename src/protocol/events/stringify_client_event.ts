// This module is browser compatible.
import { checkOptions } from "../../_internal/check_options.ts";
import { STRINGIFY_NAMES, stringifyEvent } from "../_stringify_event.ts";
import { checkClientEvent } from "./check_client_event.ts";
import type { ClientEvent } from "./client_event.ts";

/**
 * Options of {@linkcode stringifyClientEvent} and {@linkcode stringifyTranslationClientEvent}.
 *
 * @category Events
 */
export interface StringifyOptions {
  /**
   * Whether the event is checked. `false` allows fields newer than this version, but also mistakes.
   *
   * @default {true}
   */
  readonly check?: boolean | undefined;
  /**
   * Whether the audio of an `input_audio_buffer.append` is base64 from your own encoder: it is then written without a
   * check. Never set it for audio from elsewhere, which could inject an event of its own into the frame.
   *
   * @default {false}
   */
  readonly isBase64?: boolean | undefined;
}

/**
 * Serializes a client event to a frame, after {@linkcode checkClientEvent}. Absent and `undefined` fields are omitted,
 * null is written.
 *
 * @throws {InvalidEventError} when something is wrong with the event; it names the first field at fault and has all.
 * @category Events
 *
 * @example Ask for a response in text
 * ```ts
 * import { stringifyClientEvent } from "@oai-rt/edge/protocol";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const frame = stringifyClientEvent({ type: "response.create", response: { output_modalities: ["text"] } });
 * assertEquals(frame, `{"type":"response.create","response":{"output_modalities":["text"]}}`);
 *
 * assertThrows(
 *   () => stringifyClientEvent({ type: "response.create", response: { max_output_tokens: 0 } }),
 *   TypeError,
 *   `Cannot send response.create as response.max_output_tokens must be a whole number from 1 to 4096`,
 * );
 * ```
 */
export function stringifyClientEvent(event: ClientEvent, options: StringifyOptions = {}): string {
  checkOptions("send an event", options, STRINGIFY_NAMES);
  return stringifyEvent(event, options.check === false ? [] : checkClientEvent(event), options.isBase64);
}

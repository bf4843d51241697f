// This module is browser compatible.
import type { StringifyOptions } from "./events/stringify_client_event.ts";

/**
 * Serializes events to the frames of a connection, and parses frames. The parser depends on the product, as products
 * share names of events with different shapes.
 *
 * @category Codecs
 */
export interface Codec<Out, In> {
  /**
   * Writes an event as a frame.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol, unless it is not checked, or cannot be
   * written as JSON.
   */
  stringify(event: Out, options?: StringifyOptions): string;
  /** Parses a frame, text or binary. A frame without an event becomes a `malformed_event`. Never throws. */
  read(frame: string | Uint8Array): In;
}

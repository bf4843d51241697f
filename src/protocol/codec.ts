// This module is browser compatible.
import type { StringifyOptions } from "./events/stringify_client_event.ts";

/**
 * Turns events into the frames of a connection, and frames into events. A parser has to know the product first, as
 * products share names of events whose shapes differ.
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
  /** Reads a frame, text or binary. One that holds no event becomes an event that says so. Never throws. */
  read(frame: string | Uint8Array): In;
}

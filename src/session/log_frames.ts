// This module is browser compatible.
import { cutToBytes } from "../_internal/text/cut_to_bytes.ts";
import type { TappedFrame } from "./tap_frames.ts";

/**
 * Longest part of a frame that is logged, in bytes of UTF-8.
 *
 * @category Frames
 */
export const MAX_LOGGED_BYTES = 1024;

/**
 * A logger, such as `console`.
 *
 * @category Frames
 */
export interface Logger {
  /** Logs a regular event, such as a frame. */
  debug(line: string): void;
  /** Logs the session's beginning or end. */
  info(line: string): void;
  /** Logs a problem on the other side, or in a tool. */
  warn(line: string): void;
  /** Logs a fault of the application. */
  error(line: string): void;
}

/**
 * Creates a tap for `tapFrames` that writes a line for each frame: time, direction, and the frame, truncated to
 * {@linkcode MAX_LOGGED_BYTES} bytes between two characters, with the number of omitted bytes.
 *
 * @category Frames
 *
 * @example Logging the frames on the wire
 * ```ts
 * import { connect, logFrames, tapFrames } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertMatch } from "@std/assert";
 *
 * const lines: string[] = [];
 * const logger = { debug: (line: string) => lines.push(line) }; // or console
 * const dial = tapFrames(createSimulator().dial, logFrames(logger));
 * await using session = await connect({ apiKey: "sk-test", dial });
 * assertMatch(lines[0]!, /^\d+ ms received \{.*session\.created/);
 * ```
 */
export function logFrames(logger: Pick<Logger, "debug">): (frame: TappedFrame) => void {
  return ({ atMs, direction, frame }) => logger.debug(toLine(atMs, direction, frame));
}

/** A line of the log: time, direction, and the truncated frame. */
export function toLine(atMs: number, who: string, what: string): string {
  return `${Math.round(atMs)} ms ${who} ${cutLine(what)}`;
}

/** The beginning of a text, at most {@linkcode MAX_LOGGED_BYTES} bytes of UTF-8, and the number of omitted bytes. */
export function cutLine(text: string): string {
  const start = cutToBytes(text, MAX_LOGGED_BYTES);
  if (start === text) return text;
  const { length } = new TextEncoder().encode(text.slice(start.length));
  return `${start}… (${length} more bytes)`;
}

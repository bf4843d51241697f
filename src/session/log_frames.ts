// This module is browser compatible.
import type { TappedFrame } from "./tap_frames.ts";

/** Longest part of a frame that is logged, in bytes of UTF-8. */
export const MAX_LOGGED_BYTES = 1024;

/** What is needed of a logger; `console` is one. */
export interface Logger {
  /** Takes one line. */
  debug(line: string): void;
}

/**
 * Makes a tap for `tapFrames` that writes a line for each frame: when, which way, and the frame, cut after
 * {@linkcode MAX_LOGGED_BYTES} bytes, at the end of a character, with the rest counted.
 *
 * @example Logging what goes over the wire
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
export function logFrames(logger: Logger): (frame: TappedFrame) => void {
  return ({ atMs, direction, frame }) => logger.debug(`${Math.round(atMs)} ms ${direction} ${cutLine(frame)}`);
}

/** The beginning of a text, at most {@linkcode MAX_LOGGED_BYTES} bytes of UTF-8, and how many bytes are missing. */
export function cutLine(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MAX_LOGGED_BYTES) return text;
  let end = MAX_LOGGED_BYTES;
  // A byte that continues a character is 10xxxxxx.
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return `${new TextDecoder().decode(bytes.subarray(0, end))}… (${bytes.length - end} more bytes)`;
}

// This module is browser compatible.
import { decodeFrame } from "../../_internal/text/decode_frame.ts";

/**
 * The text of a frame; `undefined` for bytes that are not a JSON object. Some servers, and proxies in between, send
 * their JSON in binary frames.
 */
export function frameText(frame: string | Uint8Array): string | undefined {
  const text = decodeFrame(frame);
  return text === frame || /^\s*\{/.test(text) ? text : undefined;
}

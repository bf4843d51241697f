// This module is browser compatible.

/** The text of a frame: servers and proxies send JSON in binary frames, too. */
export function decodeFrame(frame: string | Uint8Array): string {
  return typeof frame === "string" ? frame : new TextDecoder().decode(frame);
}

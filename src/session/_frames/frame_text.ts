// This module is browser compatible.

/**
 * The text of a frame; `undefined` for bytes that are not a JSON object. Some servers, and proxies in between, send
 * their JSON in binary frames.
 */
export function frameText(frame: string | Uint8Array): string | undefined {
  if (typeof frame === "string") return frame;
  const text = new TextDecoder().decode(frame);
  return /^\s*\{/.test(text) ? text : undefined;
}

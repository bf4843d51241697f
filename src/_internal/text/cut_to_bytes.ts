// This module is browser compatible.

/** The beginning of a text that fits into `maxBytes` bytes of UTF-8, in whole characters. */
export function cutToBytes(text: string, maxBytes: number): string {
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)).read);
}

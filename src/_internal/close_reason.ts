// This module is browser compatible.

/** Longest reason of a close frame, in bytes of UTF-8. */
const MAX_REASON_BYTES = 123;

/** Truncates a reason to the length of a close frame, between two characters. */
export function fitCloseReason(reason: string): string {
  // A character takes at most three bytes, a surrogate pair four.
  if (reason.length * 3 <= MAX_REASON_BYTES) return reason;
  const room = new Uint8Array(MAX_REASON_BYTES);
  return reason.slice(0, new TextEncoder().encodeInto(reason, room).read);
}

// This module is browser compatible.

/** Bytes of UTF-8 that a close frame has room for, besides its code. */
const MAX_REASON_BYTES = 123;

/** A reason that fits into a close frame: a longer one is cut between two characters. */
export function fitCloseReason(reason: string): string {
  // A character takes three bytes at most, a pair of surrogates four.
  if (reason.length * 3 <= MAX_REASON_BYTES) return reason;
  const room = new Uint8Array(MAX_REASON_BYTES);
  return reason.slice(0, new TextEncoder().encodeInto(reason, room).read);
}

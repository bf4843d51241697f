// This module is browser compatible.

/** Bytes that a close frame has room for, besides its code. */
const MAX_REASON_BYTES = 123;

/** A reason that fits into a close frame: a longer one is cut between two characters. */
export function fitCloseReason(reason: string): string {
  const encoder = new TextEncoder();
  if (encoder.encode(reason).length <= MAX_REASON_BYTES) return reason;
  const room = new Uint8Array(MAX_REASON_BYTES);
  return reason.slice(0, encoder.encodeInto(reason, room).read);
}

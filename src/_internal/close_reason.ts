// This module is browser compatible.
import { cutToBytes } from "./text/cut_to_bytes.ts";

/** Longest reason of a close frame, in bytes of UTF-8. */
const MAX_REASON_BYTES = 123;

/** Reason of the relays of an app that is being closed, which their pages cannot resume. */
export const SHUTDOWN_REASON = "The server is shutting down";

/** Truncates a reason to the length of a close frame, between two characters. */
export function fitCloseReason(reason: string): string {
  return cutToBytes(reason, MAX_REASON_BYTES);
}

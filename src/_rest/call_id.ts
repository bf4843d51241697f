// This module is browser compatible.
import { show } from "../_internal/text/show.ts";

/** Characters of a call id. None of them has a special meaning in a path, encoded or not. */
const CALL_ID = /^[\w~-][\w.~:@=+-]{0,255}$/;

/**
 * Path of a call, e.g. `/realtime/calls/rtc_1/hangup`. `action` completes the sentence "Cannot …" in messages.
 *
 * @throws {TypeError} when the id could lead to another path.
 */
export function callPath(callId: string, suffix: string, action: string): string {
  if (typeof callId !== "string" || !CALL_ID.test(callId)) {
    throw new TypeError(
      `Cannot ${action} as the id of a call must be 1 to 256 letters, digits and . _ ~ : @ = + -: current value is ${
        show(callId)
      }`,
    );
  }
  return `/realtime/calls/${encodeURIComponent(callId)}/${suffix}`;
}

/** Id of a new call, from the header `Location`: absolute or relative, with or without a trailing slash or a query. */
export function callIdIn(headers: Headers): string | undefined {
  // Only the end of the path counts, so that any base will do. Without a header, there is no path.
  const path = URL.parse(headers.get("location") ?? "", "https://api.openai.com")?.pathname ?? "";
  const last = path.split("/").findLast(Boolean) ?? "";
  const callId = last.replaceAll(/%[2-7][\da-f]/gi, decodeURIComponent);
  return last !== "calls" && CALL_ID.test(callId) ? callId : undefined;
}

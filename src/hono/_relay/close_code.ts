import { fitCloseReason } from "../../_internal/close_reason.ts";
import type { CloseInfo } from "../../errors.ts";

/** Code and reason of a close. */
export type Close = Pick<CloseInfo, "code" | "reason">;

/**
 * The close of the page after the API has closed: the same code, if possible. Reserved codes (1005, 1006, 1015) cannot
 * be sent: 1005 is a normal end, 1006 an error.
 */
export function towardsPage({ code, reason }: Close): Close {
  if (code === 1005) return { code: 1000, reason };
  const isSendable = isOwn(code) || (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1006);
  return isSendable
    ? { code, reason: fitCloseReason(reason) }
    : { code: 1011, reason: "The voice service has disconnected" };
}

/** The close of the API: platforms allow programs to send only 1000 and private codes. */
export function towardsApi({ code, reason }: Close): Close {
  return { code: isOwn(code) ? code : 1000, reason: fitCloseReason(reason) };
}

function isOwn(code: number): boolean {
  return code >= 3000 && code <= 4999;
}

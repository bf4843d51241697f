import type { CloseInfo } from "../../errors.ts";

/** How a side is closed. */
export type Close = Pick<CloseInfo, "code" | "reason">;

/** Most bytes of a reason that fit into a close frame. */
const MAX_REASON_BYTES = 123;

/**
 * How the page is closed when the API has closed: in the same way, where there is a code. A code of the kind that only
 * tells of something (1005, 1006, 1015) cannot be sent: none is a normal end, a broken connection an error.
 */
export function towardsPage({ code, reason }: Close): Close {
  if (code === 1005) return { code: 1000, reason };
  const isSendable = isOwn(code) || (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1006);
  return isSendable ? { code, reason: fitting(reason) } : { code: 1011, reason: "The voice service has gone" };
}

/** How the API is closed: platforms let programs send 1000 and codes of their own, and no others. */
export function towardsApi({ code, reason }: Close): Close {
  return { code: isOwn(code) ? code : 1000, reason: fitting(reason) };
}

function isOwn(code: number): boolean {
  return code >= 3000 && code <= 4999;
}

/** As many whole characters of a reason as fit into a close frame. */
function fitting(reason: string): string {
  const bytes = new TextEncoder().encode(reason);
  // Of a character that is cut, the decoder holds back what is there.
  return new TextDecoder().decode(bytes.subarray(0, MAX_REASON_BYTES), { stream: true });
}

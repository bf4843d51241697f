// This module is browser compatible.
import type { CloseInfo } from "../errors.ts";

/** Close code of a normal closure. */
const NORMAL = 1000;

/**
 * Describes how a connection ended, as seen from one side. The end is clean when this side requested it, or the other
 * side closed with code 1000. Every other end, including a limit of the other side, is unclean.
 */
export function toCloseInfo({ code, reason }: Pick<CloseInfo, "code" | "reason">, isOurs: boolean): CloseInfo {
  return { code, reason, clean: isOurs || code === NORMAL };
}

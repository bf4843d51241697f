// This module is browser compatible.
import type { CloseInfo } from "../errors.ts";

/** Code of a normal end. */
const NORMAL = 1000;

/**
 * How a connection ended, seen from one side of it. The end is clean when this side asked for it, or the other side says
 * that it is a normal one; everything else, a limit of the other side included, has cut off something.
 */
export function toCloseInfo({ code, reason }: Pick<CloseInfo, "code" | "reason">, isOurs: boolean): CloseInfo {
  return { code, reason, clean: isOurs || code === NORMAL };
}

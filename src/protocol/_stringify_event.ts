// This module is browser compatible.
import { type EventIssue, InvalidEventError } from "../errors.ts";

function typeOf(event: unknown): string | undefined {
  const type = (event as { type?: unknown } | null | undefined)?.type;
  return typeof type === "string" ? type : undefined;
}

/** Writes an event as a frame, unless something is wrong with it. */
export function stringifyEvent(event: unknown, issues: readonly EventIssue[]): string {
  if (issues.length > 0) throw new InvalidEventError(typeOf(event), issues);
  try {
    return JSON.stringify(event);
  } catch (error) {
    const message = `must be something that JSON can write: ${(error as Error).message}`;
    throw new InvalidEventError(typeOf(event), [{ path: "", message, value: event }]);
  }
}

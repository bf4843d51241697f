// This module is browser compatible.
import { stringAt } from "../_internal/wire.ts";
import { type EventIssue, InvalidEventError } from "../errors.ts";

/** The names of the `StringifyOptions`, for `checkOptions`. */
export const STRINGIFY_NAMES = { check: 1, isBase64: 1 };

/**
 * Writes an event as a frame, unless something is wrong with it. Audio that is known to be base64 has nothing to escape,
 * which JSON would look for in every character.
 */
export function stringifyEvent(event: unknown, issues: readonly EventIssue[], isBase64 = false): string {
  if (issues.length > 0) throw new InvalidEventError(stringAt(event, "type"), issues);
  try {
    const { audio, ...rest } = isBase64 ? event as { readonly audio?: string } : {};
    if (audio === undefined) return JSON.stringify(event);
    return `${JSON.stringify({ ...rest, audio: "" }).slice(0, -2)}${audio}"}`;
  } catch (error) {
    const message = `must be JSON: ${(error as Error).message}`;
    throw new InvalidEventError(stringAt(event, "type"), [{ path: "", message, value: event }]);
  }
}

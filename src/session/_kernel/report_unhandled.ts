// This module is browser compatible.
import type { LocalEvent } from "../session_events.ts";

/** Writes an unhandled error to the console. */
export function reportUnhandled(error: unknown, event: LocalEvent): void {
  const name = "part" in event
    ? event.part
    : "eventType" in event
    ? event.eventType
    : "name" in event
    ? event.name
    : "";
  console.error(`${event.type} (${name}):`, error);
}

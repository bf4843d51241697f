// This module is browser compatible.
import type { LocalEvent } from "../session_events.ts";

/** Writes an unhandled error to the console. */
export function reportUnhandled(error: unknown, event: LocalEvent): void {
  const { part, eventType, name = "" } = event as { readonly [field in "part" | "eventType" | "name"]?: string };
  console.error(`${event.type} (${part ?? eventType ?? name}):`, error);
}

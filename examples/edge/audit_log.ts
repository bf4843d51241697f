import type { EdgeEvent } from "@oai-rt/edge/hono";

/** The loggable part of an event. */
export type AuditEntry = Readonly<Record<string, unknown>>;

/**
 * Creates an audit log: one line of JSON for every session that begins or ends, with its usage, and for every
 * rejection.
 */
export function auditLog(write: (line: string) => void = console.log): (event: EdgeEvent) => void {
  return (event) => write(JSON.stringify(toEntry(event)));
}

function toEntry({ time, ...event }: EdgeEvent): AuditEntry {
  const entry = { time: new Date(time).toISOString(), ...event };
  // A handle cannot be logged.
  if (entry.type !== "relay_started") return entry;
  const { relay: _, ...rest } = entry;
  return rest;
}

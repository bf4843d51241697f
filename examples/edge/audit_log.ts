import type { EdgeEvent } from "@oai-rt/edge/hono";

/** An event as it is logged: what can be written down of it. */
export type AuditEntry = Readonly<Record<string, unknown>>;

/**
 * Makes an audit log: one line of JSON for every session that began or ended, with what it used, and for everything that
 * was refused.
 */
export function auditLog(write: (line: string) => void = console.log): (event: EdgeEvent) => void {
  return (event) => write(JSON.stringify(toEntry(event)));
}

function toEntry({ time, ...event }: EdgeEvent): AuditEntry {
  const entry = { time: new Date(time).toISOString(), ...event };
  // A handle is for those who act at once.
  if (entry.type !== "relay_started") return entry;
  const { relay: _, ...rest } = entry;
  return rest;
}

import type { RealtimeContext } from "../realtime_env.ts";

/** Writes an error to the log of the runtime, with the id of the request. */
export function logError(error: unknown, c: RealtimeContext): void {
  console.error(`Request ${c.get("requestId")} failed:`, error);
}

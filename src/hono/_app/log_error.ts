import type { RealtimeContext } from "../realtime_env.ts";

/** Writes an error to the log of the runtime, with the id of the request. */
export function logError(error: unknown, c: RealtimeContext): void {
  logFailure(c.get("requestId"), error);
}

/** Like {@linkcode logError}, where the request itself is no longer known. */
export function logFailure(requestId: string | undefined, error: unknown): void {
  console.error(`Request ${requestId} failed:`, error);
}

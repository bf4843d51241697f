import type { EdgeLimits } from "@oai-rt/edge/hono";

/** How long a session may last, in milliseconds. */
export const MAX_SESSION_MS = 10 * 60_000;

/** Most bytes of a WebSocket frame: what the relay takes, whose characters have four bytes at most. */
export const MAX_FRAME_BYTES = 4_194_304;

/** What callers may have, each and all together, and how long. */
export const LIMITS: EdgeLimits = {
  perCaller: { concurrentCalls: 20, concurrentRelays: 5, secretsPerMinute: 100 },
  total: { concurrentCalls: 500, concurrentRelays: 500 },
  maxDurationMs: MAX_SESSION_MS,
};

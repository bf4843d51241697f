import type { EdgeLimits } from "@oai-rt/edge/hono";

/** Maximum duration of a session, in milliseconds. */
export const MAX_SESSION_MS = 10 * 60_000;

/** Largest WebSocket frame, in bytes: the relay's limit, with at most four bytes per character. */
export const MAX_FRAME_BYTES = 4_194_304;

/** Limits of each caller and of all callers together. */
export const LIMITS: EdgeLimits = {
  perCaller: { concurrentCalls: 20, concurrentRelays: 5, secretsPerMinute: 100 },
  total: { concurrentCalls: 500, concurrentRelays: 500 },
  maxDurationMs: MAX_SESSION_MS,
};

// This module is browser compatible.
import { at, numberAt, stringAt } from "../_internal/wire.ts";

/**
 * Current state of a rate limit.
 *
 * @category Usage
 */
export interface RateLimitStatus {
  /** The limited resource: `requests` or `tokens`. */
  readonly name: string;
  /** Maximum amount. */
  readonly limit: number;
  /** The remaining amount, as the server last reported it; the whole limit once it has been reset. */
  readonly remaining: number;
  /** Milliseconds until the limit is fully reset; 0 when it is. */
  readonly resetMs: number;
}

/** The limits in a `rate_limits.updated` received at `receivedMs`, as of `nowMs`. */
export function rateLimitsAt(event: unknown, receivedMs: number, nowMs: number): readonly RateLimitStatus[] {
  const limits = at(event, "rate_limits");
  return (Array.isArray(limits) ? limits : []).map((entry) => {
    const limit = numberAt(entry, "limit");
    const resetMs = Math.max(0, receivedMs + numberAt(entry, "reset_seconds") * 1000 - nowMs);
    const remaining = resetMs > 0 ? numberAt(entry, "remaining") : limit;
    return { name: stringAt(entry, "name") ?? "", limit, remaining, resetMs };
  });
}

// This module is browser compatible.
import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import type { WireEvent } from "../../_internal/wire.ts";
import { LimitTimers } from "../_parts/limit_watch.ts";
import { UsageMeter } from "../_parts/usage_meter.ts";
import { rateLimitsAt, type RateLimitStatus } from "../rate_limits.ts";
import { LIMIT_GRACE_MS, LIMIT_NAMES, type SessionLimits } from "../session_limits.ts";
import type { AnyServerEvent, SessionHost, SessionPart } from "../session_part.ts";
import type { LimitReachedEvent } from "../session_events.ts";
import type { UsageLine } from "../usage.ts";

/**
 * Options of {@linkcode usagePart}.
 *
 * @category Parts
 */
export interface UsagePartOptions {
  /** Limits at which the session ends by itself. */
  limits?: SessionLimits | undefined;
}

/**
 * The members that usage and limits add to a session.
 *
 * @category Parts
 */
export interface UsageApi {
  /** Usage so far: the sum of all responses and transcriptions. `costOf` gives its price. */
  readonly usage: readonly UsageLine[];
  /** Current rate limits; empty until the server has reported them, which it does not always do. */
  readonly rateLimits: readonly RateLimitStatus[];
}

const NAMES: OptionNames<UsagePartOptions> = { limits: 1 };

/**
 * Adds up the usage, and ends the session at its limits.
 *
 * @throws {TypeError} when an option is unknown, or the cost is limited and there are no prices.
 * @throws {RangeError} when a limit is negative or not a number.
 *
 * @category Parts
 */
export function usagePart(options: UsagePartOptions = {}): SessionPart<UsageApi> {
  checkOptions("limit the session", options, NAMES);
  return makeUsagePart(options);
}

/** Creates the part with the limits among other options. */
export function makeUsagePart({ limits = {} }: UsagePartOptions): SessionPart<UsageApi> {
  checkOptions("limit the session", limits, LIMIT_NAMES, "limits");
  if (limits.maxCostUsd !== undefined && !limits.prices) {
    throw new TypeError("Cannot limit the cost as limits has no prices");
  }
  const { hangUp } = limits;
  return {
    name: "usage",
    install: (host) => {
      const usage = new UsageMeter();
      // Most sessions have no limits, and it takes memory.
      const timers = Object.keys(limits).length > 0
        ? new LimitTimers(limits, host.clock, () => host.isActive, (limit) => {
          void endGracefully(host, limit, hangUp);
        })
        : undefined;
      const count = (event: WireEvent) => {
        usage.receive(event, host.config);
        timers?.spend(usage.total);
      };
      let rateLimits: { readonly event: AnyServerEvent; readonly receivedMs: number } | undefined;
      return {
        before: { "rate_limits.updated": (event) => void (rateLimits = { event, receivedMs: host.clock.now() }) },
        on: {
          "response.done": count,
          "conversation.item.input_audio_transcription.completed": count,
          // Only an idle limit needs every event.
          ...limits.idleMs !== undefined && { "*": (event) => timers?.receive(event, host.config) },
        },
        close: () => timers?.stop(),
        api: {
          get usage() {
            return usage.total;
          },
          get rateLimits() {
            return rateLimitsAt(rateLimits?.event, rateLimits?.receivedMs ?? 0, host.clock.now());
          },
        },
      };
    },
  };
}

async function endGracefully(
  host: SessionHost,
  limit: LimitReachedEvent["limit"],
  hangUp = (): unknown => undefined,
): Promise<void> {
  host.emit({ type: "limit_reached", limit });
  const timing = { what: "end the session", timeoutMs: LIMIT_GRACE_MS, clock: host.clock };
  // A response that takes longer is cut off.
  await host.session.drain({ timeoutMs: LIMIT_GRACE_MS });
  await withTimeout(async () => await hangUp(), timing).catch((error) => host.report(error, "limit_reached"));
  void host.session.close(1000, `The session reached ${limit}`);
}

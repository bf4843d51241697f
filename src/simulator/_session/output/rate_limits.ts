// This module is browser compatible.
import type { ServerProfile } from "../../server_profile.ts";
import type { Outgoing } from "../outbox.ts";

/** Tokens per minute in `rate_limits.updated`, as recorded. */
export const TOKENS_PER_MINUTE = 15_000_000;

/** Tokens that remain when a response runs into the limit. */
export const RATE_LIMITED_TOKENS = 1000;

/** Number of recorded responses, and of those followed by `rate_limits.updated`. */
const RECORDED_RESPONSES = 31;
const RECORDED_UPDATES = 7;

/** Decides which responses are followed by `rate_limits.updated`, evenly spread, including the first. */
export class RateLimits {
  readonly #updates: ServerProfile["rateLimitUpdates"];
  #responses = 0;

  constructor(updates: ServerProfile["rateLimitUpdates"]) {
    this.#updates = updates;
  }

  /** The event after a response that has used a number of tokens; `undefined` when there is none. */
  after(tokens: number, isLimited: boolean): Outgoing | undefined {
    const isRecorded = this.#responses++ * RECORDED_UPDATES % RECORDED_RESPONSES < RECORDED_UPDATES;
    if (this.#updates === "never" || this.#updates === "recorded" && !isRecorded && !isLimited) return undefined;
    const used = isLimited ? TOKENS_PER_MINUTE - RATE_LIMITED_TOKENS : tokens;
    return {
      type: "rate_limits.updated",
      rate_limits: [{
        name: "tokens",
        limit: TOKENS_PER_MINUTE,
        remaining: TOKENS_PER_MINUTE - used,
        reset_seconds: Math.ceil(used / TOKENS_PER_MINUTE * 60_000) / 1000,
      }],
    };
  }
}

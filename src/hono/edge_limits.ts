import type { PriceTable } from "../session/mod.ts";

/**
 * What may be spent. Every number is at least 0 (0 lets nothing pass) and may be `Infinity`; what is left out is not
 * limited, nor counted.
 *
 * @category Edge app
 */
export interface SpendLimits {
  /** Concurrent relays; another one is answered with 409. */
  concurrentRelays?: number | undefined;
  /** Calls at a time; one more is answered with 409. See {@linkcode CallOptions.watch} for when a place becomes free. */
  concurrentCalls?: number | undefined;
  /** Client secrets within 60 s; one more is answered with 429. */
  secretsPerMinute?: number | undefined;
  /**
   * Responses within 60 s, over relays and watched calls. One more that a page of a relay asks for is refused there with
   * the error `rate_limit_exceeded`; one that the server began by itself is cancelled. A watched call with one more is
   * hung up.
   */
  responsesPerMinute?: number | undefined;
  /**
   * Tokens within 24 hours, over relays and watched calls, input and output added. Beyond it what runs is ended, and
   * nothing new begins: 429. What one response uses is known when it is done, so that the last one may exceed it.
   */
  tokensPerDay?: number | undefined;
  /** The same in US dollars, by `prices`. */
  costPerDay?: number | undefined;
}

/**
 * Bounds of what an app spends. Times begin with the first use.
 *
 * @category Edge app
 */
export interface EdgeLimits {
  /** For each caller, as `authorize` named it. All callers without a name count as one. */
  perCaller?: SpendLimits | undefined;
  /** For all callers together. */
  total?: SpendLimits | undefined;
  /**
   * Prices by model; `costPerDay` needs them, and they give `cost` in events. A session whose model has no price is ended
   * after its first response when `costPerDay` is set.
   */
  prices?: PriceTable | undefined;
  /**
   * How long a relay or watched call may be idle, in milliseconds, at least 1000: without a frame of the page over a
   * relay, without an event but changes of the settings over a call. Then it is ended.
   *
   * @default {600000 for relays; calls are not ended}
   */
  idleMs?: number | undefined;
  /**
   * How long a relay or call may last, in milliseconds, at least 1000. Then it is ended. A call is ended by the process
   * that it began in; on Workers keep it in a Durable Object, as the example does.
   *
   * @default {none: the API ends sessions after 60 minutes}
   */
  maxDurationMs?: number | undefined;
}

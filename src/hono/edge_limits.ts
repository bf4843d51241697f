import type { PriceTable } from "../session/mod.ts";

/**
 * Limits of usage. Every number is at least 0 (which allows nothing) and may be `Infinity`; an omitted limit is neither
 * enforced nor counted.
 *
 * @category Edge app
 */
export interface SpendLimits {
  /** Concurrent relays; another one is answered with 409. */
  concurrentRelays?: number | undefined;
  /**
   * Concurrent calls; another one is answered with 409. The place of a call becomes free when the page hangs it up by
   * `POST /calls/:callId/hangup`, as `viaApp` does at every end, on any server, and when the app sees it end. A call
   * that ends otherwise keeps its place for 65 minutes (for a Live session, 125): one that is not watched
   * ({@linkcode CallOptions.watch}), and on Workers every call that does not run in a Durable Object. Telephone calls
   * take no place: `onIncomingCall` decides how many are accepted. Their usage counts as that of an anonymous caller,
   * and `maxDurationMs` applies to them.
   */
  concurrentCalls?: number | undefined;
  /** Client secrets within 60 s; another one is answered with 429. Each opens any number of sessions until it expires. */
  secretsPerMinute?: number | undefined;
  /**
   * Responses within 60 s, over relays and watched calls. Beyond the limit, a response requested by a page of a relay
   * is rejected with the error `rate_limit_exceeded`, one started by the server is cancelled, and a watched call is
   * hung up.
   */
  responsesPerMinute?: number | undefined;
  /**
   * Tokens within 24 hours, over relays and watched calls, input and output combined. Beyond the limit, running
   * sessions are ended, and new ones are answered with 429. As the usage of a response is known at its end, the last
   * one may exceed the limit.
   */
  tokensPerDay?: number | undefined;
  /** The same in US dollars, by `prices`. */
  costPerDay?: number | undefined;
}

/**
 * Limits of an app's usage. Periods begin with the first use.
 *
 * @category Edge app
 */
export interface EdgeLimits {
  /** For each caller, as named by `authorize`. All anonymous callers count as one. */
  perCaller?: SpendLimits | undefined;
  /** For all callers together. */
  total?: SpendLimits | undefined;
  /**
   * Prices by model; required by `costPerDay`, and used for `cost` in events. A session whose model has no price is
   * ended after its first response when `costPerDay` is set.
   */
  prices?: PriceTable | undefined;
  /**
   * Idle limit of a relay or watched call, in milliseconds, at least 1000: the time without an event of the page over a
   * relay other than `relay.pong`, or without an event other than changes of the settings over a call. It is then
   * ended.
   *
   * @default {600000 for relays; calls are not ended}
   */
  idleMs?: number | undefined;
  /**
   * Maximum duration of a relay or call, in milliseconds, at least 1000. It is then ended. A call is ended by the
   * process that started it; on Workers keep it in a Durable Object, as the example does.
   *
   * @default {none: the API ends sessions after 60 minutes}
   */
  maxDurationMs?: number | undefined;
}

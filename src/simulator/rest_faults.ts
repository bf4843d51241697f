// This module is browser compatible.

/**
 * Endpoint of the REST API for `POST` requests, as it follows the version in the address; `{call_id}` stands for any
 * call.
 *
 * @category Simulator
 */
export type RestRoute =
  | "/realtime/client_secrets"
  | "/realtime/calls"
  | "/realtime/calls/{call_id}/accept"
  | "/realtime/calls/{call_id}/reject"
  | "/realtime/calls/{call_id}/refer"
  | "/realtime/calls/{call_id}/hangup"
  | "/realtime/translations/client_secrets"
  | "/realtime/translations/calls"
  | "/realtime/translations/calls/{call_id}/hangup"
  | "/live/sessions"
  | "/live/sessions/{call_id}/fork"
  | "/live/sessions/{call_id}/accept"
  | "/live/sessions/{call_id}/reject"
  | "/live/sessions/{call_id}/refer"
  | "/live/sessions/{call_id}/hangup";

/**
 * The requests to which a fault of the REST API applies.
 *
 * @category Simulator
 */
export interface RestFaultTiming {
  /**
   * Endpoint.
   *
   * @default {all; for no_credit those that start calls}
   */
  readonly route?: RestRoute | undefined;
  /**
   * Number of requests to it that succeed first.
   *
   * @default {0}
   */
  readonly skip?: number | undefined;
  /**
   * Number of times it applies; `Infinity` for all.
   *
   * @default {1}
   */
  readonly times?: number | undefined;
}

/**
 * A request is answered with an error: 429 in the words of a rate limit, 500 and more as a failure of the server,
 * anything else as a rejected request.
 *
 * @category Simulator
 */
export interface RestStatusFault extends RestFaultTiming {
  /** Kind of fault. */
  readonly type: "status";
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /**
   * Value of the header `Retry-After`, in seconds.
   *
   * @default {no such header}
   */
  readonly retryAfterSeconds?: number | undefined;
  /**
   * Value of the header `Retry-After-Ms`, in milliseconds.
   *
   * @default {no such header}
   */
  readonly retryAfterMs?: number | undefined;
}

/**
 * The account has no credit left: 429 with the type `insufficient_quota` and the code `credit_balance_exhausted`. The
 * real server answers calls in this way, and still mints client secrets.
 *
 * @category Simulator
 */
export interface RestNoCreditFault extends RestFaultTiming {
  /** Kind of fault. */
  readonly type: "no_credit";
}

/**
 * A response is delayed.
 *
 * @category Simulator
 */
export interface RestSlowFault extends RestFaultTiming {
  /** Kind of fault. */
  readonly type: "slow";
  /** Milliseconds, on the simulator's clock. */
  readonly ms: number;
}

/**
 * A response is truncated: its status and headers are valid, its body is not JSON or SDP.
 *
 * @category Simulator
 */
export interface RestMalformedFault extends RestFaultTiming {
  /** Kind of fault. */
  readonly type: "malformed";
  /**
   * Part of the body that arrives, from 0 to 1.
   *
   * @default {0.5}
   */
  readonly keep?: number | undefined;
}

/**
 * The connection breaks before an answer: `simulator.fetch` rejects with a `TypeError`, as `fetch` does.
 *
 * @category Simulator
 */
export interface RestDropFault extends RestFaultTiming {
  /** Kind of fault. */
  readonly type: "drop";
}

/**
 * A fault of requests to the REST API. The first one set for a request applies.
 *
 * @category Simulator
 *
 * @example A rate limit
 * ```ts
 * import { RealtimeRest } from "@oai-rt/edge/rest";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertRejects } from "@std/assert";
 *
 * await using simulator = createSimulator({
 *   restFaults: [{ type: "status", status: 429, retryAfterSeconds: 20, route: "/realtime/calls", times: Infinity }],
 * });
 * const rest = new RealtimeRest({ apiKey: "sk-test", fetch: simulator.fetch, maxRetries: 0 });
 * await assertRejects(() => rest.createCall({ sdp: "v=0\r\n", session: { type: "realtime" } }));
 * ```
 */
export type RestFault =
  | RestStatusFault
  | RestNoCreditFault
  | RestSlowFault
  | RestMalformedFault
  | RestDropFault;

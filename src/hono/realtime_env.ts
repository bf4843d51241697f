import type { Context } from "hono";

/**
 * The environment of the app in the sense of Hono; `Bindings` is the type of `c.env`, as the host has it.
 *
 * @category Edge app
 */
export interface RealtimeEnv<Bindings extends object = object> {
  /** What the host passes to `app.fetch` beside the request. */
  Bindings: Bindings;
  /** What the app keeps with a request. */
  Variables: {
    /** Id of the request: in the header `X-Request-Id` of the answer, in problems and in logs. */
    requestId: string;
    /** Who asks, as `authorize` said; `undefined` until it did, and when it named no one. */
    caller: string | undefined;
    /** Aborted when the time for an answer is out: for what is done for this request alone. */
    signal: AbortSignal;
  };
}

/**
 * The context that the functions among the options get.
 *
 * @category Edge app
 */
export type RealtimeContext<Bindings extends object = object> = Context<RealtimeEnv<Bindings>>;

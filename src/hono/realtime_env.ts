import type { Context } from "hono";

/**
 * The environment of the app in the sense of Hono; `Bindings` is the type of the host's `c.env`.
 *
 * @category Edge app
 */
export interface RealtimeEnv<Bindings extends object = object> {
  /** The environment that the host passes to `app.fetch` with the request. */
  Bindings: Bindings;
  /** Variables of a request. */
  Variables: {
    /** Id of the request: in the header `X-Request-Id` of the response, in problems and in logs. */
    requestId: string;
    /** The caller, as returned by `authorize`; `undefined` before that, and for an anonymous caller. */
    caller: string | undefined;
    /** Aborted at the timeout of the request: for work that serves only this request. */
    signal: AbortSignal;
  };
}

/**
 * The context that functions among the options receive.
 *
 * @category Edge app
 */
export type RealtimeContext<Bindings extends object = object> = Context<RealtimeEnv<Bindings>>;

import type { MiddlewareHandler } from "hono/types";
import type { RealtimeContext, RealtimeEnv } from "../realtime_env.ts";

/** The middlewares between a request and its handler, outermost first. */
export type Middlewares = readonly MiddlewareHandler<RealtimeEnv>[];

/**
 * Composes middlewares and a handler into one handler. Hono would call each of them separately, with additional work
 * for each one in a routed app. As with Hono, the outer middlewares see the response that `fail` returns for a failure.
 */
export function compose(
  middlewares: Middlewares,
  handle: (c: RealtimeContext) => Promise<Response>,
  fail: (error: unknown, c: RealtimeContext) => Response,
): (c: RealtimeContext) => Promise<Response> {
  return async (c) => {
    const run = async (index: number): Promise<void> => {
      const middleware = middlewares[index];
      try {
        const response = await (middleware ? middleware(c, () => run(index + 1)) : handle(c));
        if (response) c.res = response;
      } catch (error) {
        // Work that was still running at the timeout rejects with the same error, which has already been answered.
        if (c.error && error === c.error) return;
        if (error instanceof Error) c.error = error;
        c.res = fail(error, c);
      }
    };
    await run(0);
    return c.res;
  };
}

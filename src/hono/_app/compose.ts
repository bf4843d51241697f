import type { MiddlewareHandler } from "hono/types";
import type { RealtimeContext, RealtimeEnv } from "../realtime_env.ts";

/** What there is between a request and its answer, from the outside in. */
export type Middlewares = readonly MiddlewareHandler<RealtimeEnv>[];

/**
 * Makes one handler of many, which Hono would call each by itself, with as much again around each one in an app that is
 * routed. As with Hono, those around one that fails see the answer that `fail` gives.
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
        // What was still under way when the time was out ends by the same error, which has been answered.
        if (c.error && error === c.error) return;
        if (error instanceof Error) c.error = error;
        c.res = fail(error, c);
      }
    };
    await run(0);
    return c.res;
  };
}

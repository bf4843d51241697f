import type { RealtimeContext } from "../realtime_env.ts";

/** Reports whether the app accepts requests, for load balancers. */
export function answerHealth(isClosing: () => boolean) {
  return (c: RealtimeContext): Promise<Response> =>
    Promise.resolve(isClosing() ? c.json({ status: "closing" }, 503) : c.json({ status: "ok" }, 200));
}

import type { RealtimeContext } from "../realtime_env.ts";

/** Says whether the app takes requests, for load balancers. */
export function answerHealth(isClosing: () => boolean) {
  return (c: RealtimeContext): Promise<Response> =>
    Promise.resolve(isClosing() ? c.json({ status: "closing" }, 503) : c.json({ status: "ok" }, 200));
}

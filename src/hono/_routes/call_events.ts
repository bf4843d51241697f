import type { AppContext } from "../_app/context.ts";
import { ActiveCall } from "../_calls/active_call.ts";
import { type CallApi, REALTIME_CALLS } from "../_calls/call_api.ts";
import { callListeners } from "../_calls/call_listeners.ts";
import { type FollowedCalls, watchCall } from "../_calls/watch_call.ts";
import type { Upstream } from "../_app/upstream.ts";
import { ProblemError } from "../_http/problem_error.ts";
import { upstreamProblem } from "../_http/upstream_problem.ts";
import { ConnectionError } from "../../errors.ts";
import { isWorkers } from "../_relay/workers_upgrade.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import { assertOwner } from "./calls.ts";

/** Shows a page what happens in its call, as server-sent events. */
export async function streamCallEvents(
  c: RealtimeContext,
  app: AppContext,
  { api, watch }: FollowedCalls = { api: REALTIME_CALLS, watch: watchCall },
): Promise<Response> {
  const { callId, upstream } = await assertOwner(c, app);
  const { settings } = app;
  // On Workers a connection of another request cannot be read.
  const known = isWorkers() ? undefined : app.calls.get(callId);
  const active = known ?? spectate(callId, c, app, { api, upstream });
  await active.follow(() => watch(callId, { active, settings, upstream })).catch((error) => {
    if (error instanceof ConnectionError && error.status === 404) {
      throw new ProblemError("call_not_found", "There is no such call any more");
    }
    throw upstreamProblem(error);
  });
  const lastEventId = c.req.header("last-event-id") ?? c.req.query("last_event_id");
  // Nothing else is done over a connection that was opened to look.
  const onLeave = known ? undefined : () => void active.end("api");
  return c.body(active.view.read(lastEventId, settings.clock, onLeave), 200, { "Content-Type": "text/event-stream" });
}

/** A call that another process has begun, to look at: its limits and its end are kept there. */
function spectate(
  callId: string,
  c: RealtimeContext,
  app: AppContext,
  { api, upstream }: { readonly api: CallApi; readonly upstream: Upstream },
): ActiveCall {
  const call = { callId, caller: c.get("caller"), kind: "webrtc", session: {} } as const;
  const { settings, view } = app;
  return new ActiveCall({
    api,
    call,
    listeners: callListeners(c, settings, upstream.strip),
    settings: { ...settings, limits: {} },
    emit: () => {},
    quotas: app.quotasFor(c),
    place: undefined,
    view: api.view ?? view,
    stripFrame: upstream.stripFrame,
    // To hang up is for the process that has begun it.
    hangUp: () => Promise.resolve(),
    onEnd: () => {},
  });
}

import type { AppContext } from "../_app/context.ts";
import { ActiveCall } from "../_calls/active_call.ts";
import { type CallApi, REALTIME_CALLS } from "../_calls/call_api.ts";
import { callListeners } from "../_calls/call_listeners.ts";
import { type FollowedCalls, watchCall } from "../_calls/watch_call.ts";
import type { Upstream } from "../_app/upstream.ts";
import { ProblemError, shuttingDown } from "../_http/problem_error.ts";
import { upstreamProblem } from "../_http/upstream_problem.ts";
import { ConnectionError } from "../../errors.ts";
import { isWorkers } from "../_relay/workers_upgrade.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import { assertOwner } from "./calls.ts";

/** Streams the events of a call to its page, as server-sent events. */
export async function streamCallEvents(
  c: RealtimeContext,
  app: AppContext,
  { api, watch }: FollowedCalls = { api: REALTIME_CALLS, watch: watchCall },
): Promise<Response> {
  const { callId, upstream } = await assertOwner(c, app, api);
  const { settings } = app;
  // On Workers, the connection of another request cannot be read.
  const known = isWorkers() ? undefined : app.calls.get(callId);
  const active = known ?? spectate(callId, c, app, { api, upstream });
  await active.follow(() => watch(callId, { active, settings, upstream })).catch((error) => {
    if (error instanceof ConnectionError && error.status === 404) {
      throw new ProblemError("call_not_found", "The call does not exist or has ended");
    }
    throw upstreamProblem(error);
  });
  // A connection opened for watching is used for nothing else.
  const removeStream = known ? undefined : app.calls.addStream(callId, () => active.view.leave());
  const onLeave = removeStream && (() => {
    removeStream();
    void active.end("api");
  });
  const signal = c.get("signal");
  if (signal.aborted || app.calls.isClosed) {
    // No one would read the stream, or end it.
    onLeave?.();
    throw signal.aborted ? signal.reason : shuttingDown();
  }
  const lastEventId = c.req.header("last-event-id");
  return c.body(active.view.read(lastEventId, settings.clock, onLeave), 200, { "Content-Type": "text/event-stream" });
}

/** A call started by another process, to watch: that process handles its limits and its end. */
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
    // Only the process that has started it may hang it up.
    hangUp: () => Promise.resolve(),
    isForeign: true,
    onEnd: () => {},
  });
}

import type { RealtimeRest, RestCallOptions } from "../../rest/mod.ts";
import type { AppContext } from "../_app/context.ts";
import type { Upstream } from "../_app/upstream.ts";
import type { Place } from "../_quotas/place.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import type { ActiveCall } from "./active_call.ts";
import type { BegunCall } from "./announce_call.ts";
import type { CallListeners } from "./call_listeners.ts";
import { hangUp } from "./hang_up.ts";

/** What a call begins with. */
export interface CallBeginning {
  /** The request. */
  readonly c: RealtimeContext;
  /** Those who hear of it. */
  readonly listeners: CallListeners;
  /** The way to the API. */
  readonly upstream: Upstream;
  /** Its place among the calls at a time. */
  readonly place?: Place | undefined;
}

/** Remembers a call that has begun, and tells the host. */
export function beginCall(
  call: BegunCall,
  app: AppContext,
  { c, listeners, place, upstream }: CallBeginning,
): ActiveCall {
  const { emit, settings, view } = app;
  const { callId, kind } = call;
  const active = app.calls.add({
    call,
    listeners,
    settings,
    emit,
    quotas: app.quotasFor(c),
    place,
    view,
    stripFrame: upstream.stripFrame,
    hangUp: toHangUp(callId, upstream.rest, upstream.onBehalf),
  });
  emit({ type: "call_started", callId, kind }, c);
  return active;
}

/** Made apart, so that it holds on to nothing else. */
function toHangUp(callId: string, rest: RealtimeRest, options: RestCallOptions): () => Promise<void> {
  return () => hangUp(callId, rest, options);
}

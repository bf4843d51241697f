import type { AppContext } from "../_app/context.ts";
import type { Upstream } from "../_app/upstream.ts";
import type { Place } from "../_quotas/place.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import type { ActiveCall, ActiveCallOptions } from "./active_call.ts";
import { type CallApi, REALTIME_CALLS } from "./call_api.ts";
import type { CallListeners } from "./call_listeners.ts";

/** What a call begins with. */
export interface CallBeginning {
  /**
   * The API that it is a call of.
   *
   * @default {REALTIME_CALLS}
   */
  readonly api?: CallApi;
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
  call: ActiveCallOptions["call"],
  app: AppContext,
  { api = REALTIME_CALLS, c, listeners, place, upstream }: CallBeginning,
): ActiveCall {
  const { emit, settings, view } = app;
  const { callId, kind } = call;
  const active = app.calls.add({
    api,
    call,
    listeners,
    settings,
    emit,
    quotas: app.quotasFor(c),
    place,
    view: api.view ?? view,
    stripFrame: upstream.stripFrame,
    hangUp: api.toHangUp(callId, upstream, upstream.onBehalf),
  });
  emit({ type: "call_started", ...api.product && { product: api.product }, callId, kind }, c);
  return active;
}

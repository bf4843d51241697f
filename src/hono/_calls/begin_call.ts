import type { AppContext } from "../_app/context.ts";
import type { Upstream } from "../_app/upstream.ts";
import { shuttingDown } from "../_http/problem_error.ts";
import type { Place } from "../_quotas/place.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import type { ActiveCall, ActiveCallOptions } from "./active_call.ts";
import { type CallApi, REALTIME_CALLS } from "./call_api.ts";
import type { CallListeners } from "./call_listeners.ts";

/** Options of {@linkcode beginCall}. */
export interface CallBeginning {
  /**
   * The API of the call.
   *
   * @default {REALTIME_CALLS}
   */
  readonly api?: CallApi;
  /** The request. */
  readonly c: RealtimeContext;
  /** Its listeners. */
  readonly listeners: CallListeners;
  /** The connection to the API. */
  readonly upstream: Upstream;
  /** Its place in the limit of concurrent calls. */
  readonly place?: Place | undefined;
}

/**
 * Registers a call that has begun, and notifies the host.
 *
 * @throws {ProblemError} when the app was closed in the meantime: the call is hung up.
 */
export async function beginCall(
  call: ActiveCallOptions["call"],
  app: AppContext,
  { api = REALTIME_CALLS, c, listeners, place, upstream }: CallBeginning,
): Promise<ActiveCall> {
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
    hangUp: api.toHangUp(callId, upstream),
  });
  emit({ type: "call_started", ...api.product && { product: api.product }, callId, kind }, c);
  if (!app.calls.isClosed) return active;
  await active.end("shutdown");
  throw shuttingDown();
}

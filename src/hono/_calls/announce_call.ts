import { withTimeout } from "../../_internal/timeout.ts";
import { connect } from "../../connect.ts";
import type { RealtimeSessionConfig } from "../../protocol/mod.ts";
import { realtimeHeaders } from "../../transport/mod.ts";
import type { Settings } from "../_app/settings.ts";
import type { Upstream } from "../_app/upstream.ts";
import { ProblemError } from "../_http/problem_error.ts";
import type { EdgeCall } from "../edge_call.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import type { ActiveCall } from "./active_call.ts";
import { type CallApi, REALTIME_CALLS } from "./call_api.ts";
import { tapDial } from "./tap_dial.ts";

/** What is known about a call that has begun. */
export type BegunCall = Pick<EdgeCall, "callId" | "caller" | "kind"> & { readonly session: RealtimeSessionConfig };

/** What a call was begun with. */
export interface Beginning {
  /**
   * The API that it is a call of.
   *
   * @default {REALTIME_CALLS}
   */
  readonly api?: CallApi;
  /** The call. */
  readonly active: ActiveCall;
  /** The request that it began with. */
  readonly c: RealtimeContext;
  /** The options of the app. */
  readonly settings: Settings;
  /** The way to the API. */
  readonly upstream: Upstream;
}

/** How the host is told of a call. */
interface Announcement {
  /** Whether the app attaches to it. */
  readonly isWatched: boolean;
  /** Tells the host. */
  readonly tell: () => void | Promise<void> | undefined;
}

/** Tells the host of a call of the Realtime API; see {@linkcode announce}. */
export async function announceCall(call: BegunCall, beginning: Beginning): Promise<void> {
  const { c, settings } = beginning;
  await announce(call, beginning, {
    isWatched: settings.calls.watch && call.session.type === "realtime",
    tell: () => settings.onCall?.(toEdgeCall(call, beginning), c),
  });
}

/**
 * Tells the host of a call, and waits until it is ready for it. Hangs the call up, and rejects, when the host fails, when
 * the call cannot be watched, or when its page is gone or has had another answer by then.
 */
export async function announce(
  call: Pick<EdgeCall, "callId" | "kind">,
  beginning: Beginning,
  { isWatched, tell }: Announcement,
): Promise<void> {
  const { active, c } = beginning;
  try {
    if (call.kind === "webrtc") c.get("signal").throwIfAborted();
    if (isWatched) await watchCall(call.callId, beginning);
    await tell();
    if (call.kind === "webrtc") c.get("signal").throwIfAborted();
  } catch (error) {
    await active.end(error instanceof ProblemError && error.code === "client_gone" ? "client_gone" : "failed");
    throw error;
  }
}

/** Attaches to a call, to listen in. Resolves when that is done. */
export async function watchCall(
  callId: string,
  { active, api = REALTIME_CALLS, c, settings, upstream }: Beginning,
): Promise<void> {
  const { clock, dial, timeoutMs } = settings;
  const { target, url } = api.sideband(callId, upstream.target);
  const dialTapped = tapDial(dial, active);
  const socket = await withTimeout(async (signal) => {
    const headers = await realtimeHeaders(target);
    if (upstream.traceparent !== undefined) headers.set("traceparent", upstream.traceparent);
    const socket = await dialTapped({ url, headers, protocols: [], signal });
    if (signal.aborted) socket.close(1000);
    return socket;
  }, { what: "attach to a call", timeoutMs, clock });
  active.watched(() => {
    try {
      socket.close(1000);
    } catch (error) {
      settings.onError(error, c);
    }
  });
  socket.listen({ message: () => {}, close: () => {} });
  // It may have ended while this was dialled.
  if (active.hasEnded) socket.close(1000);
}

/** The call in the hands of the host. It outlives the request, so that no signal of that is passed on. */
function toEdgeCall(call: BegunCall, { active, settings, upstream }: Beginning): EdgeCall {
  const { clock, dial } = settings;
  const { onBehalf, rest, target } = upstream;
  const { callId } = call;
  return {
    ...call,
    attach: (options = {}) => {
      // Only one connection is listened in on.
      const own = options.dial ?? dial;
      return connect({
        clock,
        ...options,
        ...target,
        dial: active.isWatched ? own : tapDial(own, active),
        callId,
      });
    },
    hangUp: () => active.end("host"),
    refer: (targetUri) => rest.referCall(callId, targetUri, onBehalf),
  };
}

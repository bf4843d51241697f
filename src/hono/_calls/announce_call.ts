import { connect } from "../../connect.ts";
import type { RealtimeSessionConfig } from "../../protocol/mod.ts";
import type { Settings } from "../_app/settings.ts";
import type { Upstream } from "../_app/upstream.ts";
import { ProblemError } from "../_http/problem_error.ts";
import type { EdgeCall } from "../edge_call.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import type { ActiveCall } from "./active_call.ts";
import { tapDial } from "./tap_dial.ts";
import { watchCall } from "./watch_call.ts";

/** What is known about a call that has begun. */
export type BegunCall = Pick<EdgeCall, "callId" | "caller" | "kind"> & { readonly session: RealtimeSessionConfig };

/** What a call was begun with. */
interface Beginning {
  /** The call. */
  readonly active: ActiveCall;
  /** The request that it began with. */
  readonly c: RealtimeContext;
  /** The options of the app. */
  readonly settings: Settings;
  /** The way to the API. */
  readonly upstream: Upstream;
}

/**
 * Tells the host of a call, and waits until it is ready for it. Hangs the call up, and rejects, when the host fails, when
 * the call cannot be watched, or when its page is gone or has had another answer by then.
 */
export async function announceCall(call: BegunCall, beginning: Beginning): Promise<void> {
  const { active, c, settings } = beginning;
  try {
    if (call.kind === "webrtc") c.get("signal").throwIfAborted();
    if (settings.calls.watch && call.session.type === "realtime") await watchCall(call.callId, beginning);
    await settings.onCall?.(toEdgeCall(call, beginning), c);
    if (call.kind === "webrtc") c.get("signal").throwIfAborted();
  } catch (error) {
    await active.end(error instanceof ProblemError && error.code === "client_gone" ? "client_gone" : "failed");
    throw error;
  }
}

/** The call in the hands of the host. It outlives the request, so that no signal of that is passed on. */
function toEdgeCall(call: BegunCall, { active, settings, upstream }: Beginning): EdgeCall {
  const { clock, dial } = settings;
  const { onBehalf, rest, target } = upstream;
  const { callId } = call;
  return {
    ...call,
    async attach(options = {}) {
      const sideband = active.addSideband({ isOwn: false });
      try {
        const tapped = tapDial(options?.dial ?? dial, sideband);
        const session = await connect({ clock, ...options, ...target, dial: tapped, callId });
        session.install(sideband.part);
        sideband.follow(session);
        return session;
      } catch (error) {
        sideband.failed();
        throw error;
      }
    },
    hangUp: () => active.end("host"),
    refer: (targetUri) => rest.referCall(callId, targetUri, onBehalf),
  };
}

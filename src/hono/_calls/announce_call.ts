import { connect } from "../../connect.ts";
import type { RealtimeSessionConfig } from "../../protocol/mod.ts";
import type { Settings } from "../_app/settings.ts";
import type { Upstream } from "../_app/upstream.ts";
import type { EdgeCall } from "../edge_call.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** What is known about a call that has begun. */
type BegunCall = Pick<EdgeCall, "callId" | "caller" | "kind"> & { readonly session: RealtimeSessionConfig };

/** What a call was begun with. */
interface Beginning {
  /** The request that it began with. */
  readonly c: RealtimeContext;
  /** The options of the app. */
  readonly settings: Settings;
  /** The way to the API. */
  readonly upstream: Upstream;
}

/**
 * Tells the host of a call, and waits until it is ready for it. Hangs the call up, and rejects, when the host fails, or
 * when a page has had its answer by then: that the time was out.
 */
export async function announceCall(call: BegunCall, { c, settings, upstream }: Beginning): Promise<void> {
  const { onCall, onError } = settings;
  try {
    await onCall?.(toEdgeCall(call, settings, upstream), c);
    if (call.kind === "webrtc") c.get("signal").throwIfAborted();
  } catch (error) {
    await upstream.rest.hangUpCall(call.callId, upstream.onBehalf).catch((error) => onError(error, c));
    throw error;
  }
}

/** The call in the hands of the host. It outlives the request, so that no signal of that is passed on. */
function toEdgeCall(call: BegunCall, { clock, dial }: Settings, { onBehalf, rest, target }: Upstream): EdgeCall {
  const { callId } = call;
  return {
    ...call,
    attach: (options = {}) => connect({ clock, dial, ...options, ...target, callId }),
    hangUp: () => rest.hangUpCall(callId, onBehalf),
    refer: (targetUri) => rest.referCall(callId, targetUri, onBehalf),
  };
}

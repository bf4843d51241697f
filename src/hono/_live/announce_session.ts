import { attachLive } from "../../live/mod.ts";
import type { LiveMediaSessionConfig } from "../../protocol/mod.ts";
import { announce, attachForHost, type Beginning } from "../_calls/announce_call.ts";
import type { EdgeLiveCall } from "../edge_live_call.ts";
import { liveRest, withoutSafetyIdentifier } from "./live_api.ts";
import type { LiveParts } from "./live_parts.ts";

/** The known data of a session that has begun. */
type BegunSession = Pick<EdgeLiveCall, "callId" | "caller" | "kind"> & { readonly session: LiveMediaSessionConfig };

/** Notifies the host of a session, and waits until it is ready; see {@linkcode announce}. */
export async function announceLiveCall(
  call: BegunSession,
  beginning: Beginning,
  { calls: { watch }, options: { onCall } }: LiveParts,
): Promise<void> {
  const { c, settings: { calls } } = beginning;
  await announce(call, { ...beginning, watch }, {
    isWatched: calls.watch,
    tell: onCall && (() => onCall(toEdgeLiveCall(call, beginning), c)),
  });
}

/** The host's view of the session. It outlives the request, so that the request's signal does not apply. */
function toEdgeLiveCall(call: BegunSession, { active, settings, upstream }: Beginning): EdgeLiveCall {
  const { clock, dial } = settings;
  const { target, traceparent } = upstream;
  const { callId } = call;
  return {
    ...call,
    attach: (options = {}) =>
      attachForHost(active, options.dial ?? dial, async (dial, sideband) => {
        const session = await attachLive(callId, { clock, ...options, ...withoutSafetyIdentifier(target), dial });
        for (const type of ["reconnecting", "recovered", "recovery_failed"] as const) {
          session.on(type, (event) => sideband.told(event));
        }
        sideband.follow({
          get state() {
            return session.state;
          },
          closed: session.closed.then(({ reason }) => ({ clean: reason !== "connection_lost" })),
          close: () => session.close(),
        });
        return session;
      }),
    hangUp: () => active.end("host"),
    refer: (targetUri) => liveRest({ target, traceparent }, settings).referCall(callId, targetUri),
  };
}

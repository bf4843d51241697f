import { attachLive } from "../../live/mod.ts";
import type { LiveMediaSessionConfig } from "../../protocol/mod.ts";
import { announce, attachForHost, type Beginning } from "../_calls/announce_call.ts";
import type { EdgeLiveCall } from "../edge_live_call.ts";
import { liveRest, withoutSafetyIdentifier } from "./live_api.ts";
import type { LiveParts } from "./live_parts.ts";

/** What is known about a session that has begun. */
type BegunSession = Pick<EdgeLiveCall, "callId" | "caller" | "kind"> & { readonly session: LiveMediaSessionConfig };

/** Tells the host of a session, and waits until it is ready for it; see {@linkcode announce}. */
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

/** The session in the hands of the host. It outlives the request, so that no signal of that is passed on. */
function toEdgeLiveCall(call: BegunSession, { active, settings, upstream }: Beginning): EdgeLiveCall {
  const { clock, dial } = settings;
  const { target, traceparent } = upstream;
  const { callId } = call;
  return {
    ...call,
    attach: (options = {}) =>
      attachForHost(active, options.dial ?? dial, async (dial, sideband) => {
        const session = await attachLive(callId, { clock, ...options, ...withoutSafetyIdentifier(target), dial });
        sideband.follow({
          state: "open",
          closed: session.closed.then(({ reason }) => ({ clean: reason !== "connection_lost" })),
          close: () => session.close(),
        });
        return session;
      }),
    hangUp: () => active.end("host"),
    refer: (targetUri) => liveRest({ target, traceparent }, settings).referCall(callId, targetUri),
  };
}

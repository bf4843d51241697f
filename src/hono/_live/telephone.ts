import type { AppContext } from "../_app/context.ts";
import type { Telephone } from "../_calls/telephone.ts";
import type { LiveMediaSessionConfig } from "../../protocol/mod.ts";
import { announceLiveCall } from "./announce_session.ts";
import { liveRest, onLiveDeployment } from "./live_api.ts";
import type { LiveParts } from "./live_parts.ts";

/** Default SIP status of a rejected call: declined. */
const DECLINED = 603;

/** How telephone calls of the Live API are handled. */
export function liveTelephone(
  live: LiveParts,
  { settings }: AppContext,
): Telephone<Omit<LiveMediaSessionConfig, "client">> {
  const { check } = settings;
  return {
    api: live.calls.api,
    decide: live.options.onIncomingCall,
    accept: (callId, session, upstream) =>
      liveRest(upstream, settings).acceptCall(callId, onLiveDeployment(session, upstream.target), { check }),
    reject: (callId, statusCode = DECLINED, upstream) => liveRest(upstream, settings).rejectCall(callId, statusCode),
    announce: (call, session, beginning) => announceLiveCall({ ...call, session }, beginning, live),
  };
}

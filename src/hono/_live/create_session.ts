import { RealtimeApiError } from "../../errors.ts";
import type { LiveMediaSessionConfig, LiveSessionConfig } from "../../protocol/mod.ts";
import type { AppContext } from "../_app/context.ts";
import type { Settings } from "../_app/settings.ts";
import type { Upstream } from "../_app/upstream.ts";
import { type BegunCall, PATIENCE, startCall } from "../_routes/calls.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import { announceLiveCall } from "./announce_session.ts";
import type { LiveParts } from "./live_parts.ts";
import { liveRest, onLiveDeployment, withoutFormat } from "./live_api.ts";
import { CHANNEL_CLIENT_EVENTS, CHANNEL_SERVER_EVENTS } from "./view.ts";

/** Forwards a page's offer with the session of this caller, and returns the answer with a token for the session. */
export function createLiveSession(c: RealtimeContext, app: AppContext, live: LiveParts): Promise<Response> {
  const { settings } = app;
  return startCall(c, app, {
    api: live.calls.api,
    location: "./sessions/",
    isAudioOnly: settings.isLiveAudioOnly,
    decide: live.decide,
    send: (offer, session, upstream) => send(offer, session, { c, settings, upstream }),
    announce: (call, session, beginning) => announceLiveCall({ ...call, session }, beginning, live),
  });
}

/** Sends the offer. Once sent, the answer is awaited even if the request ends. */
async function send(
  sdp: string,
  session: LiveSessionConfig,
  { c, settings, upstream }: {
    readonly c: RealtimeContext;
    readonly settings: Settings;
    readonly upstream: Upstream;
  },
): Promise<BegunCall> {
  c.get("signal").throwIfAborted();
  const rest = liveRest(upstream, settings, settings.timeoutMs * PATIENCE);
  const request = { session: toMediaSession(session, upstream), transport: { type: "webrtc", sdp } } as const;
  const created = await rest.createSession(request, { check: false });
  const { session: { id: callId }, transport } = created;
  if (transport?.sdp?.startsWith("v=0")) return { callId, sdp: transport.sdp };
  const failure = new RealtimeApiError("Cannot create a Live session as the answer has no SDP", { status: 201 });
  return { callId, sdp: "", failure };
}

/** The settings of a page's session, including the events allowed on its data channel. */
function toMediaSession(session: LiveSessionConfig, { target }: Upstream): LiveMediaSessionConfig {
  const client = session.client ?? {
    data_channel: {
      allowed_client_events: CHANNEL_CLIENT_EVENTS,
      allowed_server_events: CHANNEL_SERVER_EVENTS.map((type) => ({ type })),
    },
  };
  return onLiveDeployment({ ...withoutFormat(session), client }, target);
}

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
  let text = "";
  const fetch = heardFetch(settings.fetch, (part) => text += part);
  const rest = liveRest(upstream, { ...settings, fetch }, settings.timeoutMs * PATIENCE);
  const request = { session: toMediaSession(session, upstream), transport: { type: "webrtc", sdp } } as const;
  const create = async () => {
    const created = await rest.createSession(request, { check: false });
    const answer = created.transport?.sdp;
    if (answer?.startsWith("v=0")) return { callId: idIn(JSON.stringify(created.session)), sdp: answer };
    throw new RealtimeApiError("Cannot create a Live session as the answer has no SDP", { status: 201 });
  };
  return await create().catch((failure) => {
    const callId = idIn(text);
    if (callId !== undefined) return { callId, sdp: "", failure };
    throw failure;
  });
}

/** The id of a session in the text of an answer, which may break off after it. */
function idIn(text: string): string | undefined {
  return /"id"\s*:\s*"(live_[\w-]{1,128})"/.exec(text)?.[1];
}

/** Creates a `fetch` that shows the text of a successful response as it arrives. */
function heardFetch(
  fetch: Settings["fetch"] = globalThis.fetch,
  onText: (part: string) => void,
): NonNullable<Settings["fetch"]> {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!response.ok || !(response.body instanceof ReadableStream)) return response;
    const decoder = new TextDecoder();
    const body = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          onText(decoder.decode(chunk, { stream: true }));
          controller.enqueue(chunk);
        },
      }),
    );
    return new Response(body, response);
  };
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

// This module is browser compatible.
import {
  checkLiveRestBody,
  type LiveCallAcceptRequest,
  type LiveCallReferRequest,
  type LiveCallRejectRequest,
  type LiveSessionCreateRequest,
  type LiveSessionForkRequest,
} from "../../../protocol/mod.ts";
import { answerInForm, withoutMedia } from "../../_calls/sdp_answer.ts";
import { parseOffer } from "../../_calls/sdp_offer.ts";
import { authenticateOwner } from "../../_server/authentication.ts";
import { ServerError } from "../../_errors/server_error.ts";
import type { Exchange, Handler } from "../../_server/http/exchange.ts";
import { readJson } from "../../_server/http/request_body.ts";
import { upgradeTo } from "../../_server/http/socket_handler.ts";
import type { RunningLiveSession } from "./live_session.ts";
import { decideLiveConnection } from "./live_sockets.ts";

/** An endpoint of the Live API. */
interface LiveRoute {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly handle: Handler;
}

/** The endpoints of the Live API. There are none for client secrets. */
export const LIVE_ROUTES: readonly LiveRoute[] = [
  { method: "GET", path: "/live/sessions", handle: openSocket },
  { method: "POST", path: "/live/sessions", handle: createSession },
  { method: "GET", path: "/live/sessions/{call_id}/attach", handle: openSocket },
  { method: "GET", path: "/live/sessions/{call_id}/fork", handle: openSocket },
  { method: "POST", path: "/live/sessions/{call_id}/fork", handle: forkSession },
  { method: "POST", path: "/live/sessions/{call_id}/accept", handle: acceptCall },
  { method: "POST", path: "/live/sessions/{call_id}/reject", handle: rejectCall },
  { method: "POST", path: "/live/sessions/{call_id}/refer", handle: referCall },
  { method: "POST", path: "/live/sessions/{call_id}/hangup", handle: hangUp },
  { method: "GET", path: "/live/sessions/{call_id}/content", handle: downloadRecording },
];

function openSocket(exchange: Exchange): Response {
  return upgradeTo(exchange, decideLiveConnection(exchange.client, exchange.service));
}

async function createSession({ client, request, service }: Exchange): Promise<Response> {
  authenticateOwner(client, service.policy);
  const body = await readJson<LiveSessionCreateRequest>(request, (body) => checkLiveRestBody("create", body));
  if (body.transport.type === "sip") {
    throw new ServerError("Outgoing calls are not enabled for this organization.", { status: 403, code: "forbidden" });
  }
  const session = service.live.open("webrtc", { url: client.url });
  return await answerOffer(session, body.transport.sdp, service, () => session.start(body.session));
}

async function forkSession({ callId, client, request, service }: Exchange): Promise<Response> {
  authenticateOwner(client, service.policy);
  const body = await readJson<LiveSessionForkRequest>(request, (body) => checkLiveRestBody("fork", body));
  const { session: source } = service.live.findStored(callId);
  const session = service.live.open("webrtc", { url: client.url, source });
  return await answerOffer(session, body.transport.sdp, service, () => session.start(body.session ?? {}));
}

async function answerOffer(
  session: RunningLiveSession,
  sdp: string,
  { answerLiveSdp, tellNoMedia }: Exchange["service"],
  start: () => void,
): Promise<Response> {
  try {
    const offer = parseOffer(sdp);
    start();
    if (!answerLiveSdp) tellNoMedia(session.id, "answerLiveSdp");
    const answer = answerLiveSdp
      ? await answerLiveSdp(sdp, session)
      : withoutMedia(answerInForm(offer), "answerLiveSdp");
    return Response.json({ session: { id: session.id }, transport: { type: "webrtc", sdp: answer } }, { status: 201 });
  } catch (error) {
    session.close();
    throw error;
  }
}

async function acceptCall({ callId, client, request, service: { live, policy } }: Exchange): Promise<Response> {
  authenticateOwner(client, policy);
  const { session: { type: _type, ...config } } = await readJson<LiveCallAcceptRequest>(
    request,
    (body) => checkLiveRestBody("accept", body),
  );
  live.accept(callId, config, client.url);
  return done();
}

async function rejectCall({ callId, client, request, service: { live, policy } }: Exchange): Promise<Response> {
  authenticateOwner(client, policy);
  const { status_code } = await readJson<LiveCallRejectRequest>(request, (body) => checkLiveRestBody("reject", body));
  live.reject(callId, status_code);
  return done();
}

async function referCall({ callId, client, request, service: { live, policy } }: Exchange): Promise<Response> {
  authenticateOwner(client, policy);
  await readJson<LiveCallReferRequest>(request, (body) => checkLiveRestBody("refer", body));
  const session = live.find(callId);
  if (session.kind !== "sip") {
    throw new ServerError("Only SIP calls can be referred.", { status: 400, code: "invalid_call_type" });
  }
  session.end("remote_hangup");
  return done();
}

function hangUp({ callId, client, service: { live, policy } }: Exchange): Response {
  authenticateOwner(client, policy);
  live.find(callId).end("close_requested");
  return done();
}

function downloadRecording({ callId, client, service: { live, policy } }: Exchange): Response {
  authenticateOwner(client, policy);
  return new Response(live.findStored(callId).recording, { headers: { "content-type": "audio/wav" } });
}

function done(): Response {
  return new Response(null, { status: 200 });
}

// This module is browser compatible.
import { serverError } from "../../_errors/server_error.ts";
import {
  type CallAcceptRequest,
  type CallReferRequest,
  type CallRejectRequest,
  checkCallAcceptRequest,
  checkCallReferRequest,
  checkCallRejectRequest,
} from "../../../protocol/mod.ts";
import { authenticateOwner } from "../authentication.ts";
import type { Exchange } from "./exchange.ts";
import { readJson } from "./request_body.ts";
import { realtimeSpec } from "./session_config.ts";

/** SIP status of a call that is rejected without a reason. */
const DECLINE = 603;

/** Accepts a ringing call. */
export async function acceptCall({ callId, client, request, service: { calls, policy } }: Exchange): Promise<Response> {
  authenticateOwner(client, policy);
  const config = await readJson<CallAcceptRequest>(request, checkCallAcceptRequest);
  calls.accept(callId, realtimeSpec(config, { url: client.url, policy }, "model"));
  return done();
}

/** Rejects a ringing call. */
export async function rejectCall({ callId, client, request, service: { calls, policy } }: Exchange): Promise<Response> {
  authenticateOwner(client, policy);
  const { status_code = DECLINE } = await readJson<CallRejectRequest>(request, checkCallRejectRequest);
  calls.reject(callId, status_code);
  return done();
}

/** Transfers a SIP call: the caller leaves. */
export async function referCall({ callId, client, request, service: { calls, policy } }: Exchange): Promise<Response> {
  authenticateOwner(client, policy);
  const call = calls.find(callId);
  const { target_uri } = await readJson<CallReferRequest>(request, checkCallReferRequest);
  if (!/^(?:tel|sips?):\S+$/i.test(target_uri)) {
    throw serverError("invalid_target_uri", { value: target_uri });
  }
  if (call.kind !== "sip") {
    throw serverError("call_not_sip");
  }
  call.end({ reason: "refer", targetUri: target_uri });
  return done();
}

/** Ends a call. */
export function hangUpCall({ callId, client, service: { calls, policy } }: Exchange): Response {
  authenticateOwner(client, policy);
  calls.find(callId).end({ reason: "hangup" });
  return done();
}

function done(): Response {
  return new Response(null, { status: 200 });
}

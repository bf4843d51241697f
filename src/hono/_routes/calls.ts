import { accepts } from "hono/accepts";
import type { RealtimeSessionConfig, SessionConfig } from "../../protocol/mod.ts";
import { RealtimeApiError } from "../../errors.ts";
import { announceCall } from "../_calls/announce_call.ts";
import type { AppContext } from "../_app/context.ts";
import { readOffer } from "../_http/read_body.ts";
import { ProblemError } from "../_http/problem_error.ts";
import { upstreamProblem } from "../_http/upstream_problem.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Header that carries the token of a call: to the page with the answer, and back with what it asks for the call. */
const TOKEN_HEADER = "X-Realtime-Call-Token";

/** Hands a page's offer on with the session that this caller gets, and the answer back with a token for the call. */
export async function createCall(c: RealtimeContext, app: AppContext): Promise<Response> {
  const { sdp: offer, changes } = await readOffer(c, app.settings.maxBodyBytes);
  const { pagesFields, session } = await app.decideSession(c, changes);
  assertConversation(session);
  const upstream = await app.openUpstream(c);
  // First, as a call that has begun without a token is nobody's to hang up.
  const tokenSecret = await upstream.tokenSecret();
  const { callId, sdp } = await upstream.rest.createCall({ sdp: offer, session }, {
    ...upstream.inTime,
    check: false,
  }).catch((error) => {
    throw upstreamProblem(error, pagesFields);
  });
  if (callId === undefined) {
    const cause = new TypeError("Cannot steer the call as the API did not tell its id");
    throw new ProblemError("upstream_refused", "The voice service is not available", { cause });
  }
  const caller = c.get("caller");
  const token = await app.tokens.issue({ callId, caller }, tokenSecret);
  await announceCall({ callId, caller, kind: "webrtc", session }, { c, upstream, settings: app.settings });
  const headers = {
    // Relative to this address, wherever the app is mounted.
    "Location": `./calls/${encodeURIComponent(callId)}`,
    "Vary": "Accept",
    "X-Realtime-Call-Id": callId,
    [TOKEN_HEADER]: token,
  };
  return wantsJson(c)
    ? c.json({ sdp, call_id: callId, call_token: token }, 201, headers)
    : c.body(sdp, 201, { ...headers, "Content-Type": "application/sdp" });
}

/** Ends a call that this app made for this caller. */
export async function hangUpCall(c: RealtimeContext, { openUpstream, tokens }: AppContext): Promise<Response> {
  const callId = c.req.param("callId") ?? "";
  const { inTime, rest, tokenSecret } = await openUpstream(c);
  const token = c.req.header(TOKEN_HEADER) ?? "";
  if (!await tokens.verify(token, { callId, caller: c.get("caller") }, await tokenSecret())) {
    const message = `The header ${TOKEN_HEADER} must hold the token that came with the call`;
    throw new ProblemError("invalid_call_token", message);
  }
  try {
    await rest.hangUpCall(callId, inTime);
  } catch (error) {
    // There is no such call any more: that is what was wanted.
    if (!(error instanceof RealtimeApiError && error.status === 404)) throw upstreamProblem(error);
  }
  return c.body(null, 204);
}

function assertConversation(session: SessionConfig): asserts session is RealtimeSessionConfig {
  if (session.type === "realtime") return;
  const cause = new TypeError(
    `Cannot create a call as its session must be of type realtime: current value is ${session.type}`,
  );
  throw new ProblemError("internal_error", "The server is not set up", { cause });
}

function wantsJson(c: RealtimeContext): boolean {
  // What fetch sends by itself.
  if (c.req.header("accept") === "*/*") return false;
  const supports = ["application/sdp", "application/json"];
  return accepts(c, { header: "Accept", supports, default: "application/sdp" }) === "application/json";
}

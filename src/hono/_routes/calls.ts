import { accepts } from "hono/accepts";
import { randomId } from "../../_internal/ids.ts";
import { callIdIn } from "../../_rest/call_id.ts";
import type { CreatedCall } from "../../rest/mod.ts";
import type { AppContext } from "../_app/context.ts";
import type { Upstream } from "../_app/upstream.ts";
import type { VerifiedToken } from "../_auth/call_token.ts";
import type { ActiveCallOptions } from "../_calls/active_call.ts";
import { announceCall, type Beginning } from "../_calls/announce_call.ts";
import { beginCall } from "../_calls/begin_call.ts";
import { type CallApi, REALTIME_CALLS } from "../_calls/call_api.ts";
import { callListeners } from "../_calls/call_listeners.ts";
import type { CallAnswer } from "../_calls/call_answers.ts";
import { answerOnce } from "../_calls/idempotency.ts";
import { assertAudioOnly, opensAudioOnly } from "../_calls/sdp.ts";
import { lifetimeOf } from "../_http/middleware.ts";
import { ProblemError, shuttingDown } from "../_http/problem_error.ts";
import { readOffer } from "../_http/read_body.ts";
import { upstreamProblem } from "../_http/upstream_problem.ts";
import { watchedBody } from "../_http/watched_body.ts";
import { onDeployment } from "../_policy/on_deployment.ts";
import type { DecidedSession, DecideSession } from "../_policy/session_policy.ts";
import { outlivesRequest } from "../_relay/own_request.ts";
import { isWorkers } from "../_relay/workers_upgrade.ts";
import type { SessionPolicy } from "../realtime_app_options.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import { mint } from "./client_secrets.ts";

/** Header that carries the token of a call: in the response to the page, and in the page's requests for the call. */
const TOKEN_HEADER = "X-Realtime-Call-Token";

/** Response header: the reason for which a call had ended before its page hung up. A page only sees a lost connection. */
const ENDED_HEADER = "X-Realtime-Call-Ended";

/** Query parameter for the token, where a page cannot set headers: an EventSource. */
const TOKEN_QUERY = "call_token";

/**
 * Timeout of an offer that was sent, as a multiple of the request timeout. If the API has accepted it, a call has
 * begun, which can be hung up only with its id.
 */
export const PATIENCE = 2;

/** A call that the API has begun. */
export interface BegunCall extends CreatedCall {
  /** The reason why its answer is unusable, if it is: the call must be hung up. */
  readonly failure?: unknown;
}

/** How calls of one API are started. */
export interface CallRoute<Policy extends object> {
  /** The API. */
  readonly api: CallApi;
  /** Location of a call, relative to the address of the offer. */
  readonly location: string;
  /** Whether pages have no data channel. */
  readonly isAudioOnly: boolean;
  /** Decides the session. */
  readonly decide: DecideSession<Policy>;
  /** Forwards the offer; once sent, the answer is awaited. */
  readonly send: (offer: string, session: Policy, upstream: Upstream) => Promise<BegunCall>;
  /** Notifies the host of the call, and waits until it is ready. */
  readonly announce: (call: ActiveCallOptions["call"], session: Policy, beginning: Beginning) => Promise<void>;
}

/** Starts a call of the Realtime API. */
export function createCall(c: RealtimeContext, app: AppContext, decide: DecideSession): Promise<Response> {
  const { settings } = app;
  return startCall(c, app, {
    api: REALTIME_CALLS,
    location: "./calls/",
    isAudioOnly: settings.calls.dataChannel === "forbid",
    decide,
    send: (offer, session, upstream) => send(offer, session, { c, settings, upstream }),
    announce: (call, session, beginning) => announceCall({ ...call, session: session as never }, beginning),
  });
}

/** Forwards a page's offer with the session of this caller, and returns the answer with a token for the call. */
export async function startCall<Policy extends object>(
  c: RealtimeContext,
  app: AppContext,
  route: CallRoute<Policy>,
): Promise<Response> {
  const { sdp: offer, changes } = await readOffer(c, app.settings.maxBodyBytes);
  const decided = await route.decide(c, changes);
  if (route.isAudioOnly) assertAudioOnly(offer);
  let isBegun = false;
  const asked = () => JSON.stringify([offer, changes, route.api.product]);
  const { call_id, call_token, sdp } = await answerOnce(c, app, asked, () => {
    isBegun = true;
    return begin(c, app, offer, { decided, route });
  });
  const headers = {
    // Relative to this address, wherever the app is mounted.
    "Location": `${route.location}${encodeURIComponent(call_id)}`,
    "X-Realtime-Call-Id": call_id,
    [TOKEN_HEADER]: call_token,
  };
  const isJson = wantsJson(c);
  c.header("Vary", "Accept", { append: true });
  const text = isJson ? JSON.stringify({ sdp, call_id, call_token }) : sdp;
  const lifetime = isBegun && isWorkers() ? lifetimeOf(c) : undefined;
  const body = lifetime === undefined ? text : watchedBody(text, {
    onGone: () => app.calls.get(call_id)?.end("client_gone") ?? Promise.resolve(),
    waitUntil: (work) => lifetime.waitUntil(work),
  });
  return c.body(body, 201, { ...headers, "Content-Type": isJson ? "application/json" : "application/sdp" });
}

async function begin<Policy extends object>(
  c: RealtimeContext,
  app: AppContext,
  offer: string,
  { decided: { pagesFields, session }, route }: {
    readonly decided: DecidedSession<Policy>;
    readonly route: CallRoute<Policy>;
  },
): Promise<CallAnswer> {
  const { api } = route;
  const { settings } = app;
  const upstream = await app.openUpstream(c);
  // First: a call started without a token could not be hung up by anyone.
  const secrets = await upstream.tokenSecrets();
  const caller = c.get("caller");
  const listeners = callListeners(c, settings, upstream.strip);
  const lifetime = lifetimeOf(c);
  // Only an app that follows the call to its end renews its place.
  const isRenewed = settings.calls.watch && outlivesRequest(lifetime);
  const place = await app.quotasFor(c).enter("concurrentCalls", randomId("place"), {
    caller,
    longestMs: isRenewed ? undefined : api.longestMs,
    report: listeners.report,
    waitUntil: (work) => lifetime?.waitUntil(work),
  });
  const begun = async () => {
    const { callId, failure, sdp } = await route.send(offer, session, upstream).catch((error) => {
      place.release();
      throw upstreamProblem(error, pagesFields);
    });
    if (callId === undefined) {
      place.release();
      const cause = new TypeError("Cannot control the call as the API did not return its id");
      throw new ProblemError("upstream_refused", "The voice service is not available", { cause });
    }
    const call = { callId, caller, kind: "webrtc", session } as const;
    return { active: await beginCall(call, app, { api, c, listeners, upstream, place }), call, callId, failure, sdp };
  };
  // The request may be answered before the API answers the offer.
  const { active, call, callId, failure, sdp } = await app.endings.add(begun());
  if (failure !== undefined) {
    await active.end("failed");
    throw upstreamProblem(failure);
  }
  if (route.isAudioOnly && !opensAudioOnly(sdp)) {
    await active.end("failed");
    const cause = new TypeError("Cannot forward the answer as it opens more than one audio stream");
    throw new ProblemError("upstream_refused", "The voice service is not available", { cause });
  }
  await route.announce(call, session, { active, c, upstream, settings });
  const owner = { callId, caller, placeId: place.id, product: api.product };
  const call_token = await app.tokens.issue(owner, secrets, api.longestMs).catch(async (error) => {
    await active.end("failed");
    throw error;
  });
  // Everything from here on is synchronous. Closing the app has ended the call.
  if (app.calls.isClosed) throw shuttingDown();
  if (!c.get("signal").aborted) return { sdp, call_id: callId, call_token };
  await active.end("client_gone");
  throw c.get("signal").reason;
}

/** Sends the offer. Once sent, the answer is awaited even if the request ends. */
async function send(
  sdp: string,
  session: SessionPolicy,
  { c, settings, upstream }: {
    readonly c: RealtimeContext;
    readonly settings: AppContext["settings"];
    readonly upstream: Upstream;
  },
): Promise<BegunCall> {
  assertConversation(session);
  const signal = c.get("signal");
  const { safetyIdentifier } = upstream.onBehalf;
  const options = { safetyIdentifier, timeoutMs: settings.timeoutMs * PATIENCE };
  let callId: string | undefined;
  const onResponse = ({ headers, ok }: Response) => {
    if (ok) callId = callIdIn(headers);
  };
  const create = async () => {
    if (session.type !== "translation") {
      const request = { sdp, session: onDeployment(session, upstream.target) as never };
      return await upstream.restFor({ onResponse, signal }).createCall(request, { ...options, check: false });
    }
    // These settings require a client secret, with which the call is created.
    const { value: apiKey } = await mint(session, upstream, settings.expiresAfterSeconds);
    return await upstream.restFor({ apiKey, onResponse, signal }).createTranslationCall({ sdp }, options);
  };
  return await create().catch((failure) => {
    if (callId !== undefined) return { callId, sdp: "", failure };
    // Nothing was sent, or not again.
    throw signal.aborted && failure.cause === signal.reason ? signal.reason : failure;
  });
}

/** Ends a call that this app created for this caller; reports why, if it had already ended. */
export async function hangUpCall(
  c: RealtimeContext,
  app: AppContext,
  api: CallApi = REALTIME_CALLS,
): Promise<Response> {
  const { callId, expiry, placeId, upstream } = await assertOwner(c, app, api);
  const active = app.calls.get(callId);
  const over = app.calls.endReasonOf(callId);
  try {
    if (active) await active.end("hung_up");
    else await app.endings.add(api.toHangUp(callId, upstream)());
  } catch (error) {
    throw upstreamProblem(error);
  }
  if (placeId !== undefined && (!active || isWorkers())) {
    // Another process has started the call, and does not know that it has ended; or this is a Worker, where the work of
    // `active` ends with this response.
    await app.quotasFor(c).leaveCall(placeId, {
      caller: c.get("caller"),
      report: (error) => app.settings.onError(error, c),
      waitUntil: (work) => lifetimeOf(c)?.waitUntil(work),
    });
  }
  // Another request may have hung it up meanwhile.
  if (!active && app.calls.endReasonOf(callId) === undefined) {
    const durationMs = app.settings.now() - (expiry * 1000 - api.longestMs);
    const { product } = api;
    app.calls.recordEnd(callId, "hung_up");
    app.tell({
      type: "call_ended",
      ...product && { product },
      callId,
      kind: "webrtc",
      reason: "hung_up",
      durationMs,
      usage: undefined,
    }, c);
  }
  // It may already have been ending for another reason.
  const reason = active ? active.ownReason : over;
  return c.body(null, 204, reason === undefined ? {} : { [ENDED_HEADER]: reason });
}

/** @throws {ProblemError} when the request has no valid token for its call, its caller and this API. */
export async function assertOwner(
  c: RealtimeContext,
  { openUpstream, tokens }: AppContext,
  { product }: CallApi,
): Promise<VerifiedToken & { readonly callId: string; readonly upstream: Upstream }> {
  const callId = c.req.param("callId") ?? "";
  const upstream = await openUpstream(c);
  const token = c.req.header(TOKEN_HEADER) ?? c.req.query(TOKEN_QUERY) ?? "";
  const owner = { callId, caller: c.get("caller"), product };
  const verified = await tokens.verify(token, owner, await upstream.tokenSecrets());
  if (!verified) {
    const message = `The header ${TOKEN_HEADER} must contain the token of the call`;
    throw new ProblemError("invalid_call_token", message);
  }
  return { ...verified, callId, upstream };
}

function assertConversation(session: SessionPolicy): void {
  if (session.type !== "transcription") return;
  const cause = new TypeError(
    `Cannot create a call as its session must be of type realtime: current value is ${session.type}`,
  );
  throw new ProblemError("internal_error", "The server is misconfigured", { cause });
}

function wantsJson(c: RealtimeContext): boolean {
  // The default of fetch.
  if (c.req.header("accept") === "*/*") return false;
  const supports = ["application/sdp", "application/json"];
  return accepts(c, { header: "Accept", supports, default: "application/sdp" }) === "application/json";
}

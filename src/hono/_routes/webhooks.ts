import { RealtimeApiError } from "../../errors.ts";
import {
  isRealtimeCallIncomingEvent,
  type RealtimeSessionConfig,
  type SipHeader,
  toLiveIncomingCall,
} from "../../protocol/mod.ts";
import { verifyWebhook, WebhookVerificationError } from "../../rest/mod.ts";
import type { AppContext } from "../_app/context.ts";
import { isWebhookSecret } from "../_app/option_rules.ts";
import type { Upstream } from "../_app/upstream.ts";
import { notSetUp, resolveSecret } from "../_auth/secrets.ts";
import type { ActiveCallOptions } from "../_calls/active_call.ts";
import { announceCall, type Beginning } from "../_calls/announce_call.ts";
import { beginCall } from "../_calls/begin_call.ts";
import { type CallApi, REALTIME_CALLS } from "../_calls/call_api.ts";
import { callListeners } from "../_calls/call_listeners.ts";
import { bodyTooLarge, ProblemError } from "../_http/problem_error.ts";
import { readWhole } from "../_http/read_body.ts";
import { liveTelephone } from "../_live/telephone.ts";
import { upstreamProblem } from "../_http/upstream_problem.ts";
import { onDeployment } from "../_policy/on_deployment.ts";
import type { AnnouncedCall, IncomingCallDecision } from "../incoming_call.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/**
 * Takes a webhook of OpenAI, and lets the host decide what becomes of the call that it announces. Every other webhook is
 * taken and left alone. What could not be handled is answered with an error, and OpenAI sends it again. A decision that
 * takes longer than the request is carried out nevertheless, and answers the webhook that comes again.
 */
export async function receiveWebhook(c: RealtimeContext, app: AppContext): Promise<Response> {
  const event = await verify(c, app).catch((error) => {
    throw toProblem(error, c, app);
  });
  await app.webhooks.handle({
    id: c.req.header("webhook-id")?.trim() ?? "",
    store: app.storeFor(c),
    signal: c.get("signal"),
    report: (error) => app.settings.onError(error, c),
    handle: async () => {
      if (isRealtimeCallIncomingEvent(event)) {
        const { call_id: callId, sip_headers: headers } = event.data;
        await handleCall(toAnnouncedCall(callId, event.id, headers), realtimeTelephone(app), c, app);
      }
      const live = app.live && toLiveIncomingCall(event);
      if (app.live && live) {
        const { session_id: callId, sip_headers: headers } = live.data;
        await handleCall(toAnnouncedCall(callId, live.id, headers), liveTelephone(app.live, app), c, app);
      }
    },
  });
  return c.body(null, 200);
}

async function verify(c: RealtimeContext, { settings }: AppContext) {
  const { maxBodyBytes, now, onError, webhookSecret } = settings;
  const given = [await resolveSecret(webhookSecret, "OPENAI_WEBHOOK_SECRET", c)].flat();
  const secrets = given.filter((secret) => isWebhookSecret(secret));
  const cause = new TypeError("Cannot check webhooks as a secret is not base64 after whsec_");
  if (secrets.length === 0) throw notSetUp(cause);
  // One that is misspelt does not keep the others from being used.
  if (secrets.length < given.length) onError(cause, c);
  let failure: unknown;
  for (const request of await readWhole(c)) {
    if (Number(request.headers.get("content-length")) > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
    try {
      return await verifyWebhook(request, secrets, { maxBodyBytes, now });
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/** Tells a stranger as little as the reason, and nothing of our time. */
function toProblem(error: unknown, c: RealtimeContext, { emit }: AppContext): unknown {
  if (!(error instanceof WebhookVerificationError)) return error;
  const { reason, webhookId } = error;
  emit({ type: "webhook_refused", reason, webhookId }, c);
  const code = reason === "too_large" ? "body_too_large" : "webhook_refused";
  return new ProblemError(code, `The webhook cannot be believed: ${reason}`);
}

/** How telephone calls of one of the APIs are taken. */
export interface Telephone<Policy extends object> {
  /** The API. */
  readonly api: CallApi;
  /** Asks the host. */
  readonly decide:
    | ((
      call: AnnouncedCall,
      c: RealtimeContext,
    ) => IncomingCallDecision<Policy> | Promise<IncomingCallDecision<Policy>>)
    | undefined;
  /** Takes a call. */
  readonly accept: (callId: string, session: Policy, upstream: Upstream) => Promise<void>;
  /** Turns a call down. */
  readonly reject: (callId: string, statusCode: number | undefined, upstream: Upstream) => Promise<void>;
  /** Tells the host of a call that was taken. */
  readonly announce: (call: ActiveCallOptions["call"], session: Policy, beginning: Beginning) => Promise<void>;
}

function realtimeTelephone({ settings }: AppContext): Telephone<RealtimeSessionConfig> {
  return {
    api: REALTIME_CALLS,
    decide: settings.onIncomingCall,
    accept: (callId, session, { rest, target }) => rest.acceptCall(callId, onDeployment(session, target)),
    reject: (callId, statusCode, { rest }) => rest.rejectCall(callId, { statusCode }),
    announce: (call, session, beginning) => announceCall({ ...call, session }, beginning),
  };
}

async function handleCall<Policy extends object>(
  announced: AnnouncedCall,
  telephone: Telephone<Policy>,
  c: RealtimeContext,
  app: AppContext,
): Promise<void> {
  const { settings } = app;
  const { announce, api, decide } = telephone;
  const decision = await decide?.(announced, c) ?? { action: "ignore" };
  if (decision.action === "ignore") return;
  const upstream = await app.openUpstream(c);
  const { callId } = announced;
  if (!await carryOut(decision, callId, { telephone, upstream }) || decision.action === "reject") return;
  const call = { callId, caller: undefined, kind: "sip", session: decision.session } as const;
  const active = beginCall(call, app, { api, c, listeners: callListeners(c, settings, upstream.strip), upstream });
  // The call is taken: to have the webhook once more would not help.
  await announce(call, decision.session, { active, api, c, upstream, settings })
    .catch((error) => settings.onError(error, c));
}

/** Does what was decided; tells whether the caller was still there, and nobody else has taken the call. */
async function carryOut<Policy extends object>(
  decision: Exclude<IncomingCallDecision<Policy>, { action: "ignore" }>,
  callId: string,
  { telephone, upstream }: { readonly telephone: Telephone<Policy>; readonly upstream: Upstream },
): Promise<boolean> {
  try {
    if (decision.action === "accept") await telephone.accept(callId, decision.session, upstream);
    else await telephone.reject(callId, decision.statusCode, upstream);
    return true;
  } catch (error) {
    // A call may be announced for both APIs: what accepts first has it.
    if (error instanceof RealtimeApiError && (error.status === 404 || error.status === 409)) return false;
    throw upstreamProblem(error);
  }
}

function toAnnouncedCall(callId: string, eventId: string, sipHeaders: readonly SipHeader[]): AnnouncedCall {
  return {
    callId,
    eventId,
    sipHeaders,
    header: (name) => sipHeaders.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value,
  };
}

import { RealtimeApiError } from "../../errors.ts";
import { isRealtimeCallIncomingEvent, type RealtimeCallIncomingEvent } from "../../protocol/mod.ts";
import { verifyWebhook, WebhookVerificationError } from "../../rest/mod.ts";
import type { AppContext } from "../_app/context.ts";
import { isWebhookSecret } from "../_app/option_rules.ts";
import type { Upstream } from "../_app/upstream.ts";
import { notSetUp, resolveSecret } from "../_auth/secrets.ts";
import { announceCall } from "../_calls/announce_call.ts";
import { beginCall } from "../_calls/begin_call.ts";
import { callListeners } from "../_calls/call_listeners.ts";
import { bodyTooLarge, ProblemError } from "../_http/problem_error.ts";
import { readWhole } from "../_http/read_body.ts";
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
      if (isRealtimeCallIncomingEvent(event)) await handleCall(event, c, app);
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

async function handleCall(event: RealtimeCallIncomingEvent, c: RealtimeContext, app: AppContext): Promise<void> {
  const { settings } = app;
  const decision = await settings.onIncomingCall?.(toAnnouncedCall(event), c) ?? { action: "ignore" };
  if (decision.action === "ignore") return;
  const upstream = await app.openUpstream(c);
  const callId = event.data.call_id;
  if (!await carryOut(decision, callId, upstream) || decision.action === "reject") return;
  const call = { callId, caller: undefined, kind: "sip", session: decision.session } as const;
  const active = beginCall(call, app, { c, listeners: callListeners(c, settings, upstream.strip), upstream });
  // The call is taken: to have the webhook once more would not help.
  await announceCall(call, { active, c, upstream, settings }).catch((error) => settings.onError(error, c));
}

/** Does what was decided; tells whether the caller was still there. */
async function carryOut(
  decision: Exclude<IncomingCallDecision, { action: "ignore" }>,
  callId: string,
  { rest, target }: Upstream,
): Promise<boolean> {
  try {
    if (decision.action === "accept") await rest.acceptCall(callId, onDeployment(decision.session, target));
    else await rest.rejectCall(callId, { statusCode: decision.statusCode });
    return true;
  } catch (error) {
    if (error instanceof RealtimeApiError && error.status === 404) return false;
    throw upstreamProblem(error);
  }
}

function toAnnouncedCall({ data, id }: RealtimeCallIncomingEvent): AnnouncedCall {
  return {
    callId: data.call_id,
    eventId: id,
    sipHeaders: data.sip_headers,
    header: (name) => data.sip_headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value,
  };
}

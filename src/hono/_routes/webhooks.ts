import { RealtimeApiError } from "../../errors.ts";
import { isRealtimeCallIncomingEvent, type RealtimeCallIncomingEvent } from "../../protocol/mod.ts";
import { verifyWebhook, WebhookVerificationError } from "../../rest/mod.ts";
import { announceCall } from "../_calls/announce_call.ts";
import type { AppContext } from "../_app/context.ts";
import { readWhole } from "../_http/read_body.ts";
import { ProblemError } from "../_http/problem_error.ts";
import { resolveSecret } from "../_auth/secrets.ts";
import type { Upstream } from "../_app/upstream.ts";
import { upstreamProblem } from "../_http/upstream_problem.ts";
import type { AnnouncedCall, IncomingCallDecision } from "../incoming_call.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/**
 * Takes a webhook of OpenAI, and lets the host decide what becomes of the call that it announces. Every other webhook is
 * taken and left alone. What could not be handled is answered with an error, and OpenAI sends it again.
 */
export async function receiveWebhook(c: RealtimeContext, app: AppContext): Promise<Response> {
  const { maxBodyBytes, now, replayGuard, webhookSecret } = app.settings;
  const secret = await resolveSecret(webhookSecret, "OPENAI_WEBHOOK_SECRET", c);
  let claimed: string | undefined;
  const seen = async (webhookId: string) => {
    if (!await replayGuard.claim(webhookId)) return true;
    claimed = webhookId;
    return false;
  };
  try {
    const event = await verifyWebhook(await readWhole(c), secret, { maxBodyBytes, now, seen });
    if (isRealtimeCallIncomingEvent(event)) await handleCall(event, c, app);
  } catch (error) {
    if (claimed !== undefined) await replayGuard.release(claimed);
    if (!(error instanceof WebhookVerificationError)) throw error;
    if (error.reason !== "replayed") throw webhookProblem(error);
  }
  return c.body(null, 200);
}

/** Tells a stranger as little as the reason, and nothing of our time. */
function webhookProblem({ reason }: WebhookVerificationError): ProblemError {
  const code = reason === "too_large" ? "body_too_large" : "webhook_refused";
  return new ProblemError(code, `The webhook cannot be believed: ${reason}`);
}

async function handleCall(event: RealtimeCallIncomingEvent, c: RealtimeContext, app: AppContext): Promise<void> {
  const decision = await app.settings.onIncomingCall?.(toAnnouncedCall(event), c) ?? { action: "ignore" };
  if (decision.action === "ignore") return;
  const upstream = await app.openUpstream(c);
  if (!await carryOut(decision, event.data.call_id, upstream, c.get("signal")) || decision.action === "reject") return;
  const call = { callId: event.data.call_id, caller: undefined, kind: "sip", session: decision.session } as const;
  // The call is taken: to have the webhook once more would not help.
  await announceCall(call, { c, upstream, settings: app.settings }).catch((error) => app.settings.onError(error, c));
}

/** Does what was decided; tells whether the caller was still there. */
async function carryOut(
  decision: Exclude<IncomingCallDecision, { action: "ignore" }>,
  callId: string,
  { rest }: Upstream,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    if (decision.action === "accept") await rest.acceptCall(callId, decision.session, { signal });
    else await rest.rejectCall(callId, { signal, statusCode: decision.statusCode });
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

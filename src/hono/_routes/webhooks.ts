import { isRealtimeCallIncomingEvent, type RealtimeSessionConfig, toLiveIncomingCall } from "../../protocol/mod.ts";
import { verifyWebhook, WebhookVerificationError } from "../../rest/mod.ts";
import type { AppContext } from "../_app/context.ts";
import { isWebhookSecret } from "../_app/option_rules.ts";
import { notSetUp, resolveSecret } from "../_auth/secrets.ts";
import { announceCall } from "../_calls/announce_call.ts";
import { REALTIME_CALLS } from "../_calls/call_api.ts";
import { handleCall, type Telephone, toAnnouncedCall } from "../_calls/telephone.ts";
import { ProblemError } from "../_http/problem_error.ts";
import { readWhole } from "../_http/read_body.ts";
import { liveTelephone } from "../_live/telephone.ts";
import { onDeployment } from "../_policy/on_deployment.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/**
 * Processes a webhook of OpenAI, and asks the host for a decision about the call that it announces. All other webhooks are
 * accepted and ignored. If handling fails, the response is an error, and OpenAI sends the webhook again. A decision
 * that exceeds the request timeout is still carried out, and answers the repeated webhook.
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
  const given = [await resolveSecret(webhookSecret, "webhookSecret", c)].flat();
  const secrets = given.filter((secret) => isWebhookSecret(secret));
  const cause = new TypeError("Cannot check webhooks as a secret is not base64 after whsec_");
  if (secrets.length === 0) throw notSetUp(cause);
  // An invalid one does not prevent the use of the others.
  if (secrets.length < given.length) onError(cause, c);
  return await verifyWebhook(await readWhole(c), secrets, { maxBodyBytes, now });
}

/** Discloses only the reason, and not the server's time. */
function toProblem(error: unknown, c: RealtimeContext, { emit }: AppContext): unknown {
  if (!(error instanceof WebhookVerificationError)) return error;
  const { reason, webhookId } = error;
  emit({ type: "webhook_refused", reason, webhookId }, c);
  const code = reason === "too_large" ? "body_too_large" : "webhook_refused";
  return new ProblemError(code, `The webhook was rejected: ${reason}`);
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

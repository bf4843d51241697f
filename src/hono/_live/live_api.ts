import type { ApiTarget } from "../../_internal/api_target.ts";
import { RealtimeApiError } from "../../errors.ts";
import { attachLive, LiveRest } from "../../live/mod.ts";
import { type LiveSessionConfig, MAX_LIVE_SESSION_MS } from "../../protocol/mod.ts";
import type { Settings } from "../_app/settings.ts";
import { tracedFetch, type Upstream } from "../_app/upstream.ts";
import type { CallApi } from "../_calls/call_api.ts";
import { readLive } from "./protocol.ts";
import { LiveUsageMeter } from "./usage_meter.ts";
import { liveView } from "./view.ts";

/** Responses to a hang-up that allow another way: it is documented for telephones only. */
const NOT_A_TELEPHONE: ReadonlySet<number> = new Set([400, 405, 409, 422]);

/** Longest time for a session to begin, in milliseconds. */
const BEGINNING_MS = 300_000;

/** The API and the credentials. The end user is a field of the session. */
type Asker = Pick<Upstream, "target" | "traceparent">;

/** The HTTP half of the Live API. */
export function liveRest({ target, traceparent }: Asker, settings: Settings, timeoutMs = settings.timeoutMs): LiveRest {
  const { clock } = settings;
  return new LiveRest({ ...target, clock, timeoutMs, fetch: tracedFetch(settings, traceparent) });
}

/** The API and the credentials, for a connection. */
export function withoutSafetyIdentifier({ safetyIdentifier: _, ...target }: ApiTarget): ApiTarget {
  return target;
}

/** Settings as required by this API: on Azure, a deployment replaces the model. */
export function onLiveDeployment<Session extends object>(session: Session, { azure }: ApiTarget): Session {
  return azure ? { ...session, model: azure.deployment } : session;
}

/** Settings of a policy whose media does not pass a WebSocket. */
export function withoutFormat({ audio, ...session }: LiveSessionConfig): LiveSessionConfig {
  const { format: _, ...rest } = audio ?? {};
  return { ...session, ...audio && { audio: rest } };
}

/** The Live sessions of pages and telephones. */
export function liveCalls(settings: Settings): CallApi {
  return {
    longestMs: MAX_LIVE_SESSION_MS + BEGINNING_MS,
    product: "live",
    view: liveView(new Set()),
    read: readLive,
    createMeter: (session, prices) => new LiveUsageMeter(session, prices),
    toHangUp: (callId, { target, traceparent }) => () => endSession(callId, { target, traceparent }, settings),
  };
}

/** Ends a session: as a call or, if the API supports that for telephones only, over a connection to it. */
async function endSession(sessionId: string, asker: Asker, settings: Settings): Promise<void> {
  try {
    return await liveRest(asker, settings).hangUp(sessionId);
  } catch (error) {
    const { status = 0 } = error instanceof RealtimeApiError ? error : {};
    if (status === 404) return;
    if (!NOT_A_TELEPHONE.has(status)) throw error;
  }
  const { clock, dial, timeoutMs } = settings;
  const session = await attachLive(sessionId, {
    ...withoutSafetyIdentifier(asker.target),
    clock,
    dial,
    timeoutMs,
    recovery: false,
  });
  await session.close({ endSession: true });
}

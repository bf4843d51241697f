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

/** Answers to a hang-up that leave another way to try: it is documented for telephones only. */
const NOT_A_TELEPHONE: ReadonlySet<number> = new Set([400, 405, 409, 422]);

/** How long a session may take to begin, at most, in milliseconds. */
const BEGINNING_MS = 300_000;

/** Who asks: whom for is a field of the session. */
type Asker = Pick<Upstream, "target" | "traceparent">;

/** The HTTP half of the Live API. */
export function liveRest({ target, traceparent }: Asker, settings: Settings, timeoutMs = settings.timeoutMs): LiveRest {
  const { clock } = settings;
  return new LiveRest({ ...target, clock, timeoutMs, fetch: tracedFetch(settings, traceparent) });
}

/** Who asks, for a connection. */
export function withoutSafetyIdentifier({ safetyIdentifier: _, ...target }: ApiTarget): ApiTarget {
  return target;
}

/** Settings as this API takes them: on Azure a deployment takes the place of the model. */
export function onLiveDeployment<Session extends object>(session: Session, { azure }: ApiTarget): Session {
  return azure ? { ...session, model: azure.deployment } : session;
}

/** Settings of a policy where the media does not pass a WebSocket. */
export function withoutFormat({ audio, ...session }: LiveSessionConfig): LiveSessionConfig {
  const { format: _, ...rest } = audio ?? {};
  return { ...session, ...audio && { audio: rest } };
}

/** The sessions of the Live API that pages and telephones have. */
export function liveCalls(settings: Settings): CallApi {
  return {
    longestMs: MAX_LIVE_SESSION_MS + BEGINNING_MS,
    product: "live",
    view: liveView(new Set()),
    read: readLive,
    createMeter: (session, prices) => new LiveUsageMeter(session, prices),
    toHangUp: (callId, { target, traceparent }, { signal }) => () =>
      endSession(callId, { target, traceparent }, settings, signal),
  };
}

/** Ends a session: as a call, or, where the API has that for telephones only, by a connection to it. */
async function endSession(
  sessionId: string,
  asker: Asker,
  settings: Settings,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    return await liveRest(asker, settings).hangUp(sessionId, { signal });
  } catch (error) {
    const { status = 0 } = error instanceof RealtimeApiError ? error : {};
    if (status === 404) return;
    if (!NOT_A_TELEPHONE.has(status)) throw error;
  }
  const { clock, dial, timeoutMs } = settings;
  const session = await attachLive(sessionId, { ...asker.target, clock, dial, timeoutMs, signal, recovery: false });
  await session.close({ endSession: true });
}

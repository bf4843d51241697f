import type { UpgradeWebSocket, WSContext, WSEvents } from "hono/ws";
import { realtimeHeaders, realtimeUrl, translationUrl } from "../../transport/mod.ts";
import type { AppContext } from "../_app/context.ts";
import { stateOf } from "../_app/request_state.ts";
import type { Upstream } from "../_app/upstream.ts";
import { randomId } from "../../_internal/ids.ts";
import { ProblemError } from "../_http/problem_error.ts";
import { OverrideRules } from "../_policy/override_rules.ts";
import type { Place } from "../_quotas/place.ts";
import { UsageMeter } from "../_quotas/usage_meter.ts";
import { clientFrames } from "../_relay/client_frames.ts";
import { type PageSocket, toPageSocket } from "../_relay/page_socket.ts";
import { PolicyStart } from "../_relay/policy_start.ts";
import { Relay } from "../_relay/relay.ts";
import type { RelayParts } from "../_relay/relay_parts.ts";
import { relayRules } from "../_relay/rules.ts";
import { functionNames } from "../_relay/page_functions.ts";
import { workersUpgrade } from "../_relay/workers_upgrade.ts";
import type { SessionPolicy } from "../realtime_app_options.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Code of a connection that broke. */
const BROKEN = 1006;

/** How long a place is kept for a page whose socket never opens, in milliseconds. */
const OPENING_MS = 30_000;

/** Makes a relay for the socket of a page, or finds the one that it comes back to. */
type Begin = (page: PageSocket) => Relay;

/** Makes a relay of a request: a WebSocket to the page, and one to the API. */
export function relayOpener(upgradeWebSocket: UpgradeWebSocket) {
  const upgrade = workersUpgrade() ?? upgradeWebSocket;
  return async (c: RealtimeContext, app: AppContext): Promise<Response> => {
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") throw upgradeRequired();
    const resumeToken = c.req.query("resume");
    const { begin, giveUp } = resumeToken === undefined ? await toBegin(c, app) : toReturn(c, app, resumeToken);
    try {
      const response = await upgrade(c, relayEvents(begin));
      stateOf(c).isUpgraded = true;
      return response;
    } catch (error) {
      giveUp();
      if (c.req.header("sec-websocket-key") === undefined) throw upgradeRequired();
      const why = "if the app is mounted, leave its path in the address, see the option basePath";
      const cause = new TypeError(`Cannot upgrade to a WebSocket: ${why}`, { cause: error });
      throw new ProblemError("internal_error", "The server is not set up", { cause });
    }
  };
}

function upgradeRequired(): ProblemError {
  return new ProblemError("upgrade_required", "The relay is a WebSocket", { headers: { Upgrade: "websocket" } });
}

function toReturn(c: RealtimeContext, { relays }: AppContext, resumeToken: string) {
  const relay = relays.find(resumeToken, c.get("caller"));
  if (!relay) throw new ProblemError("relay_not_found", "There is no such session any more", { param: "resume" });
  const lastEventId = c.req.query("last_event_id");
  const begin: Begin = (page) => {
    relay.resume(page, lastEventId);
    return relay;
  };
  return { begin, giveUp: () => {} };
}

async function toBegin(c: RealtimeContext, app: AppContext): Promise<{ begin: Begin; giveUp: () => void }> {
  const { settings: { clock, onError } } = app;
  const { session } = await app.decideSession(c, undefined);
  const upstream = await app.openUpstream(c);
  const place = await app.quotasFor(c).enter("concurrentRelays", randomId("relay"), {
    caller: c.get("caller"),
    isRenewed: true,
    report: (error) => onError(error, c),
  });
  // A page that goes before its socket is open has no relay that could give the place back.
  const cancelGiveUp = place.isTaken ? clock.schedule(() => place.release(), OPENING_MS) : () => {};
  const giveUp = () => {
    cancelGiveUp();
    place.release();
  };
  try {
    c.get("signal").throwIfAborted();
    const parts = toRelayParts(c, app, { session, upstream, place });
    const begin: Begin = (page) => {
      cancelGiveUp();
      const relay: Relay = new Relay({
        ...parts,
        page,
        onEnd(end) {
          app.relays.delete(relay);
          parts.onEnd(end, relay);
        },
      });
      app.relays.add(relay);
      void relay.start();
      return relay;
    };
    return { begin, giveUp };
  } catch (error) {
    giveUp();
    throw error;
  }
}

type Ended = (...args: [...Parameters<RelayParts["onEnd"]>, relay: Relay]) => void;

function toRelayParts(
  c: RealtimeContext,
  app: AppContext,
  { place, session, upstream }: {
    readonly place: Place;
    readonly session: SessionPolicy;
    readonly upstream: Upstream;
  },
): Omit<RelayParts, "onEnd" | "page"> & { readonly onEnd: Ended } {
  const { emit, settings } = app;
  const { check, clientMayOverride, clock, dial, limits, relay: times, relayFilter, relayLimits, tools } = settings;
  const { onToolApproval } = settings;
  const onError = (error: unknown) => settings.onError(error, c);
  const quotas = app.quotasFor(c);
  const caller = c.get("caller");
  const rules = relayRules({ overrides: new OverrideRules(clientMayOverride), view: app.view, type: session.type });
  return {
    caller,
    clock,
    dial: async (signal) => {
      const headers = await realtimeHeaders(upstream.target);
      if (upstream.traceparent !== undefined) headers.set("traceparent", upstream.traceparent);
      return await dial({ url: addressOf(session, upstream), headers, protocols: [], signal });
    },
    filter: relayFilter?.(rules, c) ?? rules,
    frames: clientFrames(session.type),
    limits: relayLimits,
    meter: new UsageMeter(session, limits.prices),
    onError,
    onStart: (relay) => emit({ type: "relay_started", relayId: relay.id, relay }, c),
    onEnd({ code, durationMs, hasStarted, reason, usage }, { handle }) {
      place.release();
      if (hasStarted) emit({ type: "relay_ended", relayId: handle.id, code, durationMs, reason, usage }, c);
    },
    startOf: ({ definitions }) => new PolicyStart(session, { check, tools: definitions }),
    quota: {
      countResponse: () => quotas.countResponse(caller, onError),
      spend: (spent) => quotas.spend(caller, spent, onError),
    },
    strip: upstream.stripFrame,
    times: {
      ...times,
      idleMs: settings.relayIdleMs,
      maxDurationMs: limits.maxDurationMs,
      timeoutMs: settings.timeoutMs,
    },
    tools: session.type === "realtime" ? tools : [],
    pageFunctions: session.type === "realtime" ? functionNames(session.tools) : [],
    approve: onToolApproval && ((call, context) => onToolApproval(call, { ...context, c })),
    toolRounds: times.toolRounds,
    answersPings: c.req.query("heartbeat") !== undefined,
  };
}

/** Where a session of this kind begins, as it is chosen before it has settings. */
function addressOf(session: SessionPolicy, { target }: Upstream): URL {
  if (session.type === "realtime") return realtimeUrl({ ...target, model: session.model });
  if (session.type === "transcription") return realtimeUrl({ ...target, intent: "transcription" });
  return translationUrl({ ...target, model: session.model });
}

function relayEvents(begin: Begin): WSEvents {
  let relay: Relay | undefined;
  let page: PageSocket | undefined;
  const end = (code: number, reason: string) => page && relay?.pageEnded({ code, reason }, page);
  return {
    onOpen(_event, webSocket: WSContext) {
      page = toPageSocket(webSocket);
      relay = begin(page);
    },
    onMessage: ({ data }) => page && relay?.receive(data, page),
    onClose: ({ code, reason }) => end(code, reason),
    onError: () => end(BROKEN, ""),
  };
}

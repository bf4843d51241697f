import type { UpgradeWebSocket, WSContext, WSEvents } from "hono/ws";
import { randomId } from "../../_internal/ids.ts";
import { realtimeHeaders, realtimeUrl, translationUrl } from "../../transport/mod.ts";
import type { AppContext } from "../_app/context.ts";
import type { Upstream } from "../_app/upstream.ts";
import { type CallApi, REALTIME_CALLS } from "../_calls/call_api.ts";
import { lifetimeOf } from "../_http/middleware.ts";
import { ProblemError } from "../_http/problem_error.ts";
import type { DecideSession } from "../_policy/session_policy.ts";
import { OverrideRules } from "../_policy/override_rules.ts";
import type { Place } from "../_quotas/place.ts";
import { type Meter, UsageMeter } from "../_quotas/usage_meter.ts";
import { clientFrames } from "../_relay/client_frames.ts";
import { objectOf, outlivesRequest, ownRequest } from "../_relay/own_request.ts";
import { type PageSocket, toPageSocket } from "../_relay/page_socket.ts";
import { REALTIME_PROTOCOL } from "../_relay/realtime_protocol.ts";
import { RealtimeSocket } from "../_sockets/realtime_socket.ts";
import { PolicyStart } from "../_relay/policy_start.ts";
import { Relay } from "../_relay/relay.ts";
import type { RelayParts } from "../_relay/relay_parts.ts";
import { relayRules } from "../_relay/rules.ts";
import { functionNames } from "../_relay/page_functions.ts";
import { workersUpgrade } from "../_relay/workers_upgrade.ts";
import type { RelayHandle, SessionUsage } from "../edge_event.ts";
import type { SessionPolicy } from "../realtime_app_options.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Close code of a broken connection. */
const BROKEN = 1006;

/** Time that a place is kept for a page whose socket never opens, in milliseconds. */
const OPENING_MS = 30_000;

/** Creates a relay for the socket of a page, or finds the one that the page resumes. */
type Begin = (page: PageSocket) => Relay;

/** Parts of a relay that depend on its API. */
export interface RelayProduct extends
  Pick<
    RelayParts,
    "dial" | "filter" | "frames" | "meter" | "pageFunctions" | "protocol" | "startOf" | "tools"
  > {
  /** Called when the session has begun. */
  readonly begun?: (relay: RelayHandle) => void;
  /** Resolves when the API has reported the total usage; `undefined` when that is already known. */
  readonly lastWord: () => Promise<void> | undefined;
}

/** How relays to one API are opened. */
export interface RelayRoute<Policy extends object> {
  /** Its name in events; `undefined` for the Realtime API. */
  readonly product: "live" | undefined;
  /** Decides the session. */
  readonly decide: DecideSession<Policy>;
  /** Creates the parts that depend on the API. */
  readonly productOf: (
    c: RealtimeContext,
    app: AppContext,
    policy: { readonly session: Policy; readonly upstream: Upstream },
  ) => RelayProduct;
}

/** The relay of the Realtime API. */
export function realtimeRelay(decide: DecideSession): RelayRoute<SessionPolicy> {
  return { product: undefined, decide, productOf: realtimeProduct };
}

/** Creates a relay for a request: a WebSocket to the page, and one to the API. */
export function relayOpener<Policy extends object>(upgradeWebSocket: UpgradeWebSocket, route: RelayRoute<Policy>) {
  const upgrade = workersUpgrade() ?? upgradeWebSocket;
  return async (c: RealtimeContext, app: AppContext): Promise<Response> => {
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") throw upgradeRequired();
    const resumeToken = c.req.query("resume");
    const { begin, giveUp } = resumeToken === undefined ? await toBegin(c, app, route) : toReturn(c, app, resumeToken);
    try {
      return await upgrade(c, relayEvents(begin));
    } catch (error) {
      giveUp();
      if (!isHandshake(c)) throw upgradeRequired();
      const why = "if the app is mounted, keep its path in the address, see the option basePath";
      const cause = new TypeError(`Cannot upgrade to a WebSocket: ${why}`, { cause: error });
      throw new ProblemError("internal_error", "The server is misconfigured", { cause });
    }
  };
}

/** Whether a request has the headers of a handshake, in which case a failure to upgrade is not its fault. */
function isHandshake(c: RealtimeContext): boolean {
  const { connection = "", "sec-websocket-key": key = "", "sec-websocket-version": version = "13" } = c.req.header();
  return /\bupgrade\b/i.test(connection) && /^[A-Za-z\d+/]{22}==$/.test(key) && version === "13";
}

function upgradeRequired(): ProblemError {
  return new ProblemError("upgrade_required", "The relay is a WebSocket", { headers: { Upgrade: "websocket" } });
}

function toReturn(c: RealtimeContext, { relays }: AppContext, resumeToken: string) {
  const relay = relays.find(resumeToken, c.get("caller"), objectOf(lifetimeOf(c)));
  if (!relay) throw new ProblemError("relay_not_found", "The session does not exist or has ended", { param: "resume" });
  const lastEventId = c.req.query("last_event_id");
  const begin: Begin = (page) => {
    relay.resume(page, lastEventId);
    return relay;
  };
  return { begin, giveUp: () => {} };
}

async function toBegin<Policy extends object>(
  c: RealtimeContext,
  app: AppContext,
  route: RelayRoute<Policy>,
): Promise<{ begin: Begin; giveUp: () => void }> {
  const { settings: { clock, onError } } = app;
  const { session } = await route.decide(c, undefined);
  const upstream = await app.openUpstream(c);
  const place = await app.quotasFor(c).enter("concurrentRelays", randomId("place"), {
    caller: c.get("caller"),
    longestMs: undefined,
    report: (error) => onError(error, c),
    waitUntil: (work) => lifetimeOf(c)?.waitUntil(work),
  });
  // A page that disconnects before its socket is open has no relay that could release the place.
  const cancelGiveUp = place.id ? clock.schedule(() => place.release(), OPENING_MS) : () => {};
  const giveUp = () => {
    cancelGiveUp();
    place.release();
  };
  try {
    c.get("signal").throwIfAborted();
    const own = route.productOf(c, app, { session, upstream });
    const parts = toRelayParts(c, app, { own, place, product: route.product, upstream });
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
      app.relays.add(relay, objectOf(lifetimeOf(c)));
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
  { own: { begun, lastWord, ...own }, place, product, upstream }: {
    readonly own: RelayProduct;
    readonly place: Place;
    readonly product: "live" | undefined;
    readonly upstream: Upstream;
  },
): Omit<RelayParts, "onEnd" | "page"> & { readonly onEnd: Ended } {
  const { emit, settings } = app;
  const { clock, limits, relay: times, relayLimits } = settings;
  const { onToolApproval } = settings;
  const onError = (error: unknown) => settings.onError(error, c);
  const quotas = app.quotasFor(c);
  const caller = c.get("caller");
  const lifetime = lifetimeOf(c);
  const named = product && { product };
  return {
    ...own,
    caller,
    clock,
    inOwnRequest: ownRequest(onError),
    limits: relayLimits,
    onError,
    onStart(relay) {
      begun?.(relay);
      emit({ type: "relay_started", ...named, relayId: relay.id, relay }, c);
    },
    onEnd({ hasStarted, ...end }, { handle }) {
      place.release();
      if (!hasStarted) return;
      const tell = (usage: SessionUsage) =>
        emit({ type: "relay_ended", ...named, relayId: handle.id, ...end, usage }, c);
      const last = lastWord();
      if (!last) return tell(end.usage);
      lifetime?.waitUntil(last);
      void app.endings.add(last.then(() => tell(own.meter.total)));
    },
    quota: {
      countResponse: () => quotas.countResponse(caller, onError),
      spend(spent) {
        // A page that closes its socket right after an answer would not pay for it on Workers.
        const counted = quotas.spend(caller, spent, onError);
        lifetime?.waitUntil(counted);
        return counted;
      },
    },
    strip: upstream.stripFrame,
    times: {
      ...times,
      resumeMs: outlivesRequest(lifetime) ? times.resumeMs : 0,
      idleMs: settings.relayIdleMs,
      maxDurationMs: limits.maxDurationMs,
      timeoutMs: settings.timeoutMs,
    },
    approve: onToolApproval && ((call, context) => onToolApproval(call, { ...context, c })),
    toolRounds: times.toolRounds,
    answersPings: c.req.query("heartbeat") !== undefined,
  };
}

function realtimeProduct(
  c: RealtimeContext,
  app: AppContext,
  { session, upstream }: { readonly session: SessionPolicy; readonly upstream: Upstream },
): RelayProduct {
  const { settings, view } = app;
  const { check, clientMayOverride, clock, dial, limits, relayFilter, tools } = settings;
  const meter = new UsageMeter(session, limits.prices);
  let socket: RealtimeSocket | undefined;
  const rules = relayRules({ overrides: new OverrideRules(clientMayOverride), view, type: session.type });
  return {
    dial: async (signal) => {
      const headers = await realtimeHeaders(upstream.target);
      if (upstream.traceparent !== undefined) headers.set("traceparent", upstream.traceparent);
      const opened = await dial({ url: addressOf(session, upstream), headers, protocols: [], signal });
      const onLastWord = lastWordMeter(c, app, { meter, read: REALTIME_CALLS.read });
      return socket = new RealtimeSocket(opened, { clock, meter, onLastWord });
    },
    lastWord: () => meter.isSettled ? undefined : socket?.settled,
    filter: relayFilter?.(rules, c) ?? rules,
    frames: clientFrames(session.type),
    meter,
    protocol: REALTIME_PROTOCOL,
    startOf: ({ definitions }) => new PolicyStart(session, { check, tools: definitions }),
    tools: session.type === "realtime" ? tools : [],
    pageFunctions: session.type === "realtime" ? functionNames(session.tools) : [],
  };
}

/** Creates the function that meters a frame of the API that arrives after the end of its relay. */
export function lastWordMeter(
  c: RealtimeContext,
  app: AppContext,
  { meter, read }: { readonly meter: Meter; readonly read: CallApi["read"] },
): (frame: string) => void {
  const quotas = app.quotasFor(c);
  return (frame) => {
    const event = read(frame);
    const used = event && meter.take(event);
    if (!used) return;
    const report = (error: unknown) => app.settings.onError(error, c);
    const counted = quotas.spend(c.get("caller"), used, report);
    lifetimeOf(c)?.waitUntil(counted);
  };
}

/** The address for a session of this type, which is part of the request. */
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

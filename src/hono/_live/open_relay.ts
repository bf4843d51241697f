import { liveUrl } from "../../_internal/live/live_target.ts";
import type { LiveSessionConfig } from "../../protocol/mod.ts";
import { realtimeHeaders } from "../../transport/mod.ts";
import type { AppContext } from "../_app/context.ts";
import type { Upstream } from "../_app/upstream.ts";
import { decide } from "../_policy/session_policy.ts";
import { lastWordMeter, type RelayProduct, type RelayRoute } from "../_routes/relay.ts";
import type { RelayHandle } from "../edge_event.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import { ApiSocket } from "./api_socket.ts";
import { withoutSafetyIdentifier } from "./live_api.ts";
import type { LiveParts } from "./live_parts.ts";
import { observe } from "./observe.ts";
import { LIVE_FRAMES, LIVE_PROTOCOL, LiveStart, readLive } from "./protocol.ts";
import { LiveRules } from "./rules.ts";
import { pageFunctions, toStart } from "./start_config.ts";
import { LiveUsageMeter } from "./usage_meter.ts";
import { liveView, withId } from "./view.ts";

/** A decided session, before the page's settings are known. */
interface Policy {
  readonly session: LiveSessionConfig;
  readonly upstream: Upstream;
}

/** The relay of the Live API. */
export function liveRelay(live: LiveParts): RelayRoute<LiveSessionConfig> {
  return {
    product: "live",
    decide: live.decide,
    productOf: (c, app, policy) => productOf(c, app, { live, ...policy }),
  };
}

function productOf(
  c: RealtimeContext,
  app: AppContext,
  { live, session, upstream }: Policy & { readonly live: LiveParts },
): RelayProduct {
  const { clock, dial, limits, onError, relay } = app.settings;
  const { clientMayOverride = [], relayFilter, tools = [] } = live.options;
  const report = (error: unknown) => onError(error, c);
  const target = withoutSafetyIdentifier(upstream.target);
  const meter = new LiveUsageMeter(session, limits.prices);
  const view = liveView(pageFunctions(session, tools));
  const rules = new LiveRules({
    clientMayOverride,
    // A page that returns names the last event that it has received.
    view: relay.resumeMs > 0 ? (event) => withId(view(event)) : view,
    decide: (changes) => toStart(decide(session, changes, live.policy).session, tools, upstream),
  });
  const { promise: handle, resolve: begun } = Promise.withResolvers<RelayHandle>();
  let socket: ApiSocket | undefined;
  return {
    filter: relayFilter?.(rules, c) ?? rules,
    frames: LIVE_FRAMES,
    meter,
    protocol: LIVE_PROTOCOL,
    startOf: () => new LiveStart(),
    tools: [],
    pageFunctions: [],
    async dial(signal) {
      const headers = await realtimeHeaders(target);
      if (upstream.traceparent !== undefined) headers.set("traceparent", upstream.traceparent);
      const opened = await dial({ url: liveUrl(target, ""), headers, protocols: [], signal });
      const api: ApiSocket = socket = new ApiSocket(opened, {
        clock,
        onStarted: (sessionId) => void observe(sessionId, api, { app, c, live, relay: handle }).catch(report),
        onLastWord: lastWordMeter(c, app, { meter, read: readLive }),
      });
      return api;
    },
    begun,
    lastWord: () => socket?.settled,
  };
}

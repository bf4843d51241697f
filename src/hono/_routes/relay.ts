import type { UpgradeWebSocket, WSEvents } from "hono/ws";
import type { SessionConfig } from "../../protocol/mod.ts";
import { realtimeHeaders, realtimeUrl } from "../../transport/mod.ts";
import { OverrideRules } from "../_policy/override_rules.ts";
import type { AppContext } from "../_app/context.ts";
import { ProblemError } from "../_http/problem_error.ts";
import { toPageSocket } from "../_relay/page_socket.ts";
import { Relay, type RelayParts } from "../_relay/relay.ts";
import { relayRules } from "../_relay/rules.ts";
import { workersUpgrade } from "../_relay/workers_upgrade.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Code of a connection that broke. */
const BROKEN = 1006;

/** Makes a relay of a request: a WebSocket to the page, and one to the API. */
export function relayOpener(upgradeWebSocket: UpgradeWebSocket) {
  const upgrade = workersUpgrade() ?? upgradeWebSocket;
  return async (c: RealtimeContext, app: AppContext): Promise<Response> => {
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") throw upgradeRequired();
    const relayParts = await toRelayParts(c, app);
    try {
      return await upgrade(c, relayEvents(relayParts));
    } catch (error) {
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

async function toRelayParts(c: RealtimeContext, app: AppContext): Promise<Omit<RelayParts, "page">> {
  const { decideSession, openUpstream, settings } = app;
  const { clientMayOverride, clock, dial, onError, relayFilter, relayLimits, timeoutMs } = settings;
  const { session } = await decideSession(c, undefined);
  const { target } = await openUpstream(c);
  const rules = relayRules(new OverrideRules(clientMayOverride));
  return {
    clock,
    dial: async (signal) => {
      const address = { ...target, ...addressOf(session) };
      return await dial({ url: realtimeUrl(address), headers: await realtimeHeaders(address), protocols: [], signal });
    },
    filter: relayFilter?.(rules, c) ?? rules,
    limits: relayLimits,
    onError: (error) => onError(error, c),
    policy: session,
    timeoutMs,
  };
}

/** What a session is chosen by, before it has settings. */
function addressOf(session: SessionConfig): { model?: string | undefined; intent?: "transcription" } {
  return session.type === "realtime" ? { model: session.model } : { intent: "transcription" };
}

function relayEvents(parts: Omit<RelayParts, "page">): WSEvents {
  let relay: Relay | undefined;
  return {
    onOpen(_event, webSocket) {
      relay = new Relay({ ...parts, page: toPageSocket(webSocket) });
      void relay.start();
    },
    onMessage: ({ data }) => relay?.receive(data),
    onClose: ({ code, reason }) => relay?.close({ code, reason }),
    onError: () => relay?.close({ code: BROKEN, reason: "" }),
  };
}

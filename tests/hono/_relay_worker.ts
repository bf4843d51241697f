// A Worker whose relays can be ended by other requests, as an administrator does it, and whose calls are followed.
import type { RelayHandle } from "../../src/hono/mod.ts";
import { createRealtimeApp } from "./_canary.ts";
import { Hono } from "hono";
import { upgradeWebSocket } from "hono/cloudflare-workers";

export { CallRoom, RealtimeStoreObject } from "../../examples/edge/worker.ts";

interface Bindings {
  readonly OPENAI_API_KEY: string;
  readonly OPENAI_BASE_URL: string;
}

const relays: RelayHandle[] = [];

const realtime = createRealtimeApp<Bindings>({
  authorize: () => "alice",
  session: { type: "realtime", model: "gpt-realtime-2.1" },
  live: { session: { model: "gpt-live-1" } },
  baseUrl: (c) => c.env.OPENAI_BASE_URL,
  relay: { resumeMs: 60_000 },
  limits: { perCaller: { concurrentCalls: 1, concurrentRelays: 1, tokensPerDay: 1_000_000 }, idleMs: 60_000 },
  onCall: async (call) => void await call.attach(),
  upgradeWebSocket,
  onEvent: (event) => {
    if (event.type === "relay_started") relays.push(event.relay);
  },
});

export default new Hono<{ Bindings: Bindings }>()
  .post("/say/:type", (c) => {
    for (const relay of relays) relay.inject({ type: c.req.param("type") } as Parameters<RelayHandle["inject"]>[0]);
    return c.body(null, 204);
  })
  .post("/close", (c) => {
    for (const relay of relays.splice(0)) relay.close("An administrator has ended the session");
    return c.body(null, 204);
  })
  .route("/realtime", realtime);

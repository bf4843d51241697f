// A Worker whose relays can be ended by other requests, as an administrator does it, and whose calls are followed. Its
// Durable Objects, at /room/NAME, serve the same app.
import type { RelayHandle } from "../../src/hono/mod.ts";
import { createRealtimeApp } from "./_canary.ts";
import { type ExecutionContext, Hono } from "hono";
import { upgradeWebSocket } from "hono/cloudflare-workers";

export { RealtimeStoreObject } from "../../examples/edge/worker.ts";

/** An object, and a namespace of objects. */
interface Room {
  fetch(request: Request): Promise<Response>;
}
interface Rooms {
  getByName(name: string): Room;
}

interface Bindings {
  readonly CALLS: Rooms;
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

const app = new Hono<{ Bindings: Bindings }>()
  .post("/say/:type", (c) => {
    for (const relay of relays) relay.inject({ type: c.req.param("type") } as Parameters<RelayHandle["inject"]>[0]);
    return c.body(null, 204);
  })
  .post("/close", (c) => {
    for (const relay of relays.splice(0)) relay.close("An administrator has ended the session");
    return c.body(null, 204);
  })
  .route("/realtime", realtime);

export class CallRoom {
  readonly #env: Bindings;
  readonly #state: ExecutionContext;

  constructor(state: ExecutionContext, env: Bindings) {
    this.#env = env;
    this.#state = state;
  }

  async fetch(request: Request): Promise<Response> {
    return await app.fetch(request, this.#env, this.#state);
  }
}

export default {
  async fetch(request: Request, env: Bindings, lifetime: ExecutionContext): Promise<Response> {
    const url = new URL(request.url);
    const [, name, path] = /^\/room\/(\w+)(\/.*)$/.exec(url.pathname) ?? [];
    if (name === undefined) return await app.fetch(request, env, lifetime);
    url.pathname = path!;
    return await env.CALLS.getByName(name).fetch(new Request(url, request));
  },
};

import { Hono } from "hono";
import { compose, type Middlewares } from "./_app/compose.ts";
import { type AppContext, createContext } from "./_app/context.ts";
import { answerFailure } from "./_http/answer_problem.ts";
import {
  authorized,
  bounded,
  forPages,
  fromAllowedOrigin,
  Gatekeeper,
  marked,
  only,
  traced,
  withDeadline,
} from "./_http/middleware.ts";
import { originGuard } from "./_http/origin_guard.ts";
import { ProblemError } from "./_http/problem_error.ts";
import { streamCallEvents } from "./_routes/call_events.ts";
import { createCall, hangUpCall } from "./_routes/calls.ts";
import { mintClientSecret } from "./_routes/client_secrets.ts";
import { answerHealth } from "./_routes/health.ts";
import { answerOpenApi } from "./_routes/openapi.ts";
import { createLiveSession } from "./_live/create_session.ts";
import { liveRelay } from "./_live/open_relay.ts";
import { realtimeRelay, relayOpener } from "./_routes/relay.ts";
import { receiveWebhook } from "./_routes/webhooks.ts";
import type { RealtimeAppOptions } from "./realtime_app_options.ts";
import type { RealtimeContext, RealtimeEnv } from "./realtime_env.ts";
import type { RealtimeRoutes } from "./realtime_routes.ts";

/**
 * An edge app: a Hono app that can be closed.
 *
 * @category Edge app
 */
export interface RealtimeApp<Bindings extends object = object>
  extends Hono<RealtimeEnv<Bindings>, RealtimeRoutes, "/">, AsyncDisposable {
  /**
   * Ends everything that this process has started: relays are closed with code 1001, calls are hung up. From then on
   * every request except `/health` is answered with 503. Resolves when everything has ended; idempotent.
   */
  close(): Promise<void>;
}

/** Handles a request that all middlewares have passed on. */
type Handle = (c: RealtimeContext, context: AppContext) => Promise<Response>;

/** Routes that do not exist without certain options, and these options. */
const OPTIONAL_ROUTES = [
  ["/client_secrets", "option session"],
  ["/calls", "option session"],
  ["/webhooks", "option onIncomingCall or live.onIncomingCall"],
  ["/relay", "options session and upgradeWebSocket"],
  ["/live/relay", "options live and upgradeWebSocket"],
  ["/live/sessions", "option live"],
] as const;

/**
 * Creates an app that gives pages voice sessions without ever exposing the key, and keeps the server in control:
 *
 * | route | |
 * | --- | --- |
 * | `POST /client_secrets` | Mints a client secret for the session of the policy. Body: empty, or `{ "session": … }`
 * with settings that the page may change. Response: `{ "value", "expires_at" }`. |
 * | `POST /calls` | Starts a WebRTC call with the session of the policy. Body: the SDP offer as `application/sdp`, or
 * `{ "sdp", "session" }`. Response: 201 with the SDP answer, or `{ "sdp", "call_id", "call_token" }` if only JSON is
 * accepted; in both cases with `Location`, `X-Realtime-Call-Id` and `X-Realtime-Call-Token`. |
 * | `POST /calls/:callId/hangup` | Ends a call. Header `X-Realtime-Call-Token`: the token of the call, which expires
 * after 65 minutes (for a session of the Live API, 125). Response: 204; if the call had already ended,
 * `X-Realtime-Call-Ended` contains the reason, if this process knows it. |
 * | `GET /calls/:callId/events` | The events of a call, as server-sent events. Header `X-Realtime-Call-Token`, or
 * `?call_token=` for an `EventSource`; `Last-Event-ID` resumes after an event. |
 * | `POST /webhooks` | Receives OpenAI's webhooks and lets `onIncomingCall` decide, for the API that the call is
 * announced for; present if that is given. Response: 200. |
 * | `GET /relay` | A WebSocket: a session of the policy, with a filter between the page and the API; present if
 * `upgradeWebSocket` is given. |
 * | `POST /live/sessions` | Starts a WebRTC session of the Live API, as `POST /calls` starts a call; present if `live`
 * is given, with `/live/sessions/:callId/hangup` and `/live/sessions/:callId/events`. |
 * | `GET /live/relay` | A WebSocket with the Live protocol, for `connectLive({ url })`; present if `live` and
 * `upgradeWebSocket` are given. |
 * | `GET /health` | `{ "status": "ok" }`; 503 while the app is being closed. Requires no authorization. |
 * | `GET /openapi.json` | The OpenAPI description of these routes. |
 *
 * Every other response is a {@linkcode Problem}. State that outlives a request is kept in the `store`, so that any
 * number of servers and isolates can respond; calls and relays belong to the process that started them.
 *
 * A page with a client secret or a call talks to the API directly, and may change the settings of its session there.
 * Use the relay for settings that must not be changed.
 *
 * @category Edge app
 *
 * @example A client secret for users who are logged in
 * ```ts
 * import { createRealtimeApp } from "@oai-rt/edge/hono";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals, assertMatch } from "@std/assert";
 *
 * const realtime = createRealtimeApp({
 *   apiKey: "sk-test",
 *   fetch: (input, init) => createSimulator().fetch(new Request(input, init)), // without it: the API
 *   authorize: (c) => c.req.header("Authorization") === "Bearer alice's" && "alice",
 *   session: { type: "realtime", model: "gpt-realtime-2.1", instructions: "You are a calm assistant." },
 *   clientMayOverride: ["audio.output.voice"],
 * });
 *
 * const headers = { "Authorization": "Bearer alice's", "Content-Type": "application/json" };
 * const body = JSON.stringify({ session: { audio: { output: { voice: "marin" } } } });
 * const response = await realtime.request("/client_secrets", { method: "POST", headers, body });
 * assertMatch((await response.json()).value, /^ek_/);
 * assertEquals((await realtime.request("/client_secrets", { method: "POST" })).status, 403);
 * ```
 *
 * @throws {TypeError} when an option is missing, misspelt or of the wrong type; `authorize` and `session` are required.
 * @throws {RangeError} when the value of an option is not allowed.
 */
export function createRealtimeApp<Bindings extends object = object>(
  options: RealtimeAppOptions<Bindings>,
): RealtimeApp<Bindings> {
  // The type of `c.env` concerns only the functions of the host.
  const context = createContext(options as unknown as RealtimeAppOptions);
  const { emit, settings, telemetry } = context;
  let closing: Promise<void> | undefined;
  const app = new Hono<RealtimeEnv>().basePath(settings.basePath);
  const listeners = { emit, onError: settings.onError };
  const fail = (error: unknown, c: RealtimeContext) => answerFailure(error, c, listeners);
  const route = (path: string, middlewares: Middlewares, handle: Handle) =>
    app.all(path, compose([...traced(path, telemetry, settings), ...middlewares], (c) => handle(c, context), fail));
  const gatekeeper = new Gatekeeper();
  const assertAllowed = originGuard(settings);
  // Authorization precedes reading: a stranger's body is not read.
  const called = (method: "GET" | "POST") => [
    marked,
    forPages(assertAllowed, method),
    gatekeeper.pass,
    only(method),
    withDeadline(settings),
    authorized(settings),
    bounded(settings),
  ];

  const { decideSession, live } = context;
  if (decideSession) {
    route("/client_secrets", called("POST"), (c) => mintClientSecret(c, context, decideSession));
    route("/calls", called("POST"), (c) => createCall(c, context, decideSession));
    route("/calls/:callId/hangup", called("POST"), hangUpCall);
    route("/calls/:callId/events", called("GET"), streamCallEvents);
  }
  route("/health", [marked, only("GET", "HEAD")], answerHealth(() => gatekeeper.isClosing));
  route("/openapi.json", [marked, forPages(assertAllowed, "GET"), only("GET", "HEAD")], answerOpenApi);
  if (live) {
    route("/live/sessions", called("POST"), (c) => createLiveSession(c, context, live));
    route("/live/sessions/:callId/hangup", called("POST"), (c) => hangUpCall(c, context, live.calls.api));
    route("/live/sessions/:callId/events", called("GET"), (c) => streamCallEvents(c, context, live.calls));
  }
  if (settings.onIncomingCall || live?.options.onIncomingCall) {
    const posted = [marked, gatekeeper.pass, only("POST"), withDeadline(settings), bounded(settings)];
    route("/webhooks", posted, receiveWebhook);
  }
  if (settings.upgradeWebSocket) {
    const relayed = [
      marked,
      fromAllowedOrigin(assertAllowed),
      gatekeeper.pass,
      only("GET"),
      withDeadline(settings),
      authorized(settings),
    ];
    if (decideSession) route("/relay", relayed, relayOpener(settings.upgradeWebSocket, realtimeRelay(decideSession)));
    if (live) route("/live/relay", relayed, relayOpener(settings.upgradeWebSocket, liveRelay(live)));
  }
  for (const [path, options] of OPTIONAL_ROUTES) {
    const message = `The route requires the ${options} of createRealtimeApp()`;
    route(path, [marked], () => Promise.reject(new ProblemError("not_found", message)));
  }
  // Not `notFound`, which belongs to the host if this app is one of its routes.
  route("/*", [marked], () => Promise.reject(new ProblemError("not_found", "The route does not exist")));
  const close = () =>
    closing ??= (async () => {
      gatekeeper.close();
      context.relays.close();
      await context.calls.close();
      // A call that is about to begin is hung up by its request or, after the request's timeout, by the work that goes on.
      await gatekeeper.drain();
      await context.endings.all();
    })();
  app.notFound((c) => fail(new ProblemError("not_found", "The route does not exist"), c));
  return Object.assign(app, { close, [Symbol.asyncDispose]: close }) as unknown as RealtimeApp<Bindings>;
}

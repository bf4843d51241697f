import { Hono } from "hono";
import { createCall, hangUpCall } from "./_routes/calls.ts";
import { compose, type Middlewares } from "./_app/compose.ts";
import { mintClientSecret } from "./_routes/client_secrets.ts";
import {
  authorized,
  bounded,
  forPages,
  fromAllowedOrigin,
  marked,
  named,
  only,
  withDeadline,
} from "./_http/middleware.ts";
import { relayOpener } from "./_routes/relay.ts";
import { type AppContext, createContext } from "./_app/context.ts";
import { answerFailure, answerProblem } from "./_http/answer_problem.ts";
import { ProblemError } from "./_http/problem_error.ts";
import { receiveWebhook } from "./_routes/webhooks.ts";
import type { RealtimeAppOptions } from "./realtime_app_options.ts";
import type { RealtimeContext, RealtimeEnv } from "./realtime_env.ts";

/** Answers a request that all middlewares let through. */
type Handle = (c: RealtimeContext, context: AppContext) => Promise<Response>;

/**
 * Makes an app that gives pages voice sessions without ever showing them the key, and keeps the server in control:
 *
 * | route | |
 * | --- | --- |
 * | `POST /client_secrets` | Mints a client secret for the session of the policy. Body: nothing, or `{ "session": … }` with what the page may set. Answer: `{ "value", "expires_at" }`. |
 * | `POST /calls` | Starts a WebRTC call with the session of the policy. Body: the SDP offer as `application/sdp`, or `{ "sdp", "session" }`. Answer: 201 with the SDP answer, or `{ "sdp", "call_id", "call_token" }` for those who accept JSON only; `Location`, `X-Realtime-Call-Id` and `X-Realtime-Call-Token` for all. |
 * | `POST /calls/:callId/hangup` | Ends a call. Header `X-Realtime-Call-Token`: as it came with the call, 65 minutes ago at most. Answer: 204. |
 * | `POST /webhooks` | Takes the webhooks of OpenAI and lets `onIncomingCall` decide; there when that is given. Answer: 200. |
 * | `GET /relay` | A WebSocket: a session of the policy, with a filter between the page and the API; there when `upgradeWebSocket` is given. |
 *
 * Every other answer is a {@linkcode Problem}. Nothing is remembered between requests but which webhooks came, so that
 * any number of servers and isolates can answer.
 *
 * A page that has a client secret or a call talks to the API by itself, and may change the settings of its session
 * there. What must not be changed at all goes over the relay.
 *
 * @example A secret for whoever has logged in
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
 * @throws {TypeError} when an option is missing, misspelt or of the wrong type: `authorize` and `session` above all.
 * @throws {RangeError} when the value of an option is not allowed.
 */
export function createRealtimeApp<Bindings extends object = object>(
  options: RealtimeAppOptions<Bindings>,
): Hono<RealtimeEnv<Bindings>> {
  // Of what `c.env` is made concerns the functions of the host only.
  const context = createContext(options as unknown as RealtimeAppOptions);
  const { settings } = context;
  const { timeoutMs } = settings;
  const app = new Hono<RealtimeEnv>().basePath(settings.basePath);
  const fail = (error: unknown, c: RealtimeContext) => answerFailure(error, c, settings);
  const route = (path: string, middlewares: Middlewares, handle: Handle) =>
    app.all(path, compose(middlewares, (c) => handle(c, context), fail));
  const posted = [only("POST"), ...bounded(settings)];
  const called = [...marked(), forPages(settings), ...posted, authorized(settings)];

  route("/client_secrets", called, mintClientSecret);
  route("/calls", called, createCall);
  route("/calls/:callId/hangup", called, hangUpCall);
  if (settings.onIncomingCall) route("/webhooks", [...marked(), ...posted], receiveWebhook);
  if (settings.upgradeWebSocket) {
    const relayed = [named(), only("GET"), fromAllowedOrigin(settings), withDeadline(timeoutMs), authorized(settings)];
    route("/relay", relayed, relayOpener(settings.upgradeWebSocket));
  }

  app.notFound((c) => answerProblem(new ProblemError("not_found", "There is no such route"), c));
  return app as unknown as Hono<RealtimeEnv<Bindings>>;
}

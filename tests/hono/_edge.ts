import type { ExecutionContext } from "hono";
import type { RealtimeAppOptions } from "../../src/hono/mod.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { assertAnswerWithout, assertErrorWithout, assertRequestWithout, CANARY, createRealtimeApp } from "./_canary.ts";
import { WEBHOOK_SECRET } from "./_webhook.ts";

/** An SDP offer. */
export const OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";

/** An SDP offer with everything a call needs. */
export const WHOLE_OFFER = `${OFFER}a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=mid:0\r\n` +
  `a=rtpmap:111 opus/48000/2\r\na=setup:actpass\r\na=fingerprint:sha-256 ${"AA:".repeat(31)}AA\r\na=sendrecv\r\n`;

/** An SDP answer. */
export const ANSWER = "v=0\r\no=- 2 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

/** The policy: settings that no page may see or change. */
export const POLICY = {
  type: "realtime",
  model: "gpt-realtime-2.1",
  instructions: "You are a calm assistant.",
  audio: { input: { transcription: null }, output: { voice: "marin" } },
} as const;

/** Text that must not be in any response, in addition to the key: words of the policy and of the API's errors. */
export const PRIVATE = [WEBHOOK_SECRET, POLICY.instructions, "org-secret", "req_secret"];

/** Unix time of the tests, in milliseconds. */
export const NOW = 1_790_000_000_000;

/** A timeout that really passes, in milliseconds: long enough for a request to reach the API on a slow machine. */
export const TIMEOUT_MS = 1_000;

/** A request as it reached the API. */
export interface SeenRequest {
  readonly call: string;
  readonly headers: Headers;
  readonly body: string;
}

/** The API's answer to a request, or an error in place of one. */
export type React = (request: SeenRequest) => Response | Error | Promise<Response>;

/** An app whose API is a stub. */
export interface Edge {
  /** Sends a request to the app; the answer is searched for forbidden text. */
  request(
    path: string,
    init?: RequestInit,
    env?: Record<string, unknown>,
    lifetime?: ExecutionContext,
  ): Promise<Response>;
  /** Requests that reached the API, in order. */
  readonly requests: readonly SeenRequest[];
  /** Arguments of `onError`. */
  readonly errors: readonly unknown[];
  readonly clock: VirtualClock;
  /** Closes the app. */
  close(): Promise<void>;
  /** Posts to the app as an authorized caller, unless the headers differ. */
  post(path: string, body?: BodyInit | null, headers?: Record<string, string>): Promise<Response>;
}

/** Creates an app whose requests to the API end in a stub. */
export function createEdge(options: Partial<RealtimeAppOptions> = {}, react: React = answerAsTheApi): Edge {
  const requests: SeenRequest[] = [];
  const errors: unknown[] = [];
  const clock = createVirtualClock();
  const app = createRealtimeApp({
    apiKey: CANARY,
    authorize: (c) => c.req.header("authorization")?.replace("Bearer ", "") ?? false,
    session: POLICY,
    fetch: stubFetch(requests, react),
    onError: (error) => {
      assertErrorWithout(error, [WEBHOOK_SECRET]);
      errors.push(error);
    },
    now: () => NOW,
    clock,
    ...options,
  });
  const request: Edge["request"] = async (path, init, env, lifetime) => {
    const response = await app.request(path, init, env, lifetime);
    await assertAnswerWithout(response, PRIVATE);
    return response;
  };
  return {
    request,
    requests,
    errors,
    clock,
    close: () => app.close(),
    post: (path, body = null, headers = {}) =>
      request(path, { method: "POST", headers: { authorization: "Bearer alice", ...headers }, body }),
  };
}

function stubFetch(requests: SeenRequest[], react: React): typeof globalThis.fetch {
  return async (input, init) => {
    const sent = new Request(input, init);
    const { body, headers, method, url } = sent;
    const text = body ? await new Response(body).text() : "";
    assertRequestWithout(sent, text);
    const request = { call: `${method} ${url.replace("https://api.openai.com/v1", "")}`, headers, body: text };
    requests.push(request);
    const reaction = await react(request);
    if (reaction instanceof Error) throw reaction;
    return reaction;
  };
}

/** Answers as the API does on success. */
export function answerAsTheApi({ call }: Pick<SeenRequest, "call">): Response {
  switch (call) {
    case "POST /realtime/client_secrets":
      return Response.json({
        value: "ek_test",
        expires_at: 1_790_000_060,
        session: { type: "realtime", instructions: POLICY.instructions },
      });
    case "POST /realtime/calls":
      return new Response(ANSWER, {
        status: 201,
        headers: { "location": "/v1/realtime/calls/rtc_1", "content-type": "text/plain; charset=utf-8" },
      });
    default:
      return new Response();
  }
}

/** A refusal by the API. */
export function apiError(status: number, error: Record<string, unknown> = {}): Response {
  const body = { error: { message: `No: ${CANARY} of org-secret`, type: "invalid_request_error", ...error } };
  return Response.json(body, { status, headers: { "x-request-id": "req_secret" } });
}

/** The parts of the form that starts a call. */
export async function callForm({ body, headers }: SeenRequest): Promise<{ sdp: string; session: unknown }> {
  const form = await new Response(body, { headers: { "content-type": headers.get("content-type")! } }).formData();
  return { sdp: `${form.get("sdp")}`, session: JSON.parse(`${form.get("session")}`) };
}

/** Status and code of a problem, after a look at its form. */
export async function problemOf(response: Response): Promise<string> {
  const { error: { code, message, param, request_id, type, ...rest } } = await response.json();
  const isWellFormed = typeof message === "string" && (param === null || typeof param === "string") &&
    typeof request_id === "string" && Object.keys(rest).length === 0 &&
    type === (response.status < 500 ? "invalid_request_error" : "server_error");
  if (!isWellFormed) throw new Error("Cannot read the problem as it has not the documented form");
  return [response.status, code, ...param === null ? [] : [param]].join(" ");
}

/** Removes a variable of the environment, which whoever runs the tests may have, until it is disposed of. */
export function withoutVariable(name: string): Disposable {
  const value = Deno.env.get(name);
  Deno.env.delete(name);
  return { [Symbol.dispose]: () => value !== undefined && Deno.env.set(name, value) };
}

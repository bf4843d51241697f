import { RealtimeRest, type RealtimeRestOptions } from "../../src/rest/mod.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { assertRequestWithout, CANARY, searchedRest } from "../hono/_canary.ts";

/** Body of an API error. */
export const API_ERROR = {
  error: { message: "No such thing.", type: "invalid_request_error", code: "not_found", param: "session.voice" },
};

/** An SDP answer. */
export const SDP = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

/** Answer to a client secret. */
export const SECRET = { value: "ek_test", expires_at: 1_790_000_600, session: { type: "realtime" } };

/** A request as it reached the stub. */
export interface SeenRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly init: RequestInit;
}

/** The stub's reaction to a request: a response, or an error. */
export type Reaction = Response | Error | Promise<Response>;

/** A client whose requests end in a stub, on a virtual clock. */
export interface Stub {
  readonly rest: RealtimeRest;
  readonly requests: readonly SeenRequest[];
  readonly clock: VirtualClock;
}

/** Creates a client that gets the responses of `react`, which receives the number of the request, from 0. */
export function createStub(
  react: (index: number, request: SeenRequest) => Reaction,
  options: Partial<RealtimeRestOptions> = {},
): Stub {
  const clock = createVirtualClock();
  const requests: SeenRequest[] = [];
  const fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(input, init);
    const { url, method, headers, body } = request;
    const text = body ? await new Response(body).text() : "";
    assertRequestWithout(request, text);
    requests.push({ url, method, headers: Object.fromEntries(headers), body: text, init });
    const reaction = await react(requests.length - 1, requests.at(-1)!);
    if (reaction instanceof Error) throw reaction;
    return reaction;
  };
  return { rest: searchedRest(new RealtimeRest({ apiKey: CANARY, clock, fetch, ...options })), requests, clock };
}

/** An answer of 201 with SDP, as OpenAI types it. */
export function sdpAnswer(location?: string): Response {
  return new Response(SDP, { status: 201, headers: location === undefined ? {} : { location } });
}

/** An answer of this status with an API error. */
export function apiError(status: number, headers: HeadersInit = {}): Response {
  return Response.json(API_ERROR, { status, headers });
}

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { RestFault } from "../../../src/simulator/rest_faults.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { OFFER, OWNER } from "../_api.ts";

const SECRETS = "/realtime/client_secrets";
const CALLS = "/realtime/calls?model=gpt-realtime";

function simulatorWith(...restFaults: RestFault[]) {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, restFaults });
  const post = (path: string) =>
    simulator.fetch(
      new Request(`https://simulator/v1${path}`, {
        method: "POST",
        headers: { ...OWNER, ...path === CALLS && { "content-type": "application/sdp" } },
        body: path === CALLS ? OFFER : "{}",
      }),
    );
  return { clock, simulator, post };
}

async function errorIn(response: Response): Promise<{ readonly type: string; readonly code: string | null }> {
  return (await response.json()).error;
}

Deno.test("REST faults apply to the given route, after skip requests, for the given number of times", async () => {
  const { post } = simulatorWith({ type: "status", status: 503, route: SECRETS, skip: 1, times: 2 });
  const statuses: number[] = [];
  for (const path of [SECRETS, CALLS, SECRETS, CALLS, SECRETS, SECRETS]) {
    const response = await post(path);
    statuses.push(response.status);
    await response.body?.cancel();
  }
  assertEquals(statuses, [200, 201, 503, 201, 503, 200]);
});

Deno.test("REST fault status: 429 has a Retry-After header or none", async () => {
  const { post } = simulatorWith(
    { type: "status", status: 429 },
    { type: "status", status: 429, retryAfterSeconds: 20 },
    { type: "status", status: 429, retryAfterMs: 1500 },
    { type: "status", status: 500 },
  );
  const seen: unknown[] = [];
  for (let index = 0; index < 4; index++) {
    const response = await post(SECRETS);
    const { code, type } = await errorIn(response);
    seen.push([
      response.status,
      type,
      code,
      response.headers.get("retry-after"),
      response.headers.get("retry-after-ms"),
    ]);
  }
  assertEquals(seen, [
    [429, "requests", "rate_limit_exceeded", null, null],
    [429, "requests", "rate_limit_exceeded", "20", null],
    [429, "requests", "rate_limit_exceeded", null, "1500"],
    [500, "server_error", null, null, null],
  ]);
});

Deno.test("REST fault no_credit: calls are refused, and client secrets are minted", async () => {
  const { post } = simulatorWith({ type: "no_credit", route: "/realtime/calls", times: Infinity });
  for (let index = 0; index < 2; index++) {
    const refused = await post(CALLS);
    const { code, type } = await errorIn(refused);
    assertEquals([refused.status, type, code], [429, "insufficient_quota", "credit_balance_exhausted"]);
    const minted = await post(SECRETS);
    assertEquals([minted.status, (await minted.json()).value.slice(0, 3)], [200, "ek_"]);
  }
});

Deno.test("REST fault no_credit: without a route it applies to calls only", async () => {
  const { post } = simulatorWith({ type: "no_credit", times: Infinity });
  assertEquals([(await post(SECRETS)).status, (await post(CALLS)).status, (await post(SECRETS)).status], [
    200,
    429,
    200,
  ]);
  const secrets = simulatorWith({ type: "no_credit", route: "/realtime/client_secrets" });
  assertEquals([(await secrets.post(CALLS)).status, (await secrets.post(SECRETS)).status], [201, 429]);
});

Deno.test("REST fault status: a status below 500 is an invalid_request_error", async () => {
  for (
    const [status, type] of [[403, "invalid_request_error"], [404, "invalid_request_error"], [503, "server_error"]]
  ) {
    const { post } = simulatorWith({ type: "status", status: Number(status) });
    const refused = await post(SECRETS);
    assertEquals([refused.status, (await errorIn(refused)).type], [status, type]);
  }
});

Deno.test("REST faults apply to the endpoints of the Live API", async () => {
  const { simulator } = simulatorWith({ type: "status", status: 503, route: "/live/sessions" });
  const answers = [];
  for (let index = 0; index < 2; index++) {
    const response = await simulator.fetch("https://simulator/v1/live/sessions", {
      method: "POST",
      headers: { authorization: "Bearer sk-test" },
      body: "{}",
    });
    answers.push(response.status);
    await response.body?.cancel();
  }
  assertEquals(answers, [503, 400]);
});

Deno.test("REST fault slow: the response arrives after the delay", async () => {
  const { clock, post } = simulatorWith({ type: "slow", ms: 5000 });
  let status: number | undefined;
  const answered = post(SECRETS).then((response) => void (status = response.status));
  await clock.advance(4999);
  assertEquals(status, undefined);
  await clock.advance(1);
  await answered;
  assertEquals(status, 200);
});

Deno.test("REST fault malformed: the status is 2xx and the body is invalid", async () => {
  const { post } = simulatorWith({ type: "malformed" });
  const response = await post(SECRETS);
  assertEquals([response.status, response.headers.get("content-type")], [200, "application/json"]);
  await assertRejects(() => response.json(), SyntaxError);
});

Deno.test("REST fault drop: the request rejects as on a broken connection", async () => {
  const { post, simulator } = simulatorWith();
  simulator.restFault({ type: "drop" });
  await assertRejects(() => post(SECRETS), TypeError, "The connection broke");
  assertEquals((await post(SECRETS)).status, 200);
});

Deno.test("createSimulator() rejects invalid REST faults", () => {
  const cases: readonly [fault: object, error: typeof TypeError | typeof RangeError, words: string][] = [
    [
      { type: "fire" },
      TypeError,
      "type must be one of status, no_credit, slow, malformed, drop: current value is fire",
    ],
    [{ type: "status" }, RangeError, "Cannot set the REST fault status as status must be from 400 to 599"],
    [{ type: "status", status: 200 }, RangeError, "current value is 200"],
    [{ type: "slow", ms: NaN }, RangeError, "ms must be >= 0: current value is NaN"],
    [{ type: "slow", millis: 1 }, TypeError, "Cannot set the REST fault slow as there is no option millis"],
    [{ type: "drop", times: 0 }, RangeError, "times must be >= 1: current value is 0"],
    [{ type: "drop", times: 1.5 }, RangeError, "times must be a whole number: current value is 1.5"],
    [{ type: "drop", skip: -1 }, RangeError, "skip must be >= 0: current value is -1"],
    [{ type: "status", status: 429.5 }, RangeError, "status must be a whole number: current value is 429.5"],
    [{ type: "status", status: "429" }, TypeError, "status must be a number: current value is 429"],
    [{ type: "slow", ms: "5" }, TypeError, "ms must be a number: current value is 5"],
    [{ type: "slow", ms: null }, TypeError, "ms must be a number: current value is null"],
    [
      { type: "drop", route: "/v1/realtime/calls" },
      TypeError,
      "route must be an endpoint, such as /realtime/calls: current value is /v1/realtime/calls",
    ],
    [{ type: "drop", route: "/chat/completions" }, TypeError, "route must be an endpoint: current value is /chat"],
  ];
  const { simulator } = simulatorWith();
  for (const [fault, error, words] of cases) {
    assertThrows(() => simulator.restFault(fault as RestFault), error, words);
    assertThrows(() => createSimulator({ restFaults: [fault as RestFault] }), error, words);
  }
  const none = null as unknown as RestFault;
  assertThrows(() => simulator.restFault(none), TypeError, "Cannot set a REST fault as type must be one of");
});

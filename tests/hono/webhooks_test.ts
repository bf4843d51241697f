import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ConnectionError } from "../../src/errors.ts";
import { createReplayGuard, type EdgeCall, memoryStore, type RealtimeAppOptions } from "../../src/hono/mod.ts";
import { apiError, createEdge, type Edge, NOW, POLICY, problemOf, type React, withoutVariable } from "./_edge.ts";
import { signedWebhook, WEBHOOK_SECRET, type WebhookOptions } from "./_webhook.ts";

const TIME = NOW / 1000;

function createPhone(options: Partial<RealtimeAppOptions> = {}, react?: React): Edge {
  return createEdge({
    webhookSecret: WEBHOOK_SECRET,
    onIncomingCall: () => ({ action: "accept", session: POLICY }),
    ...options,
  }, react);
}

async function ring(edge: Edge, options: Partial<WebhookOptions> = {}, path = "/webhooks"): Promise<Response> {
  const { body, headers } = await signedWebhook({ timestamp: TIME, ...options });
  return await edge.request(path, { method: "POST", headers, body });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("POST /webhooks accepts a call with the session of onIncomingCall", async () => {
  const seen: unknown[] = [];
  const edge = createPhone({
    onIncomingCall: async (call, c) => {
      seen.push(
        call.callId,
        call.eventId,
        call.header("from"),
        call.header("X-None"),
        call.sipHeaders.length,
        c.req.path,
      );
      return await Promise.resolve({ action: "accept", session: POLICY });
    },
  });
  const response = await ring(edge);
  assertEquals([response.status, await response.text()], [200, ""]);
  assertEquals(seen, ["rtc_sip_1", "evt_1", "sip:+14155550100@sip.example.com", undefined, 2, "/webhooks"]);
  assertEquals(edge.requests.map(({ body, call }) => [call, JSON.parse(body)]), [
    ["POST /realtime/calls/rtc_sip_1/accept", POLICY],
  ]);
});

Deno.test("POST /webhooks rejects a call with the status of onIncomingCall", async () => {
  const edge = createPhone({ onIncomingCall: () => ({ action: "reject", statusCode: 486 }) });
  assertEquals((await ring(edge)).status, 200);
  assertEquals(edge.requests.map(({ body, call }) => [call, body]), [
    ["POST /realtime/calls/rtc_sip_1/reject", `{"status_code":486}`],
  ]);
});

Deno.test("POST /webhooks does nothing for ignored calls and for other events", async () => {
  const edge = createPhone({ onIncomingCall: () => ({ action: "ignore" }) });
  assertEquals((await ring(edge)).status, 200);
  const other = { id: "evt_2", type: "response.completed", created_at: 1, data: { id: "resp_1" } };
  assertEquals((await ring(edge, { event: other, id: "wh_2" })).status, 200);
  assertEquals(edge.requests.length, 0);
});

Deno.test("POST /webhooks calls onCall for an accepted call", async () => {
  const calls: EdgeCall[] = [];
  const edge = createPhone({ onCall: (call) => void calls.push(call) });
  await ring(edge);
  assertEquals(calls.map(({ callId, caller, kind }) => [callId, caller, kind]), [["rtc_sip_1", undefined, "sip"]]);
});

Deno.test("POST /webhooks hangs up when onCall fails after the accept, and answers 200", async () => {
  const edge = createPhone({ onCall: () => Promise.reject(new Error("no room")) });
  assertEquals((await ring(edge)).status, 200);
  assertEquals(edge.requests.map(({ call }) => call.split("/").at(-1)), ["accept", "hangup"]);
  assertMatch(`${edge.errors}`, /no room/);
});

Deno.test("POST /webhooks accepts only current webhooks of OpenAI", async () => {
  const edge = createPhone();
  const refused = async (response: Promise<Response>) => await problemOf(await response);
  assertEquals(await refused(ring(edge, { secret: "whsec_YW5vdGhlciBzZWNyZXQ=" })), "400 webhook_refused");
  assertEquals(await refused(ring(edge, { timestamp: TIME - 301 })), "400 webhook_refused");
  assertEquals(await refused(ring(edge, { timestamp: TIME + 301 })), "400 webhook_refused");
  assertEquals(await refused(ring(edge, { event: "no JSON" })), "400 webhook_refused");
  assertEquals(
    await refused(Promise.resolve(edge.request("/webhooks", { method: "POST", body: "{}" }))),
    "400 webhook_refused",
  );
  const { headers } = await signedWebhook({ timestamp: TIME });
  const forged = edge.request("/webhooks", { method: "POST", headers, body: `{"type":"realtime.call.incoming"}` });
  assertEquals(await refused(Promise.resolve(forged)), "400 webhook_refused");
  assertEquals(edge.requests.length, 0);
});

Deno.test("POST /webhooks handles a webhook once", async () => {
  const edge = createPhone();
  assertEquals([(await ring(edge)).status, (await ring(edge)).status], [200, 200]);
  assertEquals(edge.requests.length, 1);
  await ring(edge, { id: "wh_2" });
  assertEquals(edge.requests.length, 2);
});

Deno.test("POST /webhooks accepts a webhook again after it could not be handled", async () => {
  let failures = 1;
  const edge = createPhone(
    { onIncomingCall: () => ({ action: "reject" }) },
    () => failures-- > 0 ? apiError(400) : new Response(),
  );
  assertEquals(await problemOf(await ring(edge)), "502 upstream_refused");
  assertEquals((await ring(edge)).status, 200);
  const hostFails = createPhone({ onIncomingCall: () => Promise.reject(new Error("no database")) });
  assertEquals(await problemOf(await ring(hostFails)), "500 internal_error");
  assertEquals(await problemOf(await ring(hostFails)), "500 internal_error");
});

Deno.test("POST /webhooks rejects no call because of a misspelt decision", async () => {
  const decisions: readonly (readonly [unknown, string])[] = [
    [{ action: "answer", session: POLICY }, 'must have the action accept, reject or ignore: current value is "answer"'],
    [{}, "must have the action accept, reject or ignore: current value is undefined"],
    [{ action: "reject", status_code: 486 }, "did you mean decision.statusCode?"],
    [{ action: "accept", sessions: POLICY }, "did you mean decision.session?"],
    [true, "decision must be an object: current value is of type Boolean"],
  ];
  for (const [decision, message] of decisions) {
    const edge = createPhone({ onIncomingCall: () => decision as never });
    assertEquals(await problemOf(await ring(edge)), "500 internal_error");
    assertStringIncludes(`${edge.errors}`, message);
    assertEquals(edge.requests.length, 0);
  }
  const silent = createPhone({ onIncomingCall: () => undefined as never });
  assertEquals([(await ring(silent)).status, silent.requests.length], [200, 0]);
});

Deno.test("POST /webhooks reports the cause when an accepted call cannot be watched", async () => {
  const error = new ConnectionError("No line", { kind: "unreachable" });
  const edge = createPhone({ calls: { watch: true }, dial: () => Promise.reject(error) });
  assertEquals((await ring(edge)).status, 200);
  assertEquals(edge.errors, [error]);
});

Deno.test("POST /webhooks uses the given replay guard", async () => {
  const log: string[] = [];
  const replayGuard = {
    claim: (id: string) => Promise.resolve(log.push(`claim ${id}`) === 1),
    release: (id: string) => void log.push(`release ${id}`),
  };
  const edge = createPhone({ replayGuard }, () => apiError(400));
  await ring(edge);
  await ring(edge, { id: "wh_2" });
  assertEquals(log, ["claim wh_1", "release wh_1", "claim wh_2"]);
});

Deno.test("POST /webhooks succeeds for a caller that has hung up", async () => {
  const calls: EdgeCall[] = [];
  const edge = createPhone({ onCall: (call) => void calls.push(call) }, () => apiError(404));
  assertEquals([(await ring(edge)).status, calls.length], [200, 0]);
});

Deno.test("POST /webhooks finds a call that was accepted although the answer was lost", async () => {
  const lost: Readonly<Record<string, [failure: () => Response | Error, isOurs: boolean]>> = {
    "no answer": [() => new TypeError("connection reset"), true],
    "a proxy's timeout": [() => apiError(504), true],
    "a refusal": [() => apiError(401), false],
  };
  for (const [name, [failure, isOurs]] of Object.entries(lost)) {
    const calls: string[] = [];
    const store = memoryStore({ now: () => NOW });
    const options = { store, onCall: ({ callId }: EdgeCall) => void calls.push(callId) };
    const first = createPhone(options, failure);
    const next = createPhone(options, () => apiError(409));
    assertEquals((await ring(next, { id: "wh_0" })).status, 200, name);
    // The server that gets the webhook again may be another one.
    assertEquals([(await ring(first)).status, (await ring(next)).status], [502, 200], name);
    assertEquals(calls, isOurs ? ["rtc_sip_1"] : [], name);
    await next.close();
    assertEquals(next.requests.filter(({ call }) => call.endsWith("/hangup")).length, isOurs ? 1 : 0, name);
  }
});

Deno.test("POST /webhooks finds a call whose first server ended before the answer to its acceptance", async () => {
  for (const isAnswered of [false, true]) {
    let now = NOW;
    const calls: string[] = [];
    const options = {
      store: memoryStore({ now: () => now }),
      onCall: ({ callId }: EdgeCall) => void calls.push(callId),
    };
    const answer = Promise.withResolvers<Response>();
    const first = createPhone(options, () => isAnswered ? new Response() : answer.promise);
    const next = createPhone(options, () => apiError(409));
    const ringing = ring(first);
    for (let turn = 0; turn < 99 && first.requests.length === 0; turn++) await nextTurn();
    if (isAnswered) await ringing;
    assertEquals(first.requests.length, 1);
    now += 61_000;
    // One that has learnt the answer owns the call, even if the webhook is sent again with another id.
    assertEquals((await ring(next, isAnswered ? { id: "wh_2" } : {})).status, 200);
    assertEquals(calls, ["rtc_sip_1"]);
    assertEquals([first, next].map((edge) => edge.requests.length), [1, 1]);
    answer.resolve(apiError(404));
    await ringing;
  }
});

Deno.test("POST /webhooks leaves a call to the server that is accepting it when it is announced twice", async () => {
  for (const action of ["accept", "reject"] as const) {
    const calls: string[] = [];
    const options = {
      store: memoryStore({ now: () => NOW }),
      onCall: ({ callId }: EdgeCall) => void calls.push(callId),
    };
    const answer = Promise.withResolvers<Response>();
    const first = createPhone(options, () => answer.promise);
    const onIncomingCall = () => action === "accept" ? { action, session: POLICY } : { action };
    const next = createPhone({ ...options, onIncomingCall }, () => apiError(409));
    const ringing = ring(first);
    for (let turn = 0; turn < 99 && first.requests.length === 0; turn++) await nextTurn();
    // Another webhook endpoint of the account.
    let isAnswered = false;
    const second = ring(next, { id: "wh_2" }).finally(() => isAnswered = true);
    for (let turn = 0; turn < 20; turn++) {
      await next.clock.advance(250);
      await nextTurn();
    }
    assertEquals([isAnswered, next.requests.length], [false, 0]);
    answer.resolve(new Response());
    assertEquals((await ringing).status, 200);
    await next.clock.advance(250);
    assertEquals((await second).status, 200);
    assertEquals(calls, ["rtc_sip_1"]);
    assertEquals(next.requests.map(({ call }) => call), [`POST /realtime/calls/rtc_sip_1/${action}`]);
  }
});

Deno.test("POST /webhooks hangs a call up that is rejected after it was accepted", async () => {
  for (const status of [404, 409]) {
    for (const isOurs of [true, false]) {
      const store = memoryStore({ now: () => NOW });
      const first = createPhone({ store }, () => isOurs ? apiError(504) : apiError(401));
      // Its hangup fails once.
      const hangups = [new Response(), apiError(400)];
      const next = createPhone(
        { store, onIncomingCall: () => ({ action: "reject" }) },
        ({ call }) => call.endsWith("/hangup") ? hangups.pop()! : apiError(status),
      );
      assertEquals((await ring(first)).status, 502);
      if (isOurs) assertEquals(await problemOf(await ring(next)), "502 upstream_refused");
      assertEquals((await ring(next)).status, 200);
      const calls = ["reject", "hangup"].slice(0, isOurs ? 2 : 1).map((verb) =>
        `POST /realtime/calls/rtc_sip_1/${verb}`
      );
      assertEquals(next.requests.map(({ call }) => call), isOurs ? [...calls, ...calls] : calls);
    }
  }
});

Deno.test("POST /webhooks accepts one of several secrets, and that of the environment", async () => {
  using _ = withoutVariable("OPENAI_WEBHOOK_SECRET");
  const several = createPhone({ webhookSecret: ["whsec_YW5vdGhlciBzZWNyZXQ=", WEBHOOK_SECRET] });
  assertEquals((await ring(several)).status, 200);
  const edge = createPhone({ webhookSecret: undefined });
  const { body, headers } = await signedWebhook({ timestamp: TIME });
  const init = { method: "POST", headers, body };
  assertEquals((await edge.request("/webhooks", init, { OPENAI_WEBHOOK_SECRET: WEBHOOK_SECRET })).status, 200);
  assertEquals(await problemOf(await edge.request("/webhooks", init, {})), "500 internal_error");
});

Deno.test("POST /webhooks exists only with onIncomingCall, and skips authorize", async () => {
  assertEquals(await problemOf(await ring(createEdge({ webhookSecret: WEBHOOK_SECRET }))), "404 not_found");
  assertEquals((await ring(createPhone({ authorize: () => false }))).status, 200);
});

Deno.test("createReplayGuard() forgets old entries, and the oldest of too many", () => {
  let time = 0;
  const guard = createReplayGuard({ windowMs: 100, maxRemembered: 2, now: () => time });
  assertEquals([guard.claim("a"), guard.claim("a"), guard.claim("b")], [true, false, true]);
  time = 99;
  assertEquals(guard.claim("a"), false);
  assertEquals(guard.claim("c"), true);
  assertEquals([guard.claim("b"), guard.claim("a")], [false, true]);
  time = 199;
  assertEquals([guard.claim("c"), guard.claim("a"), guard.claim("a")], [true, true, false]);
});

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import type { EdgeEvent, RealtimeAppOptions, RelayHandle } from "../../../src/hono/mod.ts";
import { createVirtualClock } from "../../../src/simulator/mod.ts";
import { CANARY, createRealtimeApp } from "../_canary.ts";
import { answerAsTheApi, apiError, createEdge, NOW, OFFER, POLICY, problemOf } from "../_edge.ts";
import { createSetting } from "../_relay.ts";
import { signedWebhook, WEBHOOK_SECRET } from "../_webhook.ts";

const SDP = { "content-type": "application/sdp" };

Deno.test("onEvent receives every secret, start, end and rejection, with its caller and request", async () => {
  const events: EdgeEvent[] = [];
  const seconds = Math.floor(NOW / 1000);
  const edge = createEdge({
    onEvent: (event) => events.push(event),
    webhookSecret: WEBHOOK_SECRET,
    onIncomingCall: (call) => ({ action: "accept", session: { ...POLICY, instructions: `${call.callId}` } }),
  });
  const id = { "x-request-id": "trace-1" };
  await edge.post("/client_secrets", null, id);
  const response = await edge.post("/calls", OFFER, { ...SDP, ...id });
  await edge.clock.advance(1500);
  const token = { "x-realtime-call-token": response.headers.get("x-realtime-call-token")! };
  await edge.post("/calls/rtc_1/hangup", null, { ...token, ...id });
  await edge.post("/webhooks", ...webhookArguments(await signedWebhook({ timestamp: seconds }), id));
  await edge.post("/webhooks", ...webhookArguments(await signedWebhook({ timestamp: seconds - 999, id: "wh_2" }), id));
  await edge.post("/calls?secret=1", "no", { ...SDP, ...id });
  await edge.request("/nowhere", { headers: id });
  const base = { time: NOW, requestId: "trace-1" };
  assertEquals(events, [
    { ...base, caller: "alice", type: "minted", expiresAt: 1_790_000_060 },
    { ...base, caller: "alice", type: "call_started", callId: "rtc_1", kind: "webrtc" },
    {
      ...base,
      caller: "alice",
      type: "call_ended",
      callId: "rtc_1",
      kind: "webrtc",
      reason: "hung_up",
      durationMs: 1500,
      usage: undefined,
    },
    { ...base, caller: undefined, type: "call_started", callId: "rtc_sip_1", kind: "sip" },
    { ...base, caller: undefined, type: "webhook_refused", reason: "timestamp", webhookId: "wh_2" },
    {
      ...base,
      caller: undefined,
      type: "refused",
      method: "POST",
      path: "/webhooks",
      status: 400,
      code: "webhook_refused",
      param: undefined,
    },
    {
      ...base,
      caller: "alice",
      type: "refused",
      method: "POST",
      path: "/calls",
      status: 400,
      code: "invalid_sdp",
      param: undefined,
    },
    {
      ...base,
      caller: undefined,
      type: "refused",
      method: "GET",
      path: "/nowhere",
      status: 404,
      code: "not_found",
      param: undefined,
    },
  ]);
});

function webhookArguments(
  { body, headers }: { body: string; headers: Record<string, string> },
  more: Record<string, string>,
): [string, Record<string, string>] {
  return [body, { ...headers, ...more }];
}

Deno.test("onEvent receives the end of a call on the server that hangs it up, if another one started it", async () => {
  const events: EdgeEvent[] = [];
  let now = NOW;
  const options = { now: () => now, onEvent: (event: EdgeEvent) => void events.push(event) };
  const [one, other] = [createEdge(options), createEdge(options)];
  const response = await one.post("/calls", OFFER, SDP);
  now += 20_000;
  const token = { "x-realtime-call-token": response.headers.get("x-realtime-call-token")! };
  assertEquals((await other.post("/calls/rtc_1/hangup", null, token)).status, 204);
  const [, ended] = events;
  assertEquals(ended?.type === "call_ended" && [ended.callId, ended.reason, ended.durationMs, ended.caller], [
    "rtc_1",
    "hung_up",
    20_000,
    "alice",
  ]);
  // No server reports the end twice.
  for (const edge of [one, one, other, other]) {
    assertEquals((await edge.post("/calls/rtc_1/hangup", null, token)).status, 204);
  }
  assertEquals(events.filter(({ type }) => type === "call_ended").length, 2);
});

Deno.test("onEvent receives every rejection, whatever its status, and its own errors go to onError", async () => {
  const codes: string[] = [];
  const edge = createEdge({
    onEvent: (event) => {
      if (event.type === "refused") codes.push(`${event.status} ${event.code}`);
      throw new Error("no log");
    },
  }, ({ call }) => call.endsWith("/calls") ? apiError(500) : answerAsTheApi({ call }));
  await edge.request("/calls", { method: "POST" });
  await edge.request("/calls", { method: "POST", headers: { origin: "https://evil.test" } });
  await edge.request("/calls");
  await edge.post("/calls", "x".repeat(70_000), SDP);
  await edge.post("/calls", OFFER, SDP);
  assertEquals(codes, [
    "403 not_authorized",
    "403 origin_not_allowed",
    "405 method_not_allowed",
    "413 body_too_large",
    "502 upstream_refused",
  ]);
  assertEquals(edge.errors.filter((error) => `${error}`.includes("no log")).length, 5);
  const rejecting = createEdge({ onEvent: () => Promise.reject(new Error("no log")) as never });
  await rejecting.post("/client_secrets");
  await rejecting.clock.advance(0);
  assertEquals(`${rejecting.errors}`, "Error: no log");
});

Deno.test("onEvent receives relays, with a handle that injects events and ends them", async () => {
  const events: EdgeEvent[] = [];
  const { api, clock, open } = createSetting({ onEvent: (event) => events.push(event) });
  const { page } = await open();
  const started = events[0];
  assert(started?.type === "relay_started" && started.caller === "alice");
  const { relay } = started;
  assertMatch(relay.id, /^relay_\w{24}$/);
  const item = { type: "message", role: "system", content: [{ type: "input_text", text: "Say goodbye." }] } as const;
  relay.inject({ type: "conversation.item.create", item });
  relay.inject({ type: "response.create", event_id: "ours" });
  await clock.advance(0);
  const [, created, asked] = api.received;
  assertEquals([created?.type, created?.item, asked?.event_id], ["conversation.item.create", item, "ours"]);
  assertMatch(`${created?.event_id}`, /^event_\w{24}$/);
  assertThrows(() => relay.inject({ type: "response.create", response: { tools: "x" } } as never), TypeError, "tools");
  // The page sees neither the injected event nor its failure.
  const before = page.received.length;
  api.send({ type: "conversation.item.added", event_id: "e", item: { id: "i", ...item } });
  for (const event_id of [created?.event_id, "ours"]) {
    api.send({ type: "error", event_id: "e", error: { type: "invalid_request_error", message: "x", event_id } });
  }
  api.send({ type: "response.created", response: { id: "resp_1" } });
  api.send({ type: "response.done", response: { id: "resp_1" } });
  await clock.advance(250);
  assertEquals(page.received.slice(before).map(({ type }) => type), ["response.created", "response.done"]);
  relay.close("Time is up");
  relay.close("again");
  await clock.advance(0);
  assertEquals([page.closed, api.closed?.code], [{ code: 1000, reason: "Time is up" }, 1000]);
  const ended = events[1];
  assert(ended?.type === "relay_ended");
  assertEquals([ended.relayId, ended.reason, ended.code, ended.durationMs, ended.usage?.responses, events.length], [
    relay.id,
    "host",
    1000,
    250,
    1,
    2,
  ]);
  relay.inject({ type: "response.create" });
});

Deno.test("relay_ended gives the reason, and is not sent for a relay that never started", async () => {
  const reasons: string[] = [];
  const onEvent = (event: EdgeEvent) => {
    if (event.type === "relay_ended") reasons.push(`${event.reason} ${event.code}`);
    if (event.type === "relay_started") handle = event.relay;
  };
  let handle: RelayHandle | undefined;
  const begin = async (options: Partial<RealtimeAppOptions> = {}) => {
    const setting = createSetting({ onEvent, ...options });
    return { ...setting, ...await setting.open() };
  };
  (await begin()).page.close(1001);
  const api = await begin();
  api.api.close(4321, "as told");
  await api.clock.advance(0);
  await begin();
  handle?.close();
  const flood = await begin({ relayLimits: { maxFrameCharacters: 10 } });
  flood.page.send({ type: "input_audio_buffer.append", audio: "AAAA" });
  const failing = await begin({ relayFilter: (rules) => ({ ...rules, fromClient: () => JSON.parse("{") }) });
  failing.page.send({ type: "response.cancel" });
  await begin({ dial: () => Promise.reject(new Error("no line")) });
  assertEquals(reasons, ["page 1001", "api 4321", "host 1000", "flood 1009", "failed 1011"]);
});

/** A tracer and a meter that record. */
function createTelemetry() {
  const spans: { name: string; attributes: Record<string, unknown>; status: number; ended: boolean }[] = [];
  const figures: Record<string, number> = {};
  const add = (name: string) => (value: number, attributes: object = {}) => {
    const key = `${name} ${JSON.stringify(attributes)}`;
    figures[key] = (figures[key] ?? 0) + value;
  };
  return {
    spans,
    figures,
    tracer: {
      startSpan(name: string, { attributes = {} }: { attributes?: Record<string, unknown> } = {}) {
        const span = { name, attributes: { ...attributes }, status: 0, ended: false };
        spans.push(span);
        return {
          setAttribute: (name: string, value: unknown) => void (span.attributes[name] = value),
          setStatus: ({ code }: { code: number }) => void (span.status = code),
          end: () => void (span.ended = true),
          spanContext: () => ({
            traceId: "0af7651916cd43dd8448eb211c80319c",
            spanId: "b7ad6b7169203331",
            traceFlags: 1,
          }),
        };
      },
    },
    meter: {
      createCounter: (name: string) => ({ add: add(name) }),
      createUpDownCounter: (name: string) => ({ add: add(name) }),
      createHistogram: (name: string) => ({ record: add(name) }),
    },
  };
}

Deno.test("telemetry records a span per request, and the API receives its traceparent", async () => {
  const { figures, spans, ...telemetry } = createTelemetry();
  const edge = createEdge({ telemetry });
  await edge.post("/client_secrets");
  await edge.post("/calls", "no", SDP);
  await edge.request("/health");
  assertEquals(
    spans.map(({ attributes, ended, name, status }) => [name, attributes["realtime.problem"], status, ended]),
    [
      ["POST /client_secrets", undefined, 1, true],
      ["POST /calls", "invalid_sdp", 1, true],
      ["GET /health", undefined, 1, true],
    ],
  );
  assertEquals(spans[1]!.attributes["http.response.status_code"], 400);
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  assertEquals(edge.requests.map(({ headers }) => headers.get("traceparent")), [traceparent]);
  assertEquals(figures[`realtime.edge.requests {"http.route":"/client_secrets","http.response.status_code":200}`], 1);

  const relayed = createTelemetry();
  const { api, clock, open } = createSetting({ telemetry: { tracer: relayed.tracer, meter: relayed.meter } });
  const { page } = await open();
  assertEquals(api.dialled[0]!.headers.get("traceparent"), traceparent);
  assertEquals(relayed.figures[`realtime.edge.sessions {"kind":"relay"}`], 1);
  api.send({ type: "response.done", response: { id: "resp_1", usage: { output_tokens: 5 } } });
  await clock.advance(3000);
  page.close(1000);
  assertEquals(relayed.figures[`realtime.edge.sessions {"kind":"relay"}`], 0);
  assertEquals(relayed.figures[`realtime.edge.tokens {"kind":"relay"}`], 5);
  assertEquals(relayed.figures[`realtime.edge.session.duration {"kind":"relay","reason":"page"}`], 3);
});

Deno.test("telemetry counts a call once, if another server hangs it up", async () => {
  const { figures, meter } = createTelemetry();
  let now = NOW;
  const clock = createVirtualClock();
  const options = { telemetry: { meter }, now: () => now, clock };
  const [one, other] = [createEdge(options), createEdge(options)];
  const response = await one.post("/calls", OFFER, SDP);
  const token = { "x-realtime-call-token": response.headers.get("x-realtime-call-token")! };
  assertEquals((await other.post("/calls/rtc_1/hangup", null, token)).status, 204);
  assertEquals(figures[`realtime.edge.sessions {"kind":"call"}`], 1);
  // The server that has started it learns of it later.
  now += 3_900_000;
  await clock.advance(3_900_000);
  await one.post("/calls", OFFER, SDP);
  assertEquals(figures[`realtime.edge.sessions {"kind":"call"}`], 1);
  const durations = Object.keys(figures).filter((name) => name.startsWith("realtime.edge.session.duration"));
  assertEquals(durations, [`realtime.edge.session.duration {"kind":"call","reason":"expired"}`]);
});

Deno.test("telemetry that fails changes no answer, and ends neither calls nor relays", async () => {
  const fail = () => {
    throw new Error("no collector");
  };
  const { meter, tracer } = createTelemetry();
  const broken = { createCounter: () => ({ add: fail }), createUpDownCounter: () => ({ add: fail }) };
  const cases = {
    startSpan: { tracer: { startSpan: fail } },
    spanContext: { tracer: { startSpan: (name: string) => ({ ...tracer.startSpan(name), spanContext: fail }) } },
    end: { tracer: { startSpan: (name: string) => ({ ...tracer.startSpan(name), end: fail }) } },
    metrics: { meter: { ...meter, ...broken, createHistogram: () => ({ record: fail }) } },
  };
  for (const [name, telemetry] of Object.entries(cases)) {
    const limits = { perCaller: { concurrentCalls: 1, concurrentRelays: 1 } };
    const edge = createEdge({ telemetry, limits });
    for (let round = 0; round < 2; round++) {
      const call = await edge.post("/calls", OFFER, SDP);
      assertEquals(call.status, 201, name);
      const token = { "x-realtime-call-token": call.headers.get("x-realtime-call-token")! };
      assertEquals((await edge.post("/calls/rtc_1/hangup", null, token)).status, 204, name);
    }
    assertEquals(edge.requests.map(({ call }) => call).filter((call) => call.endsWith("/hangup")).length, 2, name);
    assert(edge.errors.length >= 4, name);

    const { api, clock, errors, open } = createSetting({ telemetry, limits });
    for (let round = 0; round < 2; round++) {
      const { page } = await open();
      assertEquals([page.received[0]?.type, page.closed], ["session.created", undefined], name);
      page.close(1000);
      await clock.advance(0);
      assertEquals(api.closed?.code, 1000, name);
    }
    assert(errors.length >= 2, name);
  }
});

Deno.test("a traceparent from a page is not forwarded, and none is invented", async () => {
  const edge = createEdge();
  await edge.post("/client_secrets", null, { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
  const { tracer } = createTelemetry();
  const unrecorded = {
    startSpan: (name: string) => ({
      ...tracer.startSpan(name),
      spanContext: () => ({ traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 }),
    }),
  };
  const other = createEdge({ telemetry: { tracer: unrecorded } });
  await other.post("/client_secrets");
  assertEquals([...edge.requests, ...other.requests].map(({ headers }) => headers.get("traceparent")), [null, null]);
});

Deno.test("GET /health needs no authorization", async () => {
  const app = createRealtimeApp({ apiKey: CANARY, authorize: () => false, session: POLICY });
  const response = await app.request("/health");
  assertEquals([response.status, await response.json(), response.headers.get("cache-control")], [
    200,
    { status: "ok" },
    "no-store",
  ]);
  assertEquals(await problemOf(await app.request("/health", { method: "POST" })), "405 method_not_allowed");
});

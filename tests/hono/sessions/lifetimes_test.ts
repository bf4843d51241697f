import { assert, assertEquals } from "@std/assert";
import { type EdgeEvent, memoryStore, type RealtimeAppOptions } from "../../../src/hono/mod.ts";
import { CANARY } from "../_canary.ts";
import {
  answerAsTheApi,
  createEdge,
  type Edge,
  OFFER,
  POLICY,
  problemOf,
  type SeenRequest,
  TIMEOUT_MS,
} from "../_edge.ts";
import { createSetting, type SettingOptions } from "../_relay.ts";

const SDP = { "content-type": "application/sdp" };

/** Blocks until it is opened. */
class Gate {
  readonly #reached = Promise.withResolvers<void>();
  readonly #open = Promise.withResolvers<void>();
  readonly reached = this.#reached.promise;

  readonly pass = async <Value>(value: Value): Promise<Value> => {
    this.#reached.resolve();
    await this.#open.promise;
    return value;
  };

  open(): void {
    this.#open.resolve();
  }
}

/** The steps that `POST /calls` waits for, by name: the options that make it wait there. */
const AWAITS: Readonly<Record<string, (gate: Gate) => Partial<RealtimeAppOptions>>> = {
  "authorize": (gate) => ({ authorize: () => gate.pass("alice") }),
  "allowedOrigins": (gate) => ({ allowedOrigins: () => gate.pass(true) }),
  "session": (gate) => ({ session: () => gate.pass(POLICY) }),
  "apiKey": (gate) => ({ apiKey: () => gate.pass(CANARY) }),
  "baseUrl": (gate) => ({ baseUrl: () => gate.pass("https://api.openai.com/v1") }),
  "safetyIdentifier": (gate) => ({ safetyIdentifier: () => gate.pass("somebody") }),
  "tokenSecret": (gate) => ({ tokenSecret: () => gate.pass("a secret of 16 characters") }),
  "the store": (gate) => ({
    limits: { total: { concurrentCalls: 9 } },
    store: { ...memoryStore(), hold: () => gate.pass({ ok: true, retryMs: 0 }) },
  }),
  "onCall": (gate) => ({ onCall: async () => await gate.pass(undefined) }),
};

/** The calls that the API has begun, less those that were hung up. */
function callsLeft({ requests }: Edge): number {
  const count = (call: string) => requests.filter((request) => request.call === `POST /realtime${call}`).length;
  return count("/calls") - count("/calls/rtc_1/hangup");
}

/** Lets all pending work continue. */
async function settle(edge: Edge): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await edge.clock.advance(0);
}

Deno.test("a page that leaves while its call is being created leaves no call, at any step", async () => {
  for (const [name, options] of Object.entries(AWAITS)) {
    const gate = new Gate();
    const events: string[] = [];
    const edge = createEdge({ ...options(gate), onEvent: (event: EdgeEvent) => events.push(event.type) });
    const leaving = new AbortController();
    const headers = { ...SDP, authorization: "Bearer alice", origin: "https://page.test" };
    const init = { method: "POST", headers, body: OFFER, signal: leaving.signal };
    if (name !== "allowedOrigins") Reflect.deleteProperty(headers, "origin");
    const asked = edge.request("/calls", init).catch(() => undefined);
    await gate.reached;
    leaving.abort();
    gate.open();
    await asked;
    await settle(edge);
    assertEquals(callsLeft(edge), 0, name);
    assertEquals(events.includes("call_started"), events.includes("call_ended"), name);
  }
});

Deno.test("when a page leaves after its offer was sent, the answer is awaited and the call hung up", async () => {
  const gate = new Gate();
  let signal: AbortSignal | undefined;
  const edge = createEdge({
    fetch: async (url, init) => {
      const call = `POST ${url.replace("https://api.openai.com/v1", "")}`;
      (edge.requests as SeenRequest[]).push({ call, headers: new Headers(), body: "" });
      if (call !== "POST /realtime/calls") return new Response();
      signal = init.signal ?? undefined;
      return await gate.pass(answerAsTheApi({ call }));
    },
  });
  const leaving = new AbortController();
  const headers = { ...SDP, authorization: "Bearer alice" };
  const asked = edge.request("/calls", { method: "POST", headers, body: OFFER, signal: leaving.signal });
  await gate.reached;
  leaving.abort();
  await settle(edge);
  assertEquals([signal?.aborted, callsLeft(edge)], [false, 1]);
  gate.open();
  assertEquals([(await asked).status, edge.errors.length], [408, 0]);
  assertEquals(callsLeft(edge), 0);
});

Deno.test("an offer sent before the timeout is awaited, and its call hung up then", async () => {
  const gate = new Gate();
  const lifetimes: Promise<unknown>[] = [];
  const edge = createEdge({ timeoutMs: TIMEOUT_MS }, async ({ call }) => {
    return call === "POST /realtime/calls" ? await gate.pass(answerAsTheApi({ call })) : new Response();
  });
  const lifetime = { waitUntil: (work: Promise<unknown>) => void lifetimes.push(work), passThroughOnException() {} };
  const headers = { ...SDP, authorization: "Bearer alice" };
  const init = { method: "POST", headers, body: OFFER };
  const response = await edge.request("/calls", init, {}, lifetime as never);
  assertEquals([await problemOf(response), callsLeft(edge)], ["504 timed_out", 1]);
  gate.open();
  await Promise.all(lifetimes);
  assertEquals([lifetimes.length, callsLeft(edge)], [1, 0]);
});

Deno.test("an offer that the API wants later is not sent again for a page that has gone", async () => {
  for (const leaves of [false, true]) {
    const types: string[] = [];
    const busy = new Response(null, { status: 429, headers: { "retry-after": "5" } });
    const edge = createEdge(
      { onEvent: ({ type }) => types.push(type) },
      (request) => edge.requests.length === 1 ? busy : answerAsTheApi(request),
    );
    const page = new AbortController();
    const headers = { authorization: "Bearer alice", ...SDP };
    const asking = edge.request("/calls", { method: "POST", headers, body: OFFER, signal: page.signal });
    await edge.clock.advance(1_000);
    if (leaves) page.abort();
    await edge.clock.advance(4_000);
    const response = await asking;
    assertEquals(leaves ? await problemOf(response) : response.status, leaves ? "408 client_gone" : 201);
    assertEquals(edge.requests.length, leaves ? 1 : 2);
    assertEquals([types, edge.errors], [[leaves ? "refused" : "call_started"], []]);
    await edge.close();
  }
});

Deno.test("a page that leaves after its answer keeps its call", async () => {
  const edge = createEdge();
  const leaving = new AbortController();
  const headers = { ...SDP, authorization: "Bearer alice" };
  const response = await edge.request("/calls", { method: "POST", headers, body: OFFER, signal: leaving.signal });
  leaving.abort();
  await settle(edge);
  assertEquals([response.status, callsLeft(edge)], [201, 1]);
});

Deno.test("a page that leaves during its hangup has hung up, also on a server that did not start the call", async () => {
  const store = memoryStore();
  const limits = { perCaller: { concurrentCalls: 1 } };
  const one = createEdge({ store, limits });
  const gate = new Gate();
  const isHangup = ({ call }: SeenRequest) => call.endsWith("/hangup");
  const other = createEdge(
    { store, limits },
    (request) => isHangup(request) ? gate.pass(new Response()) : answerAsTheApi(request),
  );
  const started = await one.post("/calls", OFFER, SDP);
  const token = started.headers.get("x-realtime-call-token")!;
  for (const edge of [other, one]) {
    const page = new AbortController();
    const headers = { "authorization": "Bearer alice", "x-realtime-call-token": token };
    const hangingUp = edge.request("/calls/rtc_1/hangup", { method: "POST", headers, signal: page.signal });
    if (edge === other) await gate.reached;
    page.abort();
    gate.open();
    assertEquals((await hangingUp).status, 204);
    assertEquals(edge.requests.filter(isHangup).length, 1);
  }
  assertEquals((await other.post("/calls", OFFER, SDP)).status, 201);
  await Promise.all([one.close(), other.close()]);
});

Deno.test("a client secret for a page that has left is not requested", async () => {
  const gate = new Gate();
  const edge = createEdge({ session: () => gate.pass(POLICY) });
  const leaving = new AbortController();
  const headers = { authorization: "Bearer alice" };
  const asked = edge.request("/client_secrets", { method: "POST", headers, signal: leaving.signal });
  await gate.reached;
  leaving.abort();
  gate.open();
  await asked;
  assertEquals(edge.requests.length, 0);
});

Deno.test("a call that cannot be hung up is kept, and the hangup is retried", async () => {
  let isDown = true;
  const ended: unknown[] = [];
  const edge = createEdge({
    limits: { maxDurationMs: 60_000 },
    onEvent: (event: EdgeEvent) => event.type === "call_ended" && ended.push([event.reason, event.durationMs]),
  }, ({ call }) => isDown && call.endsWith("/hangup") ? new Response(null, { status: 400 }) : answerAsTheApi({ call }));
  const response = await edge.post("/calls", OFFER, SDP);
  const path = `/calls/rtc_1/hangup`;
  const token = { "x-realtime-call-token": response.headers.get("x-realtime-call-token")! };
  assertEquals((await edge.post(path, null, token)).status, 502);
  assertEquals(ended, []);
  await edge.clock.advance(60_000);
  await settle(edge);
  isDown = false;
  await edge.clock.advance(5_000);
  await settle(edge);
  assertEquals(ended, [["max_duration", 65_000]]);
  assertEquals(edge.errors.length, 2);
});

Deno.test("limits.maxDurationMs ends calls and relays, and limits.idleMs silent relays", async () => {
  const reasons: unknown[] = [];
  const onEvent = (event: EdgeEvent) => {
    if (event.type === "relay_ended" || event.type === "call_ended") reasons.push([event.reason, event.durationMs]);
  };
  const edge = createEdge({ limits: { maxDurationMs: 5_000 }, onEvent });
  await edge.post("/calls", OFFER, SDP);
  await edge.clock.advance(4_999);
  assertEquals(callsLeft(edge), 1);
  await edge.clock.advance(1);
  await settle(edge);
  assertEquals(callsLeft(edge), 0);

  const long = createSetting({ limits: { maxDurationMs: 5_000 }, onEvent });
  const { page } = await long.open();
  await long.clock.advance(5_000);
  assertEquals([page.closed?.code, long.api.closed?.code], [1000, 1000]);

  const silent = createSetting({ limits: { idleMs: 5_000 }, onEvent });
  const { page: speaking } = await silent.open();
  await silent.clock.advance(4_000);
  speaking.send({ type: "input_audio_buffer.clear" });
  await silent.clock.advance(4_999);
  assertEquals(speaking.closed, undefined);
  await silent.clock.advance(1);
  assertEquals([speaking.closed?.code, silent.api.closed?.code], [1000, 1000]);
  assertEquals(reasons, [["max_duration", 5_000], ["max_duration", 5_000], ["idle", 9_000]]);
});

Deno.test("a relay ends after ten minutes of silence by default", async () => {
  const { api, clock, open } = createSetting();
  await open();
  await clock.advance(599_999);
  assertEquals(api.closed, undefined);
  await clock.advance(1);
  assertEquals(api.closed?.code, 1000);
});

Deno.test("relay.heartbeatMs ends the relay of a page that answers no ping, and no other", async () => {
  for (const answers of [true, false]) {
    const { api, clock, open } = createSetting({ relay: { heartbeatMs: 10_000 } });
    const { page } = await open({}, "/relay?heartbeat=1");
    for (let beat = 0; beat < 6; beat++) {
      await clock.advance(10_000);
      const isAsked = page.received.at(-1)?.type === "relay.ping";
      if (answers && isAsked) page.send({ type: "relay.pong" });
    }
    assertEquals([api.closed?.code, page.closed?.code], answers ? [undefined, undefined] : [1000, 1001]);
    assertEquals(api.received.map(({ type }) => type), ["session.update"]);
    const types = new Set(page.received.map(({ type }) => type));
    assertEquals([...types], ["session.created", "relay.ready", "relay.ping"]);
  }
  // A page that has not asked for pings receives none.
  const { clock, open } = createSetting({ relay: { heartbeatMs: 10_000 } });
  const { page } = await open();
  await clock.advance(60_000);
  assertEquals([page.received.map(({ type }) => type), page.closed], [["session.created"], undefined]);
});

Deno.test("a page that only answers pings is idle, but not gone", async () => {
  const reasons: string[] = [];
  const { api, clock, open } = createSetting({
    relay: { heartbeatMs: 10_000 },
    limits: { idleMs: 45_000 },
    onEvent: (event: EdgeEvent) => void (event.type === "relay_ended" && reasons.push(event.reason)),
  });
  const { page } = await open({}, "/relay?heartbeat=1");
  const answerFor = async (beats: number) => {
    for (let beat = 0; beat < beats; beat++) {
      await clock.advance(10_000);
      assertEquals(page.received.at(-1)?.type, "relay.ping");
      page.send({ type: "relay.pong" });
    }
  };
  await answerFor(3);
  page.send({ type: "input_audio_buffer.clear" });
  await answerFor(4);
  assertEquals(api.closed, undefined);
  await clock.advance(5_000);
  assertEquals([api.closed?.code, reasons], [1000, ["idle"]]);
});

Deno.test("a page that asked for pings receives events, which it can see, also if the socket has pings of its own", async () => {
  const { api, clock, open } = createSetting({ relay: { heartbeatMs: 10_000 } });
  const { page } = await open({}, "/relay?heartbeat=1", { pings: true });
  for (let beat = 0; beat < 3; beat++) {
    await clock.advance(10_000);
    page.send({ type: "relay.pong" });
  }
  assertEquals(page.received.filter(({ type }) => type === "relay.ping").length, 3);
  assertEquals([page.pinged, api.closed], [0, undefined]);
});

Deno.test("relay.heartbeatMs uses the socket's own pings if there are any", async () => {
  const { api, clock, open } = createSetting({ relay: { heartbeatMs: 10_000 } });
  const { page } = await open({}, "/relay", { pings: true });
  await clock.advance(10_000);
  page.pong();
  await clock.advance(10_000);
  page.pong();
  await clock.advance(10_000);
  assertEquals([page.pinged, api.closed], [3, undefined]);
  await clock.advance(10_000);
  assertEquals([api.closed?.code, page.isTerminated], [1000, true]);
});

Deno.test("relay.heartbeatMs and limits.idleMs count from the return of a page", async () => {
  const { api, clock, open } = createSetting({
    relay: { heartbeatMs: 10_000, resumeMs: 60_000 },
    limits: { idleMs: 40_000 },
  });
  const { page } = await open({}, "/relay?heartbeat=1");
  const ready = page.received.find(({ type }) => type === "relay.ready") as unknown as {
    relay: { resume_token: string };
  };
  page.close(1006);
  await clock.advance(35_000);
  const { page: returned } = await open({}, `/relay?heartbeat=1&resume=${ready.relay.resume_token}`);
  await clock.advance(10_000);
  assertEquals([returned.received.at(-1)?.type, returned.closed, api.closed], ["relay.ping", undefined, undefined]);
  await clock.advance(10_000);
  assertEquals([returned.closed?.code, api.closed], [1001, undefined]);
  await clock.advance(20_000);
  assertEquals(api.closed?.code, 1000);
});

async function resumable(options: SettingOptions = {}) {
  const setting = createSetting({ relay: { resumeMs: 5_000 }, ...options });
  const { page } = await setting.open();
  const ready = page.received.find(({ type }) => type === "relay.ready") as unknown as {
    relay: { resume_token: string; resume_ms: number };
  };
  const back = (last?: string, user = "alice", token = ready.relay.resume_token) => {
    const query = new URLSearchParams({ resume: token, ...last === undefined ? {} : { last_event_id: last } });
    return setting.open({ cookie: `user=${user}` }, `/relay?${query}`);
  };
  return { ...setting, page, back, token: ready.relay.resume_token };
}

Deno.test("relay.resumeMs keeps a session for a page that reconnects, and sends the missed events", async () => {
  const { api, back, clock, page } = await resumable();
  const delta = (id: number) => ({ type: "response.output_text.delta", event_id: `d${id}`, delta: `${id}` });
  for (const id of [1, 2, 3]) api.send(delta(id));
  await clock.advance(0);
  page.close(1006);
  api.send(delta(4));
  await clock.advance(4_000);
  assertEquals(api.closed, undefined);
  // It has seen only the first of these: the events in transit are sent again.
  const { page: returned } = await back("d1");
  api.send(delta(5));
  await clock.advance(0);
  assertEquals(returned.received.map(({ event_id, type }) => type === "relay.resumed" ? type : event_id), [
    "relay.resumed",
    "d2",
    "d3",
    "d4",
    "d5",
  ]);
  returned.send({ type: "input_audio_buffer.clear" });
  // Events of the old socket are ignored.
  page.send({ type: "response.cancel" });
  page.close(1006);
  await clock.advance(6_000);
  assertEquals(api.received.map(({ type }) => type), ["session.update", "input_audio_buffer.clear"]);
  assertEquals([api.closed, api.dialled.length], [undefined, 1]);
  // Without an event id, the events in between are sent.
  returned.close(1001);
  api.send(delta(6));
  await clock.advance(0);
  const { page: again } = await back();
  assertEquals(again.received.slice(1).map(({ event_id }) => event_id), ["d6"]);
  assertEquals((again.received[0] as unknown as { relay: { missed: boolean } }).relay.missed, false);
  // Events that are no longer kept are reported missing.
  again.close(1006);
  const { page: late } = await back("d0");
  assertEquals((late.received[0] as unknown as { relay: { missed: boolean } }).relay.missed, true);
});

Deno.test("a page that reconnects before its old connection broke replaces it", async () => {
  const { api, back, clock, page } = await resumable();
  const { page: returned } = await back();
  assertEquals(page.closed?.code, 4001);
  returned.send({ type: "input_audio_buffer.clear" });
  await clock.advance(0);
  assertEquals(api.received.at(-1)?.type, "input_audio_buffer.clear");
});

Deno.test("a relay cannot be resumed by other callers, too late, after a normal end, or without resumeMs", async () => {
  const { api, back, clock, page, token } = await resumable();
  page.close(1006);
  assertEquals(await problemOf((await back(undefined, "bob")).response), "410 relay_not_found resume");
  assertEquals(await problemOf((await back(undefined, "alice", "resume_x")).response), "410 relay_not_found resume");
  await clock.advance(5_000);
  await clock.advance(0);
  assertEquals(api.closed?.code, 1000);
  assertEquals(await problemOf((await back()).response), "410 relay_not_found resume");
  assert(/^resume_\w{24}$/.test(token));

  const left = await resumable();
  left.page.close(1000);
  await left.clock.advance(0);
  assertEquals(left.api.closed?.code, 1000);

  const never = createSetting();
  const { page: gone } = await never.open();
  assertEquals(gone.received.map(({ type }) => type), ["session.created"]);
  gone.close(1006);
  await never.clock.advance(0);
  assertEquals(never.api.closed?.code, 1000);
});

Deno.test("a disconnected page cannot make the server buffer more than maxBufferedBytes", async () => {
  const { api, clock, page } = await resumable({ relayLimits: { maxBufferedBytes: 10_000 } });
  page.close(1006);
  for (let count = 0; count < 20; count++) api.send({ type: "x.y", event_id: `e${count}`, text: "a".repeat(1000) });
  for (let turn = 0; turn < 5; turn++) await clock.advance(0);
  assertEquals(api.closed?.code, 1000);
  // Nor can a connected one that reads everything: the oldest events are forgotten.
  const other = await resumable({ relayLimits: { maxBufferedBytes: 10_000 } });
  for (let count = 0; count < 20; count++) {
    other.api.send({ type: "x.y", event_id: `e${count}`, text: "a".repeat(1000) });
  }
  await other.clock.advance(0);
  other.page.close(1006);
  const { page: returned } = await other.back("e5");
  assertEquals(returned.received.map(({ relay }) => relay && (relay as { missed: boolean }).missed), [true]);
});

Deno.test("close() ends relays, hangs up calls, and prevents new ones", async () => {
  const reasons: string[] = [];
  const onEvent = (event: EdgeEvent) => {
    if (event.type === "relay_ended" || event.type === "call_ended") reasons.push(event.reason);
  };
  const gate = new Gate();
  let isGated = false;
  const { api, app, clock, open } = createSetting({
    onEvent,
    fetch: async (url) => {
      const call = `POST ${url.replace("https://api.openai.com/v1", "")}`;
      sent.push(call);
      return await (isGated && call.endsWith("/calls")
        ? gate.pass(answerAsTheApi({ call }))
        : answerAsTheApi({ call }));
    },
  });
  const sent: string[] = [];
  const headers = { ...SDP, cookie: "user=alice" };
  const call = () => app.request("/calls", { method: "POST", headers, body: OFFER });
  assertEquals((await app.request("/health")).status, 200);
  const { page } = await open();
  assertEquals((await call()).status, 201);
  isGated = true;
  const underWay = call();
  await gate.reached;
  const closing = app.close();
  gate.open();
  await Promise.all([closing, app.close()]);
  assertEquals(page.closed?.code, 1001);
  assertEquals(api.closed?.code, 1000);
  assertEquals(await problemOf(await underWay), "503 shutting_down");
  assertEquals(sent.filter((call) => call.endsWith("/hangup")).length, 2);
  assertEquals(reasons, ["shutdown", "shutdown", "shutdown"]);
  const refused = await call();
  assertEquals([await problemOf(refused), refused.headers.get("retry-after")], ["503 shutting_down", "1"]);
  assertEquals(await problemOf((await open()).response), "503 shutting_down");
  assertEquals(await (await app.request("/health")).json(), { status: "closing" });
  await clock.advance(0);
});

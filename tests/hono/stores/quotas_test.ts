import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { defineWebSocketHelper } from "hono/ws";
import { type EdgeEvent, type EdgeLimits, memoryStore, type RealtimeStore } from "../../../src/hono/mod.ts";
import { createMemorySocketPair } from "../../../src/transport/mod.ts";
import { createRealtimeApp } from "../_canary.ts";
import { createEdge, type Edge, NOW, OFFER, POLICY, problemOf } from "../_edge.ts";
import { createSetting } from "../_relay.ts";
import { createSidebands } from "../sessions/_sideband.ts";

const SDP = { "content-type": "application/sdp" };
const MODEL = POLICY.model;
const PRICES = { [MODEL]: { "text output": 1_000_000 } };

/** Two isolates of one app: each has its own, and both have one store. */
function isolates(
  limits: EdgeLimits,
): { edges: [Edge, Edge]; advance(ms: number): void; readonly hangups: { status: number } } {
  let now = NOW;
  const store = memoryStore({ now: () => now });
  let calls = 0;
  const hangups = { status: 200 };
  const make = () =>
    createEdge({ limits, store, calls: { watch: false } }, ({ call }) => {
      if (call.endsWith("/client_secrets")) return Response.json({ value: "ek_1", expires_at: 1, session: {} });
      if (!call.endsWith("/calls")) return new Response(null, hangups);
      return new Response("v=0\r\n", { status: 201, headers: { location: `/v1/realtime/calls/rtc_${++calls}` } });
    });
  return { edges: [make(), make()], advance: (ms) => void (now += ms), hangups };
}

/** The lifetime of a request to a Worker, and the work that it waits for. */
function createLifetime() {
  const kept: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void kept.push(work);
  return { kept, lifetime: { waitUntil, passThroughOnException() {}, props: {} } };
}

/** Whether a promise is still pending when all others that could settle have. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  return await Promise.race([promise.then(() => false), nextTurn().then(() => true)]);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

async function codeOf(response: Response): Promise<string> {
  if (response.status < 400) return `${response.status}`;
  const retry = response.headers.get("retry-after");
  return `${await problemOf(response)} ${retry}`;
}

Deno.test("limits bound client secrets per minute, for each caller and in total, across isolates", async () => {
  const { advance, edges: [one, other] } = isolates({
    perCaller: { secretsPerMinute: 2 },
    total: { secretsPerMinute: 3 },
  });
  const mint = async (edge: Edge, name: string) =>
    await codeOf(await edge.post("/client_secrets", null, { authorization: `Bearer ${name}` }));
  assertEquals([await mint(one, "alice"), await mint(other, "alice")], ["200", "200"]);
  advance(10_000);
  assertEquals(await mint(other, "alice"), "429 rate_limit_exceeded 50");
  assertEquals(await mint(one, "bob"), "200");
  // The total is used up; the refused request was not counted for the caller.
  assertEquals(await mint(one, "bob"), "429 rate_limit_exceeded 50");
  advance(50_000);
  assertEquals([await mint(one, "bob"), await mint(other, "carol")], ["200", "200"]);
  assertEquals(one.requests.length + other.requests.length, 5);
});

Deno.test("limits bound concurrent calls, until they are hung up or have reached their maximum duration", async () => {
  const { advance, edges: [one, other] } = isolates({ perCaller: { concurrentCalls: 1 } });
  const first = await one.post("/calls", OFFER, SDP);
  assertEquals(first.status, 201);
  const refused = await other.post("/calls", OFFER, SDP);
  assertEquals(await codeOf(refused), "409 concurrency_limit_exceeded 3900");
  assertEquals((await other.post("/calls", OFFER, { ...SDP, authorization: "Bearer bob" })).status, 201);
  const path = `/calls/${first.headers.get("x-realtime-call-id")}/hangup`;
  const token = { "x-realtime-call-token": first.headers.get("x-realtime-call-token")! };
  assertEquals((await one.post(path, null, token)).status, 204);
  assertEquals((await other.post("/calls", OFFER, SDP)).status, 201);
  advance(3_900_001);
  assertEquals((await one.post("/calls", OFFER, SDP)).status, 201);
});

Deno.test("a call that is hung up on another isolate frees its place, and no other does", async () => {
  const limits = { perCaller: { concurrentCalls: 1 }, total: { concurrentCalls: 2 } };
  const { edges: [one, other], hangups } = isolates(limits);
  const call = async (edge: Edge, name: string) =>
    await edge.post("/calls", OFFER, { ...SDP, authorization: `Bearer ${name}` });
  const hangUp = async (edge: Edge, started: Response, name: string, token: string) => {
    const path = `/calls/${started.headers.get("x-realtime-call-id")}/hangup`;
    const headers = { "x-realtime-call-token": token, "authorization": `Bearer ${name}` };
    return await codeOf(await edge.post(path, null, headers));
  };
  const first = await call(one, "alice");
  const second = await call(one, "bob");
  const [token, bobs] = [first, second].map(({ headers }) => headers.get("x-realtime-call-token")!);
  // The tokens do not reveal the number of calls.
  for (const text of [token, bobs]) assertMatch(text!, /\.place_[A-Za-z\d]{24}$/);
  const refused = "409 concurrency_limit_exceeded 3900";
  // The token of one call does not free the place of another.
  const [expiry, signature] = token!.split(".");
  const [, , bobsPlace] = bobs!.split(".");
  for (const forged of [`${expiry}.${signature}.${bobsPlace}`, `${expiry}.${signature}`]) {
    assertEquals(await hangUp(other, first, "alice", forged), "403 invalid_call_token null");
  }
  assertEquals(await codeOf(await call(other, "bob")), refused);
  // A call that could not be hung up keeps its place.
  hangups.status = 401;
  assertEquals(await hangUp(other, first, "alice", token!), "502 upstream_refused null");
  assertEquals(await codeOf(await call(other, "alice")), refused);
  hangups.status = 200;
  assertEquals(await hangUp(other, first, "alice", token!), "204");
  const third = await call(other, "alice");
  assertEquals(third.status, 201);
  // Repeating the hangup does not free the place of the next call.
  assertEquals(await hangUp(one, first, "alice", token!), "204");
  assertEquals(await codeOf(await call(one, "alice")), refused);
});

Deno.test("a call that is not established takes no quota place", async () => {
  const limits = { total: { concurrentCalls: 1 } };
  let status = 500;
  const edge = createEdge(
    { limits },
    ({ call }) =>
      call.endsWith("/calls") && status === 500
        ? new Response(null, { status })
        : new Response("v=0\r\n", { status: 201, headers: { location: "/calls/rtc_1" } }),
  );
  assertEquals((await edge.post("/calls", OFFER, SDP)).status, 502);
  status = 201;
  assertEquals((await edge.post("/calls", OFFER, SDP)).status, 201);
  assertEquals((await edge.post("/calls", OFFER, SDP)).status, 409);
});

Deno.test("a release that fails is repeated, as the caller would be locked out for the rest of the hour", async () => {
  const store = memoryStore();
  let failures = 0;
  const flaky: RealtimeStore = {
    ...store,
    release: (key, id) => failures-- > 0 ? Promise.reject(new Error("no store")) : store.release(key, id),
  };
  const limits = { perCaller: { concurrentCalls: 1 }, total: { concurrentCalls: 1 } };
  const edge = createEdge({ limits, store: flaky });
  const call = await edge.post("/calls", OFFER, SDP);
  failures = 4;
  const token = { "x-realtime-call-token": call.headers.get("x-realtime-call-token")! };
  assertEquals((await edge.post("/calls/rtc_1/hangup", null, token)).status, 204);
  assertEquals((await edge.post("/calls", OFFER, SDP)).status, 409);
  await edge.clock.advance(1_000);
  assertEquals((await edge.post("/calls", OFFER, SDP)).status, 409);
  await edge.clock.advance(10_000);
  const next = await edge.post("/calls", OFFER, SDP);
  assertEquals([next.status, edge.errors.length], [201, 4]);

  // So does an app that did not start the call.
  const other = createEdge({ limits, store: flaky });
  failures = 4;
  const theirs = { "x-realtime-call-token": next.headers.get("x-realtime-call-token")! };
  assertEquals((await other.post("/calls/rtc_1/hangup", null, theirs)).status, 204);
  assertEquals((await other.post("/calls", OFFER, SDP)).status, 409);
  await other.clock.advance(11_000);
  assertEquals([(await other.post("/calls", OFFER, SDP)).status, other.errors.length], [201, 4]);
});

Deno.test("a secret that is refused counts in no limit, whatever refuses it", async () => {
  const store = memoryStore();
  let isBroken = true;
  const flaky: RealtimeStore = {
    ...store,
    add: (key, amount, options) =>
      isBroken && amount > 0 && key.endsWith("total") ? Promise.reject(new Error("no store")) : store.add(
        key,
        amount,
        options,
      ),
  };
  const limits = { perCaller: { secretsPerMinute: 1 }, total: { secretsPerMinute: 9 } };
  const edge = createEdge({ limits, store: flaky });
  assertEquals((await edge.post("/client_secrets")).status, 503);
  isBroken = false;
  assertEquals((await edge.post("/client_secrets")).status, 200);
  assertEquals((await edge.post("/client_secrets")).status, 429);
});

Deno.test("a place is freed on Workers, too, where work that nothing waits for ends with the response", async () => {
  const opened = Promise.withResolvers<void>();
  const store = memoryStore();
  let failures = 0;
  const slow: RealtimeStore = {
    ...store,
    async release(key, id) {
      await opened.promise;
      await nextTurn();
      if (failures-- > 0) throw new Error("no store");
      await store.release(key, id);
    },
  };
  let status = 400;
  const edge = createEdge({ limits: { total: { concurrentCalls: 1 } }, store: slow }, ({ call }) => {
    if (!call.endsWith("/calls")) return new Response();
    return new Response("v=0\r\n", { status, headers: { location: "/v1/realtime/calls/rtc_1" } });
  });
  const { lifetime, kept } = createLifetime();
  const ask = async (path: string, headers: Record<string, string>) =>
    await edge.request(path, { method: "POST", headers, body: OFFER }, {}, lifetime);
  const headers = { authorization: "Bearer alice", ...SDP };

  // A refused offer.
  assertEquals((await ask("/calls", headers)).status, 502);
  assertEquals(await isPending(Promise.all(kept)), true);
  opened.resolve();
  await Promise.all(kept.splice(0));
  status = 201;
  const call = await ask("/calls", headers);
  assertEquals(call.status, 201);

  // A hangup, by the isolate that has started the call.
  Object.assign(globalThis, { WebSocketPair: class {} });
  try {
    const token = { "x-realtime-call-token": call.headers.get("x-realtime-call-token")! };
    assertEquals((await ask("/calls/rtc_1/hangup", { ...headers, ...token })).status, 204);
    // The response has waited for it.
    assertEquals((await store.hold("concurrentCalls total", "probe", { max: 1, ttlMs: 1 })).ok, true);
    await store.release("concurrentCalls total", "probe");

    // A hangup by another isolate, whose store fails: further attempts outlive the response.
    const other = createEdge({ limits: { total: { concurrentCalls: 1 } }, store: slow });
    const next = await ask("/calls", headers);
    const theirs = { ...headers, "x-realtime-call-token": next.headers.get("x-realtime-call-token")! };
    await Promise.all(kept.splice(0));
    failures = 1;
    const init = { method: "POST", headers: theirs };
    assertEquals((await other.request("/calls/rtc_1/hangup", init, {}, lifetime)).status, 204);
    assertEquals(await isPending(Promise.all(kept)), true);
    await other.clock.advance(1_000);
    await Promise.all(kept);
    assertEquals((await store.hold("concurrentCalls total", "probe", { max: 1, ttlMs: 1 })).ok, true);
  } finally {
    Reflect.deleteProperty(globalThis, "WebSocketPair");
  }
});

Deno.test("a followed call keeps its place on Workers, too, where nothing renews it after the response", async () => {
  const { lifetime } = createLifetime();
  const hours = 3_900_000;
  const hosts = [["Deno", lifetime, 60_000], ["Worker", lifetime, hours], [
    "Durable Object",
    { ...lifetime, storage: {} },
    60_000,
  ]] as const;
  for (const [host, context, ttlMs] of hosts) {
    const ttls: number[] = [];
    const store = memoryStore();
    const watched: RealtimeStore = {
      ...store,
      hold(key, id, options) {
        ttls.push(options.ttlMs);
        return store.hold(key, id, options);
      },
    };
    const limits = { perCaller: { concurrentCalls: 1, tokensPerDay: 100 } };
    const edge = createEdge({ limits, store: watched, dial: createSidebands().dial });
    if (host !== "Deno") Object.assign(globalThis, { WebSocketPair: class {} });
    try {
      const headers = { authorization: "Bearer alice", ...SDP };
      const response = await edge.request("/calls", { method: "POST", headers, body: OFFER }, {}, context);
      assertEquals([response.status, ttls], [201, [ttlMs]], host);
    } finally {
      Reflect.deleteProperty(globalThis, "WebSocketPair");
    }
  }
});

Deno.test("a page on Workers that leaves right after an answer pays for it, and frees its place", async () => {
  const store = memoryStore();
  const limits: EdgeLimits = { total: { concurrentRelays: 1, tokensPerDay: 100 } };
  const slow: RealtimeStore = {
    ...store,
    add: async (key, amount, options) => await nextTurn().then(() => store.add(key, amount, options)),
    release: async (key, id) => await nextTurn().then(() => store.release(key, id)),
  };
  const { lifetime, kept } = createLifetime();
  const { api, clock, open } = createSetting({ limits, store: slow });
  const { page } = await open({}, "/relay", { lifetime });
  await Promise.all(kept.splice(0));
  const usage = { output_tokens: 60 };
  api.send({ type: "response.done", response: { id: "resp_1", status: "completed", output: [], usage } });
  await clock.advance(0);
  page.close(1000);
  await clock.advance(0);
  await Promise.all(kept);
  assertEquals((await store.add("tokensPerDay total", 0, { ttlMs: 1 })).value, 60);
  assertEquals((await store.hold("concurrentRelays total", "probe", { max: 1, ttlMs: 1 })).ok, true);
  assertEquals(kept.length, 2);
});

Deno.test("a page that leaves a relay before the end of a response pays for it", async () => {
  const limits: EdgeLimits = { perCaller: { tokensPerDay: 100 } };
  const response = (id: string, status: string, usage = {}) => ({ response: { id, status, output: [], usage } });
  for (const isAnswered of [true, false]) {
    const store = memoryStore();
    const add: RealtimeStore["add"] = async (...args) => {
      for (let turn = 0; turn < 9; turn++) await nextTurn();
      return await store.add(...args);
    };
    const events: EdgeEvent[] = [];
    const { api, clock, open } = createSetting({
      limits,
      store: isAnswered ? { ...store, add } : store,
      onEvent: (event) => events.push(event),
    });
    const { kept, lifetime } = createLifetime();
    const { page } = await open({}, "/relay", { lifetime });
    for (const id of ["resp_1", "resp_2", "resp_3"]) {
      api.send({ type: "response.created", event_id: "a", ...response(id, "in_progress") });
    }
    api.send({ type: "response.done", event_id: "b", ...response("resp_1", "completed", { output_tokens: 20 }) });
    await clock.advance(0);
    const before = api.received.length;
    page.close(1000);
    await clock.advance(0);
    // One that was requested before may begin only now.
    api.send({ type: "response.created", event_id: "a", ...response("resp_4", "in_progress") });
    await clock.advance(0);
    const cancels = ["resp_2", "resp_3", "resp_4"].map((response_id) => ({ type: "response.cancel", response_id }));
    assertEquals(api.received.slice(before), [{ type: "input_audio_buffer.clear" }, ...cancels]);
    assertEquals([api.closed, events.length], [undefined, 1]);
    if (isAnswered) {
      for (const id of ["resp_2", "resp_3", "resp_4"]) {
        api.send({ type: "response.done", event_id: "c", ...response(id, "cancelled", { output_tokens: 50 }) });
        await clock.advance(0);
      }
    } else {
      // A Worker has to stay alive for it.
      assertEquals(await isPending(Promise.all(kept)), true);
      await clock.advance(9_999);
      assertEquals(api.closed, undefined);
      await clock.advance(1);
    }
    assertEquals(api.closed?.code, 1000);
    await Promise.all(kept);
    const tokens = isAnswered ? 170 : 20;
    assertEquals((await store.add("tokensPerDay caller alice", 0, { ttlMs: 1 })).value, tokens);
    assertEquals(events.flatMap((event) => event.type === "relay_ended" ? [event.usage?.tokens] : []), [tokens]);
    const { response: next } = await open();
    assertEquals(next.status, isAnswered ? 429 : 200);
  }
});

Deno.test("a page pays for its transcriptions, also if it leaves a relay before their end", async () => {
  const prices = { whisper: { minute: 60 }, scribe: { "text output": 1_000_000 } };
  const limits: EdgeLimits = { total: { costPerDay: 100 }, prices };
  const events: EdgeEvent[] = [];
  const store = memoryStore();
  const { api, clock, open } = createSetting({ limits, store, onEvent: (event) => events.push(event) });
  const { page } = await open();
  const transcribeWith = (model: string | undefined) =>
    api.send({
      type: "session.updated",
      event_id: "a",
      session: { ...POLICY, audio: { input: { transcription: model === undefined ? null : { model } } } },
    });
  const commit = (item_id: string) => api.send({ type: "input_audio_buffer.committed", event_id: "b", item_id });
  const end = (item_id: string, how: string, more: object) =>
    api.send({
      type: `conversation.item.input_audio_transcription.${how}`,
      event_id: "c",
      item_id,
      content_index: 0,
      ...more,
    });
  transcribeWith("whisper");
  for (const id of ["item_1", "item_2", "item_3"]) commit(id);
  for (let time = 0; time < 2; time++) end("item_1", "completed", { usage: { type: "duration", seconds: 30 } });
  transcribeWith("scribe");
  commit("item_4");
  transcribeWith(undefined);
  await clock.advance(0);
  page.close(1000);
  await clock.advance(0);
  assertEquals(api.received.at(-1), { type: "input_audio_buffer.clear" });
  end("item_2", "completed", { usage: { type: "duration", seconds: 5 } });
  end("item_3", "failed", { error: { type: "server_error", message: "No words" } });
  await clock.advance(0);
  assertEquals([api.closed, events.length], [undefined, 1]);
  end("item_4", "completed", { usage: { type: "tokens", output_tokens: 20 } });
  await clock.advance(0);
  assertEquals(api.closed?.code, 1000);
  const ended = events.flatMap((event) => event.type === "relay_ended" ? [event.usage] : []);
  assertEquals(ended.map((usage) => [usage?.tokens, usage?.cost]), [[20, 55]]);
  assertEquals((await store.add("costPerDay total", 0, { ttlMs: 1 })).value, 55);
});

Deno.test("the last response counts when another request to a Worker ends the relay", async () => {
  const done = { id: "resp_1", status: "cancelled", output: [], usage: { output_tokens: 50 } };
  const [ours, theirs] = createMemorySocketPair();
  const answers: Record<string, object> = {
    "session.update": { type: "session.updated", event_id: "event_1", session: POLICY },
    "response.cancel": { type: "response.done", event_id: "event_3", response: done },
  };
  theirs.listen({
    message: (frame) => theirs.send(JSON.stringify(answers[JSON.parse(`${frame}`).type])),
    close() {},
  });
  let isOther = false;
  const send = ours.send.bind(ours);
  const socket = Object.assign(ours, {
    send(frame: string) {
      if (isOther) throw new Error("Cannot perform I/O on behalf of a different request.");
      send(frame);
    },
  });
  const events: EdgeEvent[] = [];
  const { clock, open } = createSetting({
    dial: () => Promise.resolve(socket),
    onEvent: (event) => events.push(event),
  });
  Object.assign(globalThis, { WebSocketPair: class {} });
  try {
    await open({}, "/relay", createLifetime());
    theirs.send(JSON.stringify({ type: "response.created", event_id: "event_2", response: { id: "resp_1" } }));
    await clock.advance(0);
    const [started] = events;
    isOther = true;
    if (started?.type === "relay_started") started.relay.close();
    isOther = false;
    await clock.advance(0);
    assertEquals(events.flatMap((event) => event.type === "relay_ended" ? [event.usage?.tokens] : []), [50]);
  } finally {
    Reflect.deleteProperty(globalThis, "WebSocketPair");
  }
});

Deno.test("limits bound concurrent relays while they last, and free the places of isolates that died", async () => {
  let now = 0;
  const store = memoryStore({ now: () => now });
  const limits: EdgeLimits = { perCaller: { concurrentRelays: 1 }, total: { concurrentRelays: 2 } };
  const [one, other] = [createSetting({ store, limits }), createSetting({ store, limits })];
  const statusOf = async (setting: typeof one, user: string) => {
    const { page, response } = await setting.open({ cookie: `user=${user}` });
    return { page, status: response.status, retry: response.headers.get("retry-after") };
  };
  const alice = await statusOf(one, "alice");
  assertEquals(alice.status, 200);
  assertEquals(await statusOf(other, "alice").then(({ retry, status }) => [status, retry]), [409, "60"]);
  const bob = await statusOf(other, "bob");
  assertEquals([bob.status, (await statusOf(one, "carol")).status], [200, 409]);
  bob.page.close(1000);
  await other.clock.advance(0);
  const carol = await statusOf(one, "carol");
  assertEquals(carol.status, 200);
  carol.page.close(1000);
  // A relay that has ended does not renew its places.
  await other.clock.advance(60_000);
  assertEquals((await statusOf(other, "bob")).status, 200);
  // As long as an isolate lives it renews its places …
  for (let minute = 0; minute < 5; minute++) {
    now += 20_000;
    await one.clock.advance(20_000);
  }
  assertEquals((await statusOf(other, "alice")).status, 409);
  // … and they are free a minute after it died.
  now += 60_001;
  assertEquals((await statusOf(other, "alice")).status, 200);
});

Deno.test("a page whose socket never opens frees the place of its relay after 30 s", async () => {
  const limits: EdgeLimits = { perCaller: { concurrentRelays: 1 } };
  const upgradeWebSocket = defineWebSocketHelper(() => new Response("upgraded"));
  const { clock, open } = createSetting({ limits, upgradeWebSocket });
  const status = async () => (await open()).response.status;
  assertEquals([await status(), await status()], [200, 409]);
  await clock.advance(29_999);
  assertEquals(await status(), 409);
  await clock.advance(1);
  assertEquals(await status(), 200);
});

Deno.test("limits bound the responses per minute, both requested and automatic ones", async () => {
  const store = memoryStore({ now: () => 0 });
  const limits: EdgeLimits = { perCaller: { responsesPerMinute: 2 } };
  const [one, other] = [createSetting({ store, limits }), createSetting({ store, limits })];
  const first = await one.open();
  const second = await other.open();
  first.page.send({ type: "response.create", event_id: "mine_1" });
  first.page.send({ type: "input_audio_buffer.clear" });
  await one.clock.advance(0);
  one.api.send({ type: "response.created", response: { id: "resp_1" } });
  second.page.send({ type: "response.create" });
  await other.clock.advance(0);
  other.api.send({ type: "response.created", response: { id: "resp_2" } });
  first.page.send({ type: "response.create", event_id: "mine_2" });
  first.page.send({ type: "input_audio_buffer.commit" });
  await one.clock.advance(0);
  assertEquals(one.api.received.map(({ type }) => type), [
    "session.update",
    "response.create",
    "input_audio_buffer.clear",
    "input_audio_buffer.commit",
  ]);
  const { error } = first.page.received.at(-1) as unknown as { error: Record<string, unknown> };
  assertEquals([error.code, error.event_id], ["rate_limit_exceeded", "mine_2"]);
  // A response started by voice detection is cancelled.
  other.api.send({ type: "response.created", response: { id: "resp_3" } });
  await other.clock.advance(0);
  const cancel = other.api.received.at(-1)!;
  assertEquals([cancel.type, cancel.response_id], ["response.cancel", "resp_3"]);
  const complaint = second.page.received.at(-1) as unknown as { error: Record<string, unknown> };
  assertEquals(complaint.error.code, "rate_limit_exceeded");

  // A request that the API rejects as another response is active has none: the next automatic one counts, too.
  const busy = createSetting({ limits });
  const { page } = await busy.open();
  page.send({ type: "response.create", event_id: "mine_3" });
  await busy.clock.advance(0);
  const rejected = { type: "invalid_request_error", code: "conversation_already_has_active_response", message: "Busy" };
  busy.api.send({ type: "error", event_id: "a", error: { ...rejected, event_id: "mine_3" } });
  for (const id of ["resp_4", "resp_5"]) busy.api.send({ type: "response.created", response: { id } });
  await busy.clock.advance(0);
  assertEquals(busy.api.received.at(-1)?.response_id, "resp_5");
});

Deno.test("limits bound tokens and cost per day, across relays and isolates", async () => {
  for (const spend of [{ tokensPerDay: 100 }, { costPerDay: 100 }]) {
    let now = 0;
    const store = memoryStore({ now: () => now });
    const limits: EdgeLimits = { perCaller: spend, prices: PRICES };
    const ended: unknown[] = [];
    const options = {
      store,
      limits,
      onEvent: (event: { type: string; reason?: unknown; usage?: { tokens: number; cost: number } }) => {
        if (event.type === "relay_ended") ended.push([event.reason, event.usage?.tokens, event.usage?.cost]);
      },
    };
    const [one, other] = [createSetting(options as never), createSetting(options as never)];
    const use = (setting: typeof one, id: string, tokens: number) =>
      setting.api.send({
        type: "response.done",
        response: { id, status: "completed", output: [], usage: { output_tokens: tokens } },
      });
    const first = await one.open();
    use(one, "resp_1", 60);
    use(one, "resp_1", 60);
    await one.clock.advance(0);
    assertEquals(first.page.closed, undefined);
    const second = await other.open();
    use(other, "resp_2", 60);
    await other.clock.advance(0);
    await other.clock.advance(0);
    assertEquals(second.page.closed, { code: 1008, reason: "The quota is used up" });
    assertEquals(other.api.closed?.code, 1000);
    const refused = await one.open();
    assertEquals(await problemOf(refused.response), "429 quota_exceeded");
    assertEquals(refused.response.headers.get("retry-after"), "86400");
    assertEquals((await one.open({ cookie: "user=bob" })).response.status, 200);
    now += 86_400_001;
    assertEquals((await one.open()).response.status, 200);
    assertEquals(ended, [["quota", 60, 60]]);
  }
});

Deno.test("a session whose model has no price ends if costs are limited", async () => {
  const limits: EdgeLimits = { total: { costPerDay: 5 }, prices: { other: { "text output": 1 } } };
  for (const onStoreError of ["refuse", "allow"] as const) {
    const { api, clock, open } = createSetting({ limits, onStoreError });
    const { page } = await open();
    api.send({ type: "response.done", response: { id: "resp_1", output: [], usage: { output_tokens: 1 } } });
    await clock.advance(0);
    await clock.advance(0);
    assertEquals(page.closed?.code, 1008);
  }
});

Deno.test("limits of 0 allow nothing, Infinity allows everything, and invalid limits are rejected", async () => {
  const none = createEdge({ limits: { perCaller: { concurrentCalls: 0 }, total: { secretsPerMinute: 0 } } });
  assertEquals((await none.post("/calls", OFFER, SDP)).status, 409);
  assertEquals((await none.post("/client_secrets")).status, 429);
  let asked = 0;
  const counting = new Proxy(memoryStore(), { get: (store, name) => (asked++, Reflect.get(store, name)) });
  const all = { concurrentCalls: Infinity, secretsPerMinute: Infinity, tokensPerDay: Infinity };
  const free = createEdge({ limits: { perCaller: all, total: {} }, store: counting });
  const before = asked;
  for (let index = 0; index < 20; index++) assertEquals((await free.post("/client_secrets")).status, 200);
  assertEquals([(await free.post("/calls", OFFER, SDP)).status, asked], [201, before]);

  const make = (limits: unknown) => () =>
    createRealtimeApp({ authorize: () => true, session: POLICY, limits: limits as EdgeLimits });
  for (const value of [-1, NaN, -Infinity]) {
    assertThrows(
      make({ perCaller: { concurrentRelays: value } }),
      RangeError,
      "concurrentRelays must be a number >= 0",
    );
  }
  assertThrows(make({ total: { tokensPerDay: "9" } }), TypeError, "tokensPerDay");
  assertThrows(make({ total: { tokensPerMinute: 9 } }), TypeError, "there is no option tokensPerMinute");
  assertThrows(make({ percaller: {} }), TypeError, "did you mean perCaller?");
  assertThrows(make({ total: { costPerDay: 1 } }), TypeError, "limits.prices");
  assertThrows(make({ idleMs: 0 }), RangeError, "idleMs");
  assertThrows(make({ maxDurationMs: Infinity }), RangeError, "maxDurationMs");
});

/** Faulty stores. */
const BROKEN: Readonly<Record<string, RealtimeStore>> = Object.fromEntries(
  Object.entries<() => unknown>({
    "throws": () => {
      throw new Error("no store");
    },
    "rejects": () => Promise.reject(new Error("no store")),
    "hangs": () => new Promise(() => {}),
    "answers nothing": () => undefined,
    "answers nonsense": () => ({ ok: "yes", value: "many", resetMs: null }),
    "answers a word": () => ({ ok: "yes", value: 0, resetMs: 0, retryMs: 0 }),
    "answers without a value": () => ({ ok: true, resetMs: 0, retryMs: 0 }),
    "answers without a time": () => ({ ok: true, value: 0 }),
    "answers NaN": () => Promise.resolve({ ok: true, value: NaN, resetMs: NaN, retryMs: NaN }),
  }).map((
    [name, act],
  ) => [name, { add: act, hold: act, release: act, get: act, put: act } as unknown as RealtimeStore]),
);

Deno.test("a store that throws, hangs or returns invalid data causes 503, or is ignored, as onStoreError specifies", async () => {
  const limits: EdgeLimits = { perCaller: { secretsPerMinute: 5, concurrentCalls: 5, tokensPerDay: 5 } };
  for (const [name, store] of Object.entries(BROKEN)) {
    for (const onStoreError of ["refuse", "allow"] as const) {
      const edge = createEdge({ limits, store, onStoreError, calls: { watch: false } });
      const asked = [edge.post("/client_secrets"), edge.post("/calls", OFFER, SDP)];
      for (let second = 0; second < 12; second++) await edge.clock.advance(1000);
      const [minted, called] = await Promise.all(asked);
      const isRefused = onStoreError === "refuse";
      assertEquals([minted!.status, called!.status], isRefused ? [503, 503] : [200, 201], `${name} ${onStoreError}`);
      if (isRefused) assertEquals(await codeOf(minted!), "503 store_unavailable 1", name);
      assert(edge.errors.length > 0 && /store/.test(`${edge.errors[0]}`), `${name}: ${edge.errors}`);
    }
  }
});

Deno.test("a store that fails during a relay ends nothing that onStoreError allows, and blocks new work otherwise", async () => {
  for (const onStoreError of ["refuse", "allow"] as const) {
    let isBroken = false;
    const good = memoryStore();
    const store = new Proxy(good, {
      get: (store, name) => isBroken ? () => Promise.reject(new Error("no store")) : Reflect.get(store, name),
    });
    const limits: EdgeLimits = { perCaller: { responsesPerMinute: 9, concurrentRelays: 9, tokensPerDay: 9 } };
    const { api, clock, errors, open } = createSetting({ store, limits, onStoreError });
    const { page } = await open();
    isBroken = true;
    const settle = async (ms: number) => {
      errors.splice(0);
      await clock.advance(ms);
      await clock.advance(0);
      assert(errors.length > 0);
    };
    page.send({ type: "response.create" });
    await settle(0);
    const isSent = api.received.some(({ type }) => type === "response.create");
    assertEquals([isSent, page.closed], [onStoreError === "allow", undefined]);
    await settle(20_000);
    assertEquals(page.closed, undefined);
    // Usage that cannot be counted has no limit.
    api.send({ type: "response.done", response: { id: "resp_1", output: [], usage: { output_tokens: 1 } } });
    await settle(0);
    assertEquals(page.closed?.code, onStoreError === "allow" ? undefined : 1008);
    page.close(1000);
    await settle(1_000);
  }
});

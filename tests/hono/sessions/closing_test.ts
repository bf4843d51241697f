import { assertEquals } from "@std/assert";
import { type IncomingCallDecision, memoryStore, type RealtimeAppOptions } from "../../../src/hono/mod.ts";
import type { Dial } from "../../../src/transport/mod.ts";
import { answerAsTheApi, createEdge, NOW, OFFER, POLICY, problemOf, TIMEOUT_MS } from "../_edge.ts";
import { createSetting } from "../_relay.ts";
import { createSimulatedEdge } from "../_simulated_edge.ts";
import { signedWebhook, WEBHOOK_SECRET } from "../_webhook.ts";
import { beginSimulatedCall, type SimulatedEdgeCall } from "./_simulated_call.ts";

const SDP = { "content-type": "application/sdp" };

/** An app whose API answers offers and acceptances only when the gate opens. */
function createSlowEdge(options: Partial<RealtimeAppOptions> = {}) {
  const gate = Promise.withResolvers<void>();
  const reasons: string[] = [];
  const edge = createEdge({
    timeoutMs: TIMEOUT_MS,
    webhookSecret: WEBHOOK_SECRET,
    onIncomingCall: () => ({ action: "accept", session: POLICY }),
    onEvent: (event) => event.type === "call_ended" && reasons.push(event.reason),
    ...options,
  }, async (request) => {
    if (!request.call.endsWith("/hangup")) await gate.promise;
    return answerAsTheApi(request);
  });
  /** Closes the app, which waits for the gate; returns the requests to the API, and the ends of calls. */
  const close = async (closing = edge.close()) => {
    let isClosed = false;
    const closed = closing.then(() => void (isClosed = true));
    for (let turn = 0; turn < 10; turn++) await edge.clock.advance(0);
    assertEquals(isClosed, false);
    gate.resolve();
    await closed;
    return [...edge.requests.map(({ call }) => call), ...reasons];
  };
  return { close, edge };
}

Deno.test("close() waits for an offer whose request has timed out, and its call is hung up", async () => {
  const { close, edge } = createSlowEdge();
  assertEquals(await problemOf(await edge.post("/calls", OFFER, SDP)), "504 timed_out");
  assertEquals(await close(), ["POST /realtime/calls", "POST /realtime/calls/rtc_1/hangup", "shutdown"]);
});

Deno.test("close() waits for the acceptance of a telephone call whose webhook has timed out", async () => {
  const { close, edge } = createSlowEdge();
  const { body, headers } = await signedWebhook({ timestamp: NOW / 1000 });
  assertEquals(await problemOf(await edge.post("/webhooks", body, headers)), "504 timed_out");
  const calls = ["POST /realtime/calls/rtc_sip_1/accept", "POST /realtime/calls/rtc_sip_1/hangup"];
  assertEquals(await close(), [...calls, "shutdown"]);
});

Deno.test("close() waits for an offer that is sent, and whose request times out, while the app is being closed", async () => {
  const reached = Promise.withResolvers<void>();
  const permit = Promise.withResolvers<boolean>();
  const { close, edge } = createSlowEdge({
    authorize: () => {
      reached.resolve();
      return permit.promise;
    },
  });
  const asking = edge.post("/calls", OFFER, SDP);
  await reached.promise;
  const closing = edge.close();
  permit.resolve(true);
  assertEquals(await problemOf(await asking), "504 timed_out");
  assertEquals(await close(closing), ["POST /realtime/calls", "POST /realtime/calls/rtc_1/hangup", "shutdown"]);
});

Deno.test("a page whose call is ended by close() while onCall runs gets no dead call", async () => {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const edge = createEdge({
    onCall: async () => {
      reached.resolve();
      await gate.promise;
    },
  });
  const asking = edge.post("/calls", OFFER, SDP);
  await reached.promise;
  const closing = edge.close();
  gate.resolve();
  await closing;
  assertEquals(await problemOf(await asking), "503 shutting_down");
  assertEquals(edge.requests.map(({ call }) => call), ["POST /realtime/calls", "POST /realtime/calls/rtc_1/hangup"]);
});

/** An app that is closed while a decision about a telephone call, or its acceptance, is pending. */
async function closeWhileRinging(step: "accept" | "decide") {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const pass = async (here: string) => {
    if (here !== step) return;
    reached.resolve();
    await gate.promise;
  };
  const edge = createEdge({
    webhookSecret: WEBHOOK_SECRET,
    onIncomingCall: async (): Promise<IncomingCallDecision> => {
      await pass("decide");
      return { action: "accept", session: POLICY };
    },
  }, async (request) => {
    if (request.call.endsWith("/accept")) await pass("accept");
    return answerAsTheApi(request);
  });
  const { body, headers } = await signedWebhook({ timestamp: NOW / 1000 });
  const ringing = edge.post("/webhooks", body, headers);
  await reached.promise;
  const closing = edge.close();
  gate.resolve();
  await closing;
  const outcome = await problemOf(await ringing);
  // The host has closed the app: this is no failure.
  assertEquals(edge.errors, []);
  return { calls: edge.requests.map(({ call }) => call), outcome };
}

Deno.test("a telephone call that is decided while the app is being closed is left to another server", async () => {
  assertEquals(await closeWhileRinging("decide"), { calls: [], outcome: "503 shutting_down" });
});

Deno.test("a telephone call that is accepted while the app is being closed is hung up", async () => {
  assertEquals(await closeWhileRinging("accept"), {
    calls: ["POST /realtime/calls/rtc_sip_1/accept", "POST /realtime/calls/rtc_sip_1/hangup"],
    outcome: "503 shutting_down",
  });
});

/** A store whose counters are slow from a moment on. */
function createSlowStore() {
  const store = memoryStore();
  const seen = { isSlow: false };
  const gate = Promise.withResolvers<void>();
  const add: typeof store.add = async (...args) => {
    if (seen.isSlow) await gate.promise;
    return await store.add(...args);
  };
  /** Closes an app, which waits for the store; returns the tokens that were counted by then. */
  const close = async ({ app, clock, last }: {
    readonly app: { close(): Promise<void> };
    readonly clock: SimulatedEdgeCall["clock"];
    readonly last?: (() => void) | undefined;
  }) => {
    let isClosed = false;
    const closing = app.close().then(() => void (isClosed = true));
    await clock.advance(0);
    last?.();
    for (let turn = 0; turn < 10; turn++) await clock.advance(0);
    assertEquals(isClosed, false);
    gate.resolve();
    await closing;
    return (await store.add("tokensPerDay total", 0, { ttlMs: 1 })).value;
  };
  return { close, limits: { total: { tokensPerDay: 100 } }, seen, store: { ...store, add } };
}

Deno.test("a relay whose page is accepted while the app is being closed ends at once", async () => {
  const { hold, ...others } = memoryStore();
  const setting = createSetting({
    limits: { perCaller: { concurrentRelays: 9 } },
    store: {
      ...others,
      hold(...place) {
        void setting.app.close();
        return hold(...place);
      },
    },
  });
  const { page } = await setting.open();
  assertEquals([page.closed?.code, page.closed?.reason], [1001, "The server is shutting down"]);
  assertEquals(setting.api.dialled, []);
});

Deno.test("close() waits until the usage of relays and calls is counted", async () => {
  const usage = { output_tokens: 7 };
  const done = {
    type: "response.done",
    event_id: "event_4",
    response: { id: "resp_1", status: "cancelled", output: [], usage },
  };
  for (const isLast of [false, true]) {
    const { close, limits, seen, store } = createSlowStore();
    const { api, app, clock, open } = createSetting({ limits, store });
    await open();
    api.send({
      type: "response.created",
      event_id: "event_3",
      response: { id: "resp_1", status: "in_progress", output: [] },
    });
    await clock.advance(0);
    seen.isSlow = true;
    if (!isLast) api.send(done);
    await clock.advance(0);
    const last = isLast ? () => api.send(done) : undefined;
    assertEquals(await close({ app, clock, last }), 7, `the last word of the API: ${isLast}`);
  }
  const { close, limits, seen, store } = createSlowStore();
  const run = await beginSimulatedCall({ limits, store, calls: { watch: true } });
  seen.isSlow = true;
  await run.say(done);
  assertEquals(await close({ app: run.edge, clock: run.clock }), 7);
});

/** Another server that has not started the call, and the number of its open sidebands. */
function createOther({ clock, simulator }: SimulatedEdgeCall, ready?: Promise<void>) {
  const asked = Promise.withResolvers<void>();
  const seen = { sidebands: 0 };
  const dial: Dial = async (request) => {
    asked.resolve();
    await ready;
    const socket = await simulator.dial(request);
    seen.sidebands++;
    const close = socket.close.bind(socket);
    return Object.assign(socket, {
      close: (...how: Parameters<typeof close>) => {
        seen.sidebands--;
        close(...how);
      },
    });
  };
  return { app: createSimulatedEdge(simulator, { clock, dial }), asked: asked.promise, seen };
}

Deno.test("close() ends the streams and sidebands of calls that another server has started, but not these calls", async () => {
  const run = await beginSimulatedCall();
  const { app, seen } = createOther(run);
  const reader = await run.follow(app);
  assertEquals([reader.hasEnded, seen.sidebands], [false, 1]);
  await app.close();
  await run.clock.advance(100);
  assertEquals([reader.hasEnded, seen.sidebands], [true, 0]);
  // The page may follow the call elsewhere.
  assertEquals(reader.data.filter(({ type }) => type === "call.ended"), []);
  const again = await run.follow();
  assertEquals([again.hasEnded, run.ends], [false, []]);
  await again.cancel();
});

Deno.test("a stream that is being opened while the app is being closed does not begin", async () => {
  const run = await beginSimulatedCall();
  const ready = Promise.withResolvers<void>();
  const { app, asked, seen } = createOther(run, ready.promise);
  const headers = { "x-realtime-call-token": run.token };
  const asking = app.request(`/calls/${run.call.id}/events`, { headers });
  await asked;
  const closing = app.close();
  ready.resolve();
  await run.clock.advance(100);
  await closing;
  assertEquals([await problemOf(await asking), seen.sidebands, run.ends], ["503 shutting_down", 0, []]);
});

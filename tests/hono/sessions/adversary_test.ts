import { assert, assertEquals } from "@std/assert";
import { type EdgeLimits, memoryStore, type RealtimeAppOptions, type ReplayGuard } from "../../../src/hono/mod.ts";
import { createEdge, type Edge, NOW, OFFER, POLICY, problemOf } from "../_edge.ts";
import { createSetting } from "../_relay.ts";
import { signedWebhook, WEBHOOK_SECRET } from "../_webhook.ts";
import { createSimulatedEdge } from "../_simulated_edge.ts";
import { beginSimulatedCall, type EventReader } from "./_simulated_call.ts";
import { createSidebands } from "./_sideband.ts";

const SDP = { "content-type": "application/sdp" };

async function settle(edge: Pick<Edge, "clock">): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await edge.clock.advance(0);
}

Deno.test("a host that is never ready for a call does not keep it", async () => {
  const edge = createEdge({ onCall: () => new Promise(() => {}), timeoutMs: 10_000 });
  const leaving = new AbortController();
  const headers = { ...SDP, authorization: "Bearer alice" };
  const asked = edge.request("/calls", { method: "POST", headers, body: OFFER, signal: leaving.signal });
  await settle(edge);
  leaving.abort();
  await edge.clock.advance(20_000);
  await settle(edge);
  assertEquals(edge.requests.at(-1)?.call, "POST /realtime/calls/rtc_1/hangup");
  assert((await asked).status >= 400);
});

Deno.test("a call whose sideband never opens is not kept", async () => {
  const edge = createEdge({ calls: { watch: true }, dial: () => new Promise(() => {}), timeoutMs: 10_000 });
  const asked = edge.post("/calls", OFFER, SDP);
  await settle(edge);
  await edge.clock.advance(10_000);
  assertEquals((await asked).status >= 500, true);
  assertEquals(edge.requests.at(-1)?.call, "POST /realtime/calls/rtc_1/hangup");
});

/** The other steps that a call waits for, by name: the options that make it wait there. */
const MORE_AWAITS: Readonly<
  Record<string, (pass: <Value>(value: Value) => Promise<Value>) => Partial<RealtimeAppOptions>>
> = {
  "the sideband": (pass) => {
    const { dial } = createSidebands();
    return { calls: { watch: true }, dial: async (request) => await pass(await dial(request)) };
  },
  "the store of answers": (pass) => ({ store: { ...memoryStore(), hold: () => pass({ ok: true, retryMs: 0 }) } }),
  "what the store has": (pass) => ({ store: { ...memoryStore(), get: () => pass(null) } }),
  "what is spent": (pass) => ({
    limits: { perCaller: { tokensPerDay: 9 } },
    calls: { watch: false },
    store: { ...memoryStore(), add: () => pass({ ok: true, value: 0, resetMs: 1 }) },
  }),
  "the answer that is kept": (pass) => {
    const store = memoryStore();
    return { store: { ...store, put: async (...args) => await pass(store.put(...args)) } };
  },
  "the place of the answer": (pass) => {
    const store = memoryStore();
    return { store: { ...store, release: async (...args) => await pass(store.release(...args)) } };
  },
};

Deno.test("a page that leaves while its call waits for a sideband or a store leaves no call", async () => {
  for (const [name, options] of Object.entries(MORE_AWAITS)) {
    const [reached, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const edge = createEdge(options(async (value) => {
      reached.resolve();
      await open.promise;
      return value;
    }));
    const leaving = new AbortController();
    const headers = { ...SDP, authorization: "Bearer alice", "idempotency-key": "a" };
    const asked = edge.request("/calls", { method: "POST", headers, body: OFFER, signal: leaving.signal });
    await reached.promise;
    leaving.abort();
    open.resolve();
    assertEquals((await asked).status, 408, name);
    await settle(edge);
    const count = (end: string) => edge.requests.filter(({ call }) => call.endsWith(end)).length;
    assertEquals(count("/calls") - count("/hangup"), 0, name);
    // The page can use the key again.
    assertEquals((await edge.post("/calls", OFFER, { ...SDP, "idempotency-key": "a" })).status, 201, name);
    assertEquals(edge.errors, [], name);
  }
});

Deno.test("limits of 0 prevent everything", async () => {
  const prices = { [POLICY.model]: { "text output": 1 } };
  const none: Readonly<Record<string, [limits: EdgeLimits, minted: number, called: number]>> = {
    concurrentCalls: [{ total: { concurrentCalls: 0 } }, 200, 409],
    secretsPerMinute: [{ total: { secretsPerMinute: 0 } }, 429, 201],
    tokensPerDay: [{ total: { tokensPerDay: 0 } }, 429, 429],
    costPerDay: [{ perCaller: { costPerDay: 0 }, prices }, 429, 429],
  };
  for (const [name, [limits, minted, called]] of Object.entries(none)) {
    const edge = createEdge({ limits, calls: { watch: false } });
    const statuses = [(await edge.post("/client_secrets")).status, (await edge.post("/calls", OFFER, SDP)).status];
    assertEquals(statuses, [minted, called], name);
    for (const response of [await edge.post("/calls", OFFER, SDP)]) {
      if (response.status >= 400) assert(Number(response.headers.get("retry-after")) >= 1, name);
    }
  }
  const relays = createSetting({ limits: { perCaller: { concurrentRelays: 0 } } });
  assertEquals([(await relays.open()).response.status, relays.api.dialled.length], [409, 0]);
  const mute = createSetting({ limits: { perCaller: { responsesPerMinute: 0 } } });
  const { page } = await mute.open();
  page.send({ type: "response.create" });
  for (let turn = 0; turn < 5; turn++) await mute.clock.advance(0);
  assertEquals(mute.api.received.map(({ type }) => type), ["session.update"]);
  mute.api.send({ type: "response.created", response: { id: "resp_1" } });
  for (let turn = 0; turn < 5; turn++) await mute.clock.advance(0);
  assertEquals(mute.api.received.at(-1)?.type, "response.cancel");
  const call = await beginSimulatedCall({ limits: { total: { responsesPerMinute: 0 } } });
  await call.say({ type: "response.created", response: { id: "resp_1" } });
  await call.clock.advance(0);
  assertEquals(call.ends, ["quota"]);
});

Deno.test("a store that returns an invalid stored answer starts a new call, and the host is notified", async () => {
  for (const text of ["", "nonsense", "null", "{}", `{"digest":1,"answer":{}}`, `{"digest":"x"}`]) {
    const edge = createEdge({ store: { ...memoryStore(), get: () => text } });
    const response = await edge.post("/calls", OFFER, { ...SDP, "idempotency-key": "a" });
    assertEquals([response.status, edge.errors.length], [201, 1], text);
  }
});

/** Rings at an app with a guard of the host's. */
async function ring(guard: ReplayGuard, fails = false) {
  let handled = 0;
  const claimed = Promise.withResolvers<void>();
  const claim = (id: string) => {
    claimed.resolve();
    return guard.claim(id);
  };
  const edge = createEdge({
    webhookSecret: WEBHOOK_SECRET,
    replayGuard: { ...guard, claim },
    timeoutMs: 60_000,
    onIncomingCall: () => {
      handled++;
      if (fails) throw new Error("no decision");
      return { action: "ignore" };
    },
  });
  const { body, headers } = await signedWebhook({ timestamp: NOW / 1000 });
  const asked = edge.request("/webhooks", { method: "POST", headers, body });
  await claimed.promise;
  await settle(edge);
  await edge.clock.advance(5_000);
  const response = await asked;
  return { outcome: response.status === 200 ? "200" : await problemOf(response), handled, errors: edge.errors };
}

Deno.test("a guard that throws, hangs or returns an invalid answer does not lose a call: the webhook is requested again", async () => {
  const release = () => {};
  const guards: Readonly<Record<string, () => unknown>> = {
    "throws": () => {
      throw new Error("no guard");
    },
    "rejects": () => Promise.reject(new Error("no guard")),
    "hangs": () => new Promise(() => {}),
    "says nothing": () => undefined,
    "says something else": () => "perhaps",
    "says a number": () => Promise.resolve(1),
  };
  for (const [name, claim] of Object.entries(guards)) {
    const { errors, handled, outcome } = await ring({ claim, release } as ReplayGuard);
    assert(/^50[04] (?:internal_error|timed_out)$/.test(outcome), `${name}: ${outcome}`);
    assertEquals([handled, errors.length > 0], [0, true], name);
  }
  const unsettled = await ring({ claim: () => "new", release, settle: () => Promise.reject(new Error("no guard")) });
  assertEquals([unsettled.outcome, unsettled.handled, `${unsettled.errors}`], ["200", 1, "Error: no guard"]);
});

Deno.test("a guard that cannot forget a webhook does not hide why handling failed", async () => {
  const release = () => Promise.reject(new Error("no guard"));
  const { errors, outcome } = await ring({ claim: () => true, release }, true);
  assertEquals([outcome, errors.map(String).toSorted()], ["500 internal_error", [
    "Error: no decision",
    "Error: no guard",
  ]]);
});

Deno.test("the kept events of a call, and those that wait for its pages, are bounded in length", async () => {
  const call = await beginSimulatedCall({ calls: { watch: true, maxKeptEvents: 1000 } });
  const big = "x".repeat(1_000_000);
  const slow = await call.edge.request(`/calls/${call.call.id}/events`, {
    headers: { "x-realtime-call-token": call.token },
  });
  for (let index = 0; index < 20; index++) {
    await call.say({ type: "response.output_text.delta", event_id: `e${index}`, delta: `${index} ${big}` });
  }
  const late = await call.follow();
  await call.clock.advance(0);
  assertEquals(late.seen.length, 4);
  assertEquals(late.data.at(-1)?.delta?.slice(0, 3), "19 ");
  // A page that does not read has its stream ended, and may ask again.
  let length = 0;
  for await (const chunk of slow.body!) length += chunk.length;
  assert(length < 6_000_000, `${length}`);
});

Deno.test("a page that repeatedly requests the events of its call has a bounded number of streams", async () => {
  const call = await beginSimulatedCall({ calls: { watch: true } });
  const first = await call.follow();
  const others = [];
  for (let index = 0; index < 16; index++) others.push(await call.follow());
  await call.clock.advance(0);
  assertEquals([first.hasEnded, others.some(({ hasEnded }) => hasEnded), call.dials], [true, false, 1]);
  await call.say({ type: "response.output_text.delta", event_id: "e", delta: "x" });
  assertEquals(others.every(({ seen }) => seen.length === 1), true);
});

Deno.test("a page has a bounded number of streams on a server that did not start its call, too", async () => {
  const call = await beginSimulatedCall();
  const sidebands = createSidebands();
  const { clock, simulator } = call;
  const other = createSimulatedEdge(simulator, { clock, dial: sidebands.dial });
  const streams: EventReader[] = [];
  for (let index = 0; index < 18; index++) streams.push(await call.follow(other));
  await clock.advance(0);
  assertEquals(streams.map(({ hasEnded }) => hasEnded), streams.map((_, index) => index < 2));
  assertEquals([sidebands.dialled.length, sidebands.open], [18, 16]);
  // The place of one that left is free.
  await streams[5]!.cancel();
  streams.push(await call.follow(other));
  assertEquals([streams[2]?.hasEnded, sidebands.open], [false, 16]);
  assertEquals([simulator.calls.length, call.ends], [1, []]);
  await other.close();
  assertEquals(sidebands.open, 0);
});

Deno.test("an API address from the request is validated, and its credentials appear in no error", async () => {
  for (
    const address of [
      "https://user:wordpass@api.example.com/v1",
      "https://user:wordpass@:99999",
      "ftp://user:wordpass@api.example.com",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "",
      "//user:wordpass@host",
    ]
  ) {
    const edge = createEdge({ baseUrl: () => address });
    assertEquals(await problemOf(await edge.post("/client_secrets")), "500 internal_error", address);
    assertEquals(await problemOf(await edge.post("/calls", OFFER, SDP)), "500 internal_error", address);
    const azure = createEdge({ azure: () => ({ endpoint: address, deployment: "d", apiKey: "a key of the test" }) });
    assertEquals(await problemOf(await azure.post("/client_secrets")), "500 internal_error", address);
    const errors = [...edge.errors, ...azure.errors].join();
    assertEquals([edge.requests.length, errors.includes("wordpass")], [0, false], errors);
  }
});

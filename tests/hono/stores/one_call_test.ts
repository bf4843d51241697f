import { assertEquals } from "@std/assert";
import { memoryStore, type RealtimeStore, redisStore } from "../../../src/hono/mod.ts";
import { ANSWER, apiError, createEdge, type Edge, NOW, OFFER, problemOf, type React } from "../_edge.ts";
import { hasRedis, startRedis } from "./_redis.ts";

const HEADERS = { "content-type": "application/sdp", "idempotency-key": "a" };

/** Two isolates of one app with one store, and an API that answers on command. */
function isolates(store: RealtimeStore, react: (call: number) => Response = begun) {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  let calls = 0;
  const answer: React = async ({ call }) => {
    if (!call.endsWith("/calls")) return new Response();
    const count = ++calls;
    asked.resolve();
    await gate.promise;
    return react(count);
  };
  const make = (timeoutMs?: number) => createEdge({ store, timeoutMs }, answer);
  return { one: make(), other: make(), hasty: make(100), gate, asked: asked.promise, count: () => calls };
}

function begun(count: number): Response {
  return new Response(ANSWER, { status: 201, headers: { location: `/v1/realtime/calls/rtc_${count}` } });
}

async function post(edge: Edge, body = OFFER): Promise<string | null> {
  const response = await edge.post("/calls", body, HEADERS);
  return response.status === 201 ? response.headers.get("x-realtime-call-id") : await problemOf(response);
}

/** Lets time pass on an isolate until it has answered. */
async function inTime<Answer>(edge: Edge, answer: Promise<Answer>): Promise<Answer> {
  let isThere = false;
  const settled = answer.finally(() => void (isThere = true));
  while (!isThere) {
    await edge.clock.advance(250);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return await settled;
}

const memory = () => memoryStore({ now: () => NOW });

/** A store whose operations are asynchronous, as over a network. */
function remote(store: RealtimeStore): RealtimeStore {
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
  return {
    add: (...args) => turn().then(() => store.add(...args)),
    hold: (...args) => turn().then(() => store.hold(...args)),
    release: (...args) => turn().then(() => store.release(...args)),
    get: (...args) => turn().then(() => store.get(...args)),
    put: (...args) => turn().then(() => store.put(...args)),
  };
}

/** The implementation that all shared stores follow. */
async function beginsOneCall(store: RealtimeStore): Promise<void> {
  const { count, gate, one, other } = isolates(store);
  const both = [post(one), post(other), post(one), post(other)];
  gate.resolve();
  const answers = await Promise.all(both.map((answer, index) => inTime(index % 2 === 0 ? one : other, answer)));
  assertEquals([answers, count()], [["rtc_1", "rtc_1", "rtc_1", "rtc_1"], 1]);
  assertEquals([one.errors, other.errors], [[], []]);
}

Deno.test("two simultaneous requests with one Idempotency-Key on two isolates create one call", async () => {
  await beginsOneCall(memory());
  await beginsOneCall(remote(memory()));
});

Deno.test("two isolates start one call through Redis, if a redis-server is installed", async () => {
  if (!await hasRedis()) return console.warn("redis-server is not on this machine: this test of it is left out");
  await using redis = await startRedis();
  await beginsOneCall(redisStore(redis));
});

Deno.test("an isolate waits while another one creates the call, and rejects another body with the key", async () => {
  const { asked, count, gate, one, other } = isolates(memory());
  const first = post(one);
  await asked;
  const changedBefore = post(other, OFFER.replace("s=-", "s=x"));
  await other.clock.advance(1000);
  const second = post(other);
  await other.clock.advance(1000);
  assertEquals(count(), 1);
  const changedAfter = post(other, OFFER.replace("s=-", "s=y"));
  gate.resolve();
  assertEquals(await first, "rtc_1");
  assertEquals(await inTime(other, second), "rtc_1");
  for (const changed of [changedBefore, changedAfter]) {
    assertEquals(await inTime(other, changed), "422 idempotency_key_reused Idempotency-Key");
  }
  assertEquals(count(), 1);
});

Deno.test("a call that one isolate could not create is created by another one that waits", async () => {
  const { asked, count, gate, one, other } = isolates(memory(), (call) => call === 1 ? apiError(400) : begun(call));
  const first = post(one);
  await asked;
  const second = post(other);
  await other.clock.advance(1000);
  gate.resolve();
  assertEquals(await first, "502 upstream_refused");
  assertEquals([await inTime(other, second), count()], ["rtc_2", 2]);
});

Deno.test("an isolate waits for another one at most as long as its request may take", async () => {
  const { asked, count, gate, hasty, one } = isolates(memory());
  const first = post(one);
  await asked;
  assertEquals([await post(hasty), count()], ["504 timed_out", 1]);
  gate.resolve();
  assertEquals(await first, "rtc_1");
});

Deno.test("after a page that left while its answer was stored, its key creates one other call", async () => {
  const { put, ...others } = memory();
  const page = new AbortController();
  const { count, gate, one, other } = isolates(remote({
    ...others,
    put(...record) {
      page.abort();
      return put(...record);
    },
  }));
  gate.resolve();
  const headers = { ...HEADERS, authorization: "Bearer alice" };
  const left = await one.request("/calls", { method: "POST", headers, body: OFFER, signal: page.signal });
  assertEquals(left.status, 408);
  const both = [post(one), post(other)];
  assertEquals(await Promise.all([inTime(one, both[0]!), inTime(other, both[1]!)]), ["rtc_2", "rtc_2"]);
  assertEquals(count(), 2);
  const hangups = one.requests.map(({ call }) => call).filter((call) => call.endsWith("/hangup"));
  assertEquals(hangups, ["POST /realtime/calls/rtc_1/hangup"]);
});

Deno.test("a store that fails does not prevent a call, and the host is notified", async () => {
  const fail = () => Promise.reject(new Error("no store"));
  const { gate, one } = isolates({ ...memory(), hold: fail, get: fail, put: fail, release: fail });
  gate.resolve();
  assertEquals(await post(one), "rtc_1");
  assertEquals(one.errors.length, 3);
});

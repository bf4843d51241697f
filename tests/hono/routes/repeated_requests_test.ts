import { assertEquals } from "@std/assert";
import { memoryStore, type RealtimeStore, type WebhookClaim } from "../../../src/hono/mod.ts";
import { CANARY } from "../_canary.ts";
import { createEdge, NOW, OFFER, POLICY, problemOf, TIMEOUT_MS } from "../_edge.ts";
import { signedWebhook, WEBHOOK_SECRET } from "../_webhook.ts";

Deno.test("a repeated webhook does not end with the request of its first delivery", async () => {
  const polled = Promise.withResolvers<void>();
  const joined = Promise.withResolvers<void>();
  const store = memoryStore();
  let asked = 0;
  let claim: WebhookClaim = "pending";
  const edge = createEdge({
    webhookSecret: WEBHOOK_SECRET,
    replayGuard: {
      claim() {
        polled.resolve();
        return claim;
      },
      release: () => {},
    },
    // Asked for just before a webhook is handled.
    store: () => {
      if (++asked === 2) joined.resolve();
      return store;
    },
    onIncomingCall: () => ({ action: "accept", session: POLICY }),
  });
  const { body, headers } = await signedWebhook({ timestamp: NOW / 1000 });
  const leaving = new AbortController();
  const first = edge.request("/webhooks", { method: "POST", body, headers, signal: leaving.signal });
  await polled.promise;
  const second = edge.post("/webhooks", body, headers);
  await joined.promise;
  claim = "new";
  leaving.abort();
  assertEquals(await problemOf(await first), "408 client_gone");
  assertEquals((await second).status, 200);
  assertEquals(edge.requests.map(({ call }) => call), ["POST /realtime/calls/rtc_sip_1/accept"]);
});

Deno.test("a webhook whose first delivery was abandoned is handled a minute later", async () => {
  let asked = 0;
  const begun = Promise.withResolvers<void>();
  const edge = createEdge({
    webhookSecret: WEBHOOK_SECRET,
    timeoutMs: TIMEOUT_MS,
    // A Worker that is stopped in the middle leaves a promise that never settles.
    onIncomingCall: () => {
      if (++asked > 1) return { action: "accept", session: POLICY };
      begun.resolve();
      return new Promise(() => {});
    },
    now: () => NOW + edge.clock.now(),
  });
  const ring = async () => {
    const { body, headers } = await signedWebhook({ timestamp: Math.floor((NOW + edge.clock.now()) / 1000) });
    const response = await edge.post("/webhooks", body, headers);
    return response.status === 200 ? "200" : await problemOf(response);
  };
  const early = ring();
  await begun.promise;
  await edge.clock.advance(59_999);
  assertEquals(await Promise.all([early, ring()]), ["504 timed_out", "504 timed_out"]);
  assertEquals(asked, 1);
  await edge.clock.advance(1);
  assertEquals([await ring(), asked], ["200", 2]);
  assertEquals([await ring(), asked], ["200", 2]);
});

Deno.test("an offer whose first request was abandoned is answered after four times the timeout", async () => {
  let asked = 0;
  const edge = createEdge({
    timeoutMs: TIMEOUT_MS,
    apiKey: () => ++asked === 1 ? new Promise(() => {}) : CANARY,
    now: () => NOW + edge.clock.now(),
  });
  const offer = async () => {
    const headers = { "content-type": "application/sdp", "idempotency-key": "a" };
    const response = await edge.post("/calls", OFFER, headers);
    return response.status === 201 ? "201" : await problemOf(response);
  };
  assertEquals(await Promise.all([offer(), offer()]), ["504 timed_out", "504 timed_out"]);
  await edge.clock.advance(4 * TIMEOUT_MS);
  assertEquals([await offer(), asked], ["201", 2]);
});

Deno.test("an answer is repeated for ten minutes, and stored before another server may make one", async () => {
  const asked: string[] = [];
  const inner = memoryStore({ now: () => NOW + edge.clock.now() });
  const store: RealtimeStore = {
    ...inner,
    async put(...args) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      await inner.put(...args);
      asked.push("stored");
    },
    release(...args) {
      asked.push("released");
      return inner.release(...args);
    },
  };
  const edge = createEdge({ store, now: () => NOW + edge.clock.now() });
  const offer = async () => {
    const { status } = await edge.post("/calls", OFFER, { "content-type": "application/sdp", "idempotency-key": "a" });
    return [status, edge.requests.length];
  };
  assertEquals(await offer(), [201, 1]);
  assertEquals(asked.slice(0, 2), ["stored", "released"]);
  await edge.clock.advance(599_999);
  assertEquals(await offer(), [201, 1]);
  await edge.clock.advance(1);
  assertEquals(await offer(), [201, 2]);
});

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import OpenAI from "openai";
import { ConnectionError } from "../../../src/errors.ts";
import type { SipCallOutcome } from "../../../src/simulator/sip_call.ts";
import { Api } from "../_api.ts";

const SECRET = "whsec_c2VjcmV0LW9mLXRoZS10ZXN0";
const WEBHOOK = { webhookUrl: "https://app.test/webhooks", secret: SECRET };

Deno.test("ringSipCall() delivers a webhook that the openai npm package verifies", async () => {
  const api = new Api();
  const delivered = Promise.withResolvers<Request>();
  const headers = [{ name: "X-Customer", value: "7" }];
  const outcome = api.simulator.ringSipCall({
    ...WEBHOOK,
    from: "sip:+14155550111@sip.example.com",
    to: "sip:shop@sip.example.com",
    headers,
    fetch: (request) => {
      delivered.resolve(request);
      return new Response("ok");
    },
  });
  const request = await delivered.promise;
  assertEquals([request.method, request.url], ["POST", WEBHOOK.webhookUrl]);
  const openai = new OpenAI({ apiKey: "sk-test", webhookSecret: SECRET });
  const event = await openai.webhooks.unwrap(await request.clone().text(), request.headers);
  assert(event.type === "realtime.call.incoming");
  assert(Math.abs(event.created_at - Date.now() / 1000) < 60);
  assertMatch(event.id, /^evt_/);
  assertMatch(event.data.call_id, /^rtc_/);
  assertEquals(event.data.sip_headers.filter(({ name }) => name !== "Call-ID"), [
    { name: "From", value: "sip:+14155550111@sip.example.com" },
    { name: "To", value: "sip:shop@sip.example.com" },
    ...headers,
  ]);
  await assertRejects(() => openai.webhooks.unwrap(`${event.id}`, request.headers));
  await api.simulator.close();
  assertEquals((await outcome).status, "unanswered");
});

Deno.test("ringSipCall() accepts an answer that precedes the webhook's own response", async () => {
  const api = new Api();
  const { status } = await api.simulator.ringSipCall({
    ...WEBHOOK,
    fetch: async (request) => {
      const { data } = await request.json();
      return await api.post(`/realtime/calls/${data.call_id}/accept`, { type: "realtime" });
    },
  });
  assertEquals(status, "accepted");
  // Only the end of the hour is left.
  assertEquals(api.clock.pending, 1);
});

Deno.test("ringSipCall() gives up after half a minute, or after its timeout", async () => {
  const api = new Api();
  for (const [options, ms] of [[{}, 30_000], [{ ringMs: 500 }, 500]] as const) {
    let outcome: SipCallOutcome | undefined;
    const delivered = Promise.withResolvers<void>();
    const fetch = () => {
      delivered.resolve();
      return new Response();
    };
    void api.simulator.ringSipCall({ ...WEBHOOK, ...options, fetch }).then((settled) => outcome = settled);
    await delivered.promise;
    await api.clock.advance(ms - 1);
    assertEquals(outcome, undefined);
    await api.clock.advance(1);
    assert(outcome?.status === "unanswered");
    const late = await api.refusal(`/realtime/calls/${outcome.callId}/accept`, { type: "realtime" });
    assertEquals([late[0], late[1].code], [404, "call_id_not_found"]);
  }
  assertEquals(api.clock.pending, 0);
});

Deno.test("ringSipCall() rejects when the webhook fails or the caller hangs up", async () => {
  const api = new Api();
  const ring = (fetch: () => Response, signal?: AbortSignal) =>
    api.simulator.ringSipCall({ ...WEBHOOK, fetch, signal });
  const refused = await assertRejects(() => ring(() => new Response("no", { status: 500 })), ConnectionError);
  assertEquals([refused.kind, refused.status], ["refused", 500]);
  const cause = new TypeError("no route");
  const lost = await assertRejects(() =>
    ring(() => {
      throw cause;
    }), ConnectionError);
  assertEquals([lost.kind, lost.cause], ["unreachable", cause]);

  const controller = new AbortController();
  const delivered = Promise.withResolvers<void>();
  const ringing = ring(() => {
    delivered.resolve();
    return new Response();
  }, controller.signal);
  await delivered.promise;
  controller.abort(new Error("hung up"));
  await assertRejects(() => ringing, Error, "hung up");
  await assertRejects(() => ring(() => new Response(), controller.signal), Error, "hung up");
  assertEquals(api.clock.pending, 0);
});

Deno.test("ringSipCall() rejects an invalid secret", async () => {
  const api = new Api();
  const options = { ...WEBHOOK, secret: "whsec_???", fetch: () => new Response() };
  await assertRejects(() => api.simulator.ringSipCall(options), SyntaxError);
  assertEquals(api.clock.pending, 0);
});

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import OpenAI from "openai";
import { ConnectionError } from "../../../src/errors.ts";
import type { SipCallOptions } from "../../../src/simulator/sip_call.ts";
import { Api } from "../_api.ts";

const SECRET = "whsec_c2VjcmV0LW9mLXRoZS10ZXN0";
const WEBHOOK = { webhookUrl: "https://app.test/webhooks", secret: SECRET };

/** A telephone call of one of the two APIs. */
interface Ringing {
  readonly ring: (api: Api, options: SipCallOptions) => Promise<{ readonly status: string }>;
  readonly event: string;
  /** The field of the webhook's data with the id of the call, and how that begins. */
  readonly id: readonly [name: string, prefix: RegExp];
  readonly accept: (id: unknown) => readonly [path: string, body: object];
  readonly unknownId: string;
  /** Timers of a session that runs. */
  readonly timers: number;
}

const APIS: Readonly<Record<string, Ringing>> = {
  ringSipCall: {
    ring: ({ simulator }, options) => simulator.ringSipCall(options),
    event: "realtime.call.incoming",
    id: ["call_id", /^rtc_/],
    accept: (id) => [`/realtime/calls/${id}/accept`, { type: "realtime" }],
    unknownId: "call_id_not_found",
    timers: 1,
  },
  ringLiveCall: {
    ring: ({ simulator }, options) => simulator.ringLiveCall(options),
    event: "live.transport.incoming",
    id: ["session_id", /^live_/],
    accept: (id) => [`/live/sessions/${id}/accept`, { session: { type: "live", model: "gpt-live-1" } }],
    unknownId: "session_not_found",
    timers: 2,
  },
};

for (const [name, { accept, event: type, id: [idName, prefix], ring, timers, unknownId }] of Object.entries(APIS)) {
  Deno.test(`${name}() delivers a webhook that the openai npm package verifies`, async () => {
    const api = new Api();
    const delivered = Promise.withResolvers<Request>();
    const headers = [{ name: "X-Customer", value: "7" }];
    const outcome = ring(api, {
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
    assertEquals(request.headers.get("content-type"), "application/json");
    const openai = new OpenAI({ apiKey: "sk-test", webhookSecret: SECRET });
    const event = await openai.webhooks.unwrap(await request.clone().text(), request.headers);
    assertEquals<string>(event.type, type);
    assert(Math.abs(event.created_at - Date.now() / 1000) < 60);
    assertMatch(event.id, /^evt_/);
    const data = event.data as unknown as Record<string, unknown> & { sip_headers: { name: string }[] };
    assertMatch(String(data[idName]), prefix);
    assertEquals(data.sip_headers.filter(({ name }) => name !== "Call-ID"), [
      { name: "From", value: "sip:+14155550111@sip.example.com" },
      { name: "To", value: "sip:shop@sip.example.com" },
      ...headers,
    ]);
    await assertRejects(() => openai.webhooks.unwrap(`${event.id}`, request.headers));
    await api.simulator.close();
    assertEquals((await outcome).status, "unanswered");
  });

  Deno.test(`${name}() has a caller and a number of its own`, async () => {
    const api = new Api();
    const delivered = Promise.withResolvers<string[]>();
    void ring(api, {
      ...WEBHOOK,
      fetch: async (request) => {
        const { data } = await request.json();
        delivered.resolve(data.sip_headers.map(({ name, value }: Record<string, string>) => `${name}: ${value}`));
        return new Response();
      },
    });
    const [from, to, id, ...others] = await delivered.promise;
    assertEquals([from, to, others], [
      "From: sip:+14155550100@sip.example.com",
      "To: sip:proj_simulator@sip.api.openai.com;transport=tls",
      [],
    ]);
    assertMatch(id!, /^Call-ID: sip_/);
    await api.simulator.close();
  });

  Deno.test(`${name}() accepts an answer that precedes the webhook's own response`, async () => {
    const api = new Api();
    const { status } = await ring(api, {
      ...WEBHOOK,
      fetch: async (request) => {
        const { data } = await request.json();
        return await api.post(...accept(data[idName]));
      },
    });
    assertEquals(status, "accepted");
    // Only those of the session are left.
    assertEquals(api.clock.pending, timers);
  });

  Deno.test(`${name}() gives up after half a minute, or after its timeout`, async () => {
    const api = new Api();
    for (const [options, ms] of [[{}, 30_000], [{ ringMs: 500 }, 500]] as const) {
      let status: string | undefined;
      const delivered = Promise.withResolvers<string>();
      const fetch = async (request: Request) => {
        delivered.resolve((await request.json()).data[idName]);
        return new Response();
      };
      void ring(api, { ...WEBHOOK, ...options, fetch }).then((outcome) => status = outcome.status);
      const id = await delivered.promise;
      await api.clock.advance(ms - 1);
      assertEquals(status, undefined);
      await api.clock.advance(1);
      assertEquals(status, "unanswered");
      const late = await api.refusal(...accept(id));
      assertEquals([late[0], late[1].code], [404, unknownId]);
    }
    assertEquals(api.clock.pending, 0);
  });

  Deno.test(`${name}() rejects when the webhook fails or the caller hangs up`, async () => {
    const api = new Api();
    const call = (fetch: () => Response, signal?: AbortSignal) => ring(api, { ...WEBHOOK, fetch, signal });
    const refused = await assertRejects(() => call(() => new Response("no", { status: 500 })), ConnectionError);
    assertEquals([refused.kind, refused.status], ["refused", 500]);
    const cause = new TypeError("no route");
    const lost = await assertRejects(() =>
      call(() => {
        throw cause;
      }), ConnectionError);
    assertEquals([lost.kind, lost.cause], ["unreachable", cause]);

    const controller = new AbortController();
    const delivered = Promise.withResolvers<void>();
    const ringing = call(() => {
      delivered.resolve();
      return new Response();
    }, controller.signal);
    await delivered.promise;
    controller.abort(new Error("hung up"));
    await assertRejects(() => ringing, Error, "hung up");
    await assertRejects(() => call(() => new Response(), controller.signal), Error, "hung up");
    assertEquals(api.clock.pending, 0);
  });

  Deno.test(`${name}() rejects an invalid secret`, async () => {
    const api = new Api();
    const options = { ...WEBHOOK, secret: "whsec_???", fetch: () => new Response() };
    await assertRejects(() => ring(api, options), SyntaxError);
    assertEquals(api.clock.pending, 0);
  });
}

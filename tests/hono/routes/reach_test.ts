import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { type Context, Hono } from "hono";
import { memoryStore, type RealtimeAppOptions } from "../../../src/hono/mod.ts";
import { CANARY, createRealtimeApp } from "../_canary.ts";
import { ANSWER, callForm, createEdge, NOW, OFFER, POLICY, problemOf, TIMEOUT_MS } from "../_edge.ts";
import { createSetting } from "../_relay.ts";
import { INCOMING, signedWebhook, WEBHOOK_SECRET } from "../_webhook.ts";

const SDP = { "content-type": "application/sdp" };
const JSON_TYPE = { "content-type": "application/json" };
const AZURE = { endpoint: "https://us.openai.azure.com", deployment: "voices", apiKey: CANARY };

Deno.test("azure: unsupported combinations are rejected at creation", () => {
  const make = (azure: unknown, more: object = {}) => () =>
    createRealtimeApp({ authorize: () => true, session: POLICY, azure: azure as typeof AZURE, ...more });
  assertThrows(make({ ...AZURE, endpoint: "file:///etc" }), RangeError, "azure must be");
  assertThrows(make({ ...AZURE, endpoint: "https://a:b@us.test" }), RangeError, "azure must be");
  const { apiKey: _, ...withoutKey } = AZURE;
  assertThrows(make({ ...withoutKey, token: () => "entra" }), TypeError, "tokenSecret");
  make({ ...withoutKey, token: () => "entra" }, { tokenSecret: "a secret of 16 characters" })();
});

const TRANSLATION = {
  type: "translation",
  model: "gpt-realtime-translate",
  audio: { input: { transcription: { model: "whisper-1" } }, output: { language: "de" } },
} as const;

Deno.test("translation: secrets, calls and relays use the translation endpoints", async () => {
  const edge = createEdge(
    { session: TRANSLATION, clientMayOverride: ["audio.output.language"] },
    ({ call }) =>
      call.endsWith("/calls")
        ? new Response(ANSWER, { status: 201, headers: { location: "/v1/realtime/translations/calls/rtc_1" } })
        : Response.json({ value: "ek_translate", expires_at: 1, session: {} }),
  );
  const body = JSON.stringify({ session: { audio: { output: { language: "fr" } } } });
  assertEquals((await edge.post("/client_secrets", body, JSON_TYPE)).status, 200);
  const [minted] = edge.requests;
  assertEquals(minted?.call, "POST /realtime/translations/client_secrets");
  const { type: _, ...settings } = TRANSLATION;
  const audio = { ...settings.audio, output: { language: "fr" } };
  assertEquals(JSON.parse(minted!.body).session, { ...settings, audio });
  assertEquals((await edge.post("/calls", OFFER, SDP)).status, 201, `${edge.errors}`);
  assertEquals(edge.requests.slice(1).map(({ call, headers }) => [call, headers.get("authorization")]), [
    ["POST /realtime/translations/client_secrets", `Bearer ${CANARY}`],
    ["POST /realtime/translations/calls", "Bearer ek_translate"],
  ]);

  const { api, clock, open } = createSetting({
    session: TRANSLATION,
    clientMayOverride: ["audio.output.language"],
    onDial: (api) => {
      api.send({ type: "session.created", event_id: "e1", session: { id: "sess_1", type: "translation" } });
      api.send({ type: "session.updated", event_id: "e2", session: { id: "sess_1", ...TRANSLATION, secret: 1 } });
    },
  });
  const { page } = await open();
  assertEquals(`${api.dialled[0]!.url}`, "wss://api.openai.com/v1/realtime/translations?model=gpt-realtime-translate");
  assertEquals(api.received[0]?.session, { audio: TRANSLATION.audio });
  assertEquals(page.received[0]?.session, {
    id: "sess_1",
    type: "translation",
    model: TRANSLATION.model,
    audio: { input: { transcription: { model: "whisper-1" } }, output: { language: "de" } },
  });
  page.send({ type: "session.input_audio_buffer.append", audio: "AAAA" });
  page.send({ type: "session.update", session: { audio: { output: { language: "fr" } } } });
  page.send({ type: "session.close" });
  page.send({ type: "session.update", session: { audio: { input: { transcription: null } } } });
  page.send({ type: "response.create" });
  await clock.advance(0);
  assertEquals(api.received.slice(1).map(({ type }) => type), [
    "session.input_audio_buffer.append",
    "session.update",
    "session.close",
  ]);
  assertEquals(page.received.filter(({ type }) => type === "error").length, 2);
});

Deno.test("check: false accepts settings newer than this version, and still checks pages", async () => {
  const session = { ...POLICY, newer_field: { a: 1 } } as never;
  assertThrows(() => createRealtimeApp({ authorize: () => true, session }), TypeError, "newer_field");
  for (const policy of [session, () => session]) {
    const edge = createEdge({ session: policy as never, check: false, clientMayOverride: ["audio.output.voice"] });
    const mint = async (voice: unknown) =>
      await edge.post("/client_secrets", JSON.stringify({ session: { audio: { output: { voice } } } }), JSON_TYPE);
    assertEquals((await mint("cedar")).status, 200);
    assertEquals(JSON.parse(edge.requests[0]!.body).session.newer_field, { a: 1 });
    assertEquals(await problemOf(await mint(1)), "400 invalid_override session.audio.output.voice");
    const response = await edge.post("/calls", OFFER, SDP);
    assertEquals(response.status, 201);
    const form = await callForm(edge.requests.at(-1)!) as unknown as { session: { newer_field: unknown } };
    assertEquals(form.session.newer_field, { a: 1 });
  }
  const { api, open } = createSetting({ session, check: false });
  await open();
  assertEquals((api.received[0]?.session as { newer_field: unknown }).newer_field, { a: 1 });
});

/** Status of a request of a page of an origin. */
async function statusFor(
  origin: string,
  options: Partial<RealtimeAppOptions>,
  { headers, url = "http://10.0.0.1:8080/client_secrets" }: { url?: string; headers?: Record<string, string> } = {},
): Promise<number> {
  const edge = createEdge({ onError: () => {}, ...options });
  const init = { method: "POST", headers: { authorization: "Bearer alice", origin, ...headers } };
  return (await edge.request(url, init)).status;
}

Deno.test("publicUrl and trusted forwarded headers define the origin of the app's own pages", async () => {
  const own = "https://www.example.com";
  assertEquals(await statusFor(own, {}), 403);
  assertEquals(await statusFor(own, { publicUrl: "https://www.example.com/realtime" }), 200);
  assertEquals(await statusFor(own, { publicUrl: () => own }), 200);
  const errors: unknown[] = [];
  assertEquals(await statusFor(own, { publicUrl: () => "example.com", onError: (error) => errors.push(error) }), 500);
  assertEquals(`${errors}`, "TypeError: Cannot answer as publicUrl must be an address: current value is example.com");
  assertEquals(await statusFor("http://10.0.0.1:8080", { publicUrl: own }), 403);
  assertEquals(await statusFor("https://evil.test", { publicUrl: own }), 403);
  const forwarded = {
    headers: { "x-forwarded-proto": "https, http", "x-forwarded-host": "www.example.com, 10.0.0.1" },
  };
  assertEquals(await statusFor(own, {}, forwarded), 403);
  assertEquals(await statusFor(own, { trustForwarded: true }, forwarded), 200);
  assertEquals(await statusFor("http://10.0.0.1:8080", { trustForwarded: true }, forwarded), 403);
  const odd = { headers: { "x-forwarded-proto": "https", "x-forwarded-host": "a b" } };
  assertEquals(await statusFor("https://a", { trustForwarded: true }, odd), 403);
  const make = (publicUrl: string) => () => createRealtimeApp({ authorize: () => true, session: POLICY, publicUrl });
  for (const url of ["www.example.com", "file:///x", "javascript:0", ""]) {
    assertThrows(make(url), RangeError, "publicUrl");
  }
});

Deno.test("behind a TLS-terminating proxy, a rejected page of the same host is explained once", async () => {
  const errors: string[] = [];
  const edge = createEdge({ onError: (error) => errors.push(`${error}`) });
  const ask = async (origin: string, path = "client_secrets") =>
    await edge.request(`http://www.example.com/${path}`, { method: "POST", headers: { origin } });
  assertEquals((await ask("https://evil.test")).status, 403);
  assertEquals(errors, []);
  for (const path of ["client_secrets", "client_secrets", "calls", "openapi.json"]) {
    assertEquals((await ask("https://www.example.com", path)).status, 403);
  }
  assertEquals(errors.length, 1);
  assertMatch(
    errors[0]!,
    /https:\/\/www\.example\.com .* own origin is http:\/\/www\.example\.com, .*pass its address as publicUrl/,
  );
});

Deno.test("with publicUrl, a rejected page of the request's host is explained by the origin that is expected", async () => {
  const errors: string[] = [];
  const onError = (error: unknown) => errors.push(`${error}`);
  assertEquals(await statusFor("http://10.0.0.1:8080", { publicUrl: "https://www.example.com", onError }), 403);
  assertEquals(errors.length, 1);
  assertMatch(errors[0]!, /http:\/\/10\.0\.0\.1:8080 .* own origin is https:\/\/www\.example\.com, that of publicUrl/);
});

Deno.test("allowedOrigins accepts patterns for subdomains and previews, and rejects lookalikes", async () => {
  const allowedOrigins = ["https://*.example.com", "https://app-*-team.preview.dev", "http://localhost:3000"];
  const good = [
    "https://www.example.com",
    "https://a-b.example.com",
    "https://app-1f3-team.preview.dev",
    "http://localhost:3000",
  ];
  for (const origin of good) assertEquals(await statusFor(origin, { allowedOrigins }), 200, origin);
  const bad = [
    "https://example.com",
    "https://a.b.example.com",
    "https://www.example.com.evil.test",
    "https://evilexample.com",
    "https://www-example.com",
    "http://www.example.com",
    "https://www.example.com:8443",
    "https://.example.com",
    "https://-.example.com",
    "https://app--team.preview.dev",
    "https://app-x.evil.test/-team.preview.dev",
    "http://localhost:30000",
    "null",
    "",
  ];
  for (const origin of bad) assertEquals(await statusFor(origin, { allowedOrigins }), 403, origin);
  const make = (origin: string) => () =>
    createRealtimeApp({ authorize: () => true, session: POLICY, allowedOrigins: [origin] });
  for (
    const origin of [
      "*",
      "https://*",
      "https://*.com",
      "https://www.*",
      "https://a.*.com",
      "*.example.com",
      "x://*.example.com",
      "xhttps://*.example.com",
      "null",
    ]
  ) {
    assertThrows(make(origin), TypeError, "allowedOrigins");
  }
});

Deno.test("null is never an allowed origin, whatever the host's function returns", async () => {
  const response = await createEdge({ allowedOrigins: () => true }).post("/client_secrets", null, { origin: "null" });
  assertEquals([await problemOf(response.clone()), response.headers.get("access-control-allow-origin")], [
    "403 origin_not_allowed",
    null,
  ]);
  const { api, open } = createSetting({ allowedOrigins: () => true });
  assertEquals(await problemOf((await open({ origin: "null" })).response), "403 origin_not_allowed");
  assertEquals(api.dialled.length, 0);
});

Deno.test("safety identifiers are stable when keys change, and can be the host's own", async () => {
  const seen = async (options: Partial<RealtimeAppOptions>) => {
    const edge = createEdge(options);
    await edge.post("/client_secrets");
    return edge.requests[0]!.headers.get("openai-safety-identifier");
  };
  const name = await seen({});
  assertMatch(name!, /^[\da-f]{40}$/);
  assertEquals(await seen({ apiKey: `${CANARY}` }), name);
  assertEquals(await seen({ tokenSecret: "another secret of 16" }), name);
  assertEquals(await seen({ safetyIdentifier: (caller, c) => `own-${caller}-${c.req.method}` }), "own-alice-POST");
  assertEquals(await seen({ authorize: () => true, safetyIdentifier: () => "x" }), null);
});

Deno.test("tokenSecret can be rotated during calls: the first secret signs, and all are accepted", async () => {
  const [old, recent] = ["the old secret of 16 characters", "the new secret of 16 characters"];
  const tokenOf = async (tokenSecret: string | string[]) => {
    const response = await createEdge({ tokenSecret }).post("/calls", OFFER, SDP);
    return { "x-realtime-call-token": response.headers.get("x-realtime-call-token")! };
  };
  const hangUp = async (tokenSecret: string | string[], token: Record<string, string>) =>
    (await createEdge({ tokenSecret }).post("/calls/rtc_1/hangup", null, token)).status;
  const [before, during] = [await tokenOf(old), await tokenOf([recent, old])];
  for (const token of [before, during]) assertEquals(await hangUp([recent, old], token), 204);
  assertEquals([await hangUp([recent], during), await hangUp(old, during), await hangUp(recent, before)], [
    204,
    403,
    403,
  ]);
  for (const tokenSecret of [[], ["short"], [old, "short"]]) {
    assertThrows(
      () => createRealtimeApp({ authorize: () => true, session: POLICY, tokenSecret }),
      RangeError,
      "tokenSecret",
    );
  }
});

Deno.test("addresses and webhook secrets are checked at the start", async () => {
  const make = (options: Partial<RealtimeAppOptions>) => () =>
    createRealtimeApp({ authorize: () => true, session: POLICY, ...options });
  for (
    const baseUrl of [
      "file:///etc/passwd",
      "ftp://a.test",
      "https://user:pass@a.test",
      "https://user@a.test",
      "data:,x",
    ]
  ) {
    assertThrows(make({ baseUrl }), RangeError, "baseUrl must be an http(s) or ws(s) address without credentials");
  }
  for (const webhookSecret of ["whsec_ä", [WEBHOOK_SECRET, "whsec_!"], "whsec_", "", [], [WEBHOOK_SECRET, ""]]) {
    assertThrows(make({ webhookSecret }), RangeError, "webhookSecret");
  }
  make({ webhookSecret: [WEBHOOK_SECRET, "plain text"], baseUrl: "http://localhost:8080/v1" })();
  // A secret from the request does not prevent the use of the others.
  const errors: unknown[] = [];
  const edge = createEdge({
    webhookSecret: () => Promise.resolve(["whsec_!", WEBHOOK_SECRET]),
    onIncomingCall: () => ({ action: "ignore" }),
    onError: (error) => errors.push(error),
  });
  const { body, headers } = await signedWebhook({ timestamp: Math.floor(NOW / 1000) });
  assertEquals((await edge.post("/webhooks", body, headers)).status, 200);
  assertMatch(`${errors}`, /not base64/);
});

Deno.test("a body is not read before authorize has decided", async () => {
  let pulled = 0;
  const edge = createEdge({ authorize: () => false });
  const body = new ReadableStream({
    pull() {
      pulled++;
      return new Promise(() => {});
    },
  }, { highWaterMark: 0 });
  const response = await edge.request("/calls", { method: "POST", headers: SDP, body, duplex: "half" } as RequestInit);
  assertEquals([await problemOf(response), pulled], ["403 not_authorized", 0]);
});

Deno.test("Retry-After of a 429 or 5xx response is passed on", async () => {
  for (const status of [429, 500, 503]) {
    const edge = createEdge({}, () => new Response("{}", { status, headers: { "retry-after": "600" } }));
    const response = await edge.post("/client_secrets");
    assertEquals(await problemOf(response.clone()), "503 upstream_busy");
    assertEquals(response.headers.get("retry-after"), "600");
  }
});

Deno.test("a webhook that arrives again during a slow decision gets that decision, and is not handled twice", async () => {
  for (const works of [true, false]) {
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    let handled = 0;
    const joined = Promise.withResolvers<void>();
    const store = memoryStore({ now: () => NOW });
    const edge = createEdge({
      webhookSecret: WEBHOOK_SECRET,
      timeoutMs: TIMEOUT_MS,
      // Asked for just before a webhook is handled, or joins one that is.
      store: () => {
        if (++handled === 2) joined.resolve();
        return store;
      },
      onIncomingCall: async () => {
        asked++;
        await gate.promise;
        if (!works) throw new Error("no room");
        return { action: "accept", session: POLICY };
      },
    });
    const { body, headers } = await signedWebhook({ timestamp: Math.floor(NOW / 1000) });
    assertEquals(await problemOf(await edge.post("/webhooks", body, headers)), "504 timed_out");
    const second = edge.post("/webhooks", body, headers);
    await joined.promise;
    gate.resolve();
    assertEquals((await second).status, works ? 200 : 500);
    // The decision that was under way answered it, be it good or bad.
    assertEquals(asked, 1);
    assertEquals(edge.requests.map(({ call }) => call), works ? ["POST /realtime/calls/rtc_sip_1/accept"] : []);
    const third = await edge.post("/webhooks", body, headers);
    assertEquals(third.status, works ? 200 : 500);
    // A failed decision is made again.
    assertEquals(asked, works ? 1 : 2);
  }
});

Deno.test("a webhook that another isolate is handling waits for it", async () => {
  const store = memoryStore({ now: () => NOW });
  const gate = Promise.withResolvers<void>();
  let asked = 0;
  const make = () =>
    createEdge({
      webhookSecret: WEBHOOK_SECRET,
      store,
      onIncomingCall: async () => {
        asked++;
        await gate.promise;
        return { action: "accept", session: POLICY };
      },
    });
  const [one, other] = [make(), make()];
  const { body, headers } = await signedWebhook({ timestamp: Math.floor(NOW / 1000) });
  const nextTurn = () => new Promise((resolve) => setTimeout(resolve));
  const first = one.post("/webhooks", body, headers);
  // Signatures are checked on another thread.
  while (asked === 0) await nextTurn();
  const second = other.post("/webhooks", body, headers);
  for (let turn = 0; turn < 5; turn++) await other.clock.advance(250);
  gate.resolve();
  assertEquals((await first).status, 200);
  let isAnswered = false;
  void second.finally(() => isAnswered = true);
  while (!isAnswered) {
    await other.clock.advance(250);
    await nextTurn();
  }
  assertEquals([(await second).status, asked, one.requests.length + other.requests.length], [200, 1, 1]);
});

Deno.test("rejections have the same headers and shape on the relay, and under app.route and app.mount", async () => {
  const { app } = createSetting({ authorize: () => false });
  const hosts: Record<string, { request(path: string, init?: RequestInit): Response | Promise<Response> }> = {
    "by itself": new Hono().route("/realtime", app),
    "as a route": new Hono().get("/", (c) => c.text("")).route("/realtime", app),
    "mounted": new Hono().mount("/realtime", app.fetch),
  };
  const upgrade = { upgrade: "websocket", connection: "upgrade" };
  for (const [name, host] of Object.entries(hosts)) {
    const answers = [
      await host.request("/realtime/relay", { headers: upgrade }),
      await host.request("/realtime/relay", { method: "POST" }),
      await host.request("/realtime/relay", { headers: { ...upgrade, origin: "https://evil.test" } }),
      await host.request("/realtime/nowhere"),
      await host.request("/realtime/calls/rtc_1/accept", { method: "POST" }),
      await host.request("/realtime/client_secrets", { method: "POST" }),
    ];
    const outcomes = await Promise.all(answers.map((answer) => problemOf(answer.clone())));
    assertEquals(outcomes, [
      "403 not_authorized",
      "405 method_not_allowed",
      "403 origin_not_allowed",
      "404 not_found",
      "404 not_found",
      "403 not_authorized",
    ], name);
    for (const [index, { headers }] of answers.entries()) {
      const of = (name: string) => headers.get(name);
      const { error } = await answers[index]!.json();
      assertEquals(
        [of("cache-control"), of("x-content-type-options"), of("x-request-id")],
        ["no-store", "nosniff", error.request_id],
        `${name} ${index}`,
      );
      assert(of("content-security-policy")?.includes("default-src 'none'"));
    }
  }
});

Deno.test("a redirect by authorize keeps the standard headers on the relay", async () => {
  const { open } = createSetting({ authorize: () => Response.redirect("https://login.test/", 302) });
  const { response } = await open();
  assertEquals([response.status, response.headers.get("cache-control"), response.headers.get("location")], [
    302,
    "no-store",
    "https://login.test/",
  ]);
});

Deno.test("a body that the host has already read is accepted", async () => {
  const body = JSON.stringify({ sdp: OFFER });
  const webhook = await signedWebhook({ event: JSON.stringify(INCOMING, null, 2), timestamp: NOW / 1000 });
  const read = {
    json: (c) => c.req.json(),
    text: (c) => c.req.text(),
    arrayBuffer: (c) => c.req.arrayBuffer(),
    blob: (c) => c.req.blob(),
    bytes: (c) => c.req.bytes(),
    lost: (c) => c.req.raw.text(),
  } satisfies Record<string, (c: Context) => Promise<unknown>>;
  for (const [how, readBody] of Object.entries(read)) {
    const errors: unknown[] = [];
    const host = new Hono().use("*", async (c, next) => {
      await readBody(c);
      await next();
    });
    const app = createRealtimeApp({
      apiKey: CANARY,
      authorize: () => true,
      session: POLICY,
      fetch: () => Promise.resolve(new Response(ANSWER, { status: 201, headers: { location: "/calls/rtc_1" } })),
      webhookSecret: WEBHOOK_SECRET,
      onIncomingCall: () => ({ action: "ignore" }),
      now: () => NOW,
      onError: (error) => errors.push(error),
    });
    host.route("/realtime", app);
    const post = (path: string, body: string, headers: HeadersInit) =>
      host.request(
        new Request(`http://localhost/realtime${path}`, {
          method: "POST",
          headers,
          body: new Blob([body]).stream(),
          duplex: "half",
        } as RequestInit),
      );
    const answers = [await post("/calls", body, JSON_TYPE), await post("/webhooks", webhook.body, webhook.headers)];
    const long = await post("/calls", JSON.stringify({ sdp: OFFER.padEnd(70_000) }), JSON_TYPE);
    const longWebhook = await signedWebhook({ event: { pad: "x".repeat(70_000) }, timestamp: NOW / 1000 });
    const tooLong = [long, await post("/webhooks", longWebhook.body, longWebhook.headers)];
    if (how === "lost") {
      // An empty offer, and an invalid signature, would hide the mistake of the host.
      for (const answer of [...answers, ...tooLong]) assertEquals(await problemOf(answer), "500 internal_error");
      assertMatch(`${errors[0]}`, /read a clone of c\.req\.raw/);
    } else {
      assertEquals(answers.map(({ status }) => status), [201, 200], how);
      for (const answer of tooLong) assertEquals(await problemOf(answer), "413 body_too_large", how);
    }
  }
});

Deno.test("a page cannot change the kind of its session", async () => {
  const { api, clock, open } = createSetting({ clientMayOverride: ["audio.input.turn_detection"] });
  const { page } = await open();
  page.send({ type: "session.update", session: { type: "transcription", audio: { input: { turn_detection: null } } } });
  page.send({ type: "session.update", session: { type: "realtime", audio: { input: { turn_detection: null } } } });
  await clock.advance(0);
  assertEquals(api.received.slice(1).map(({ session }) => (session as { type: string }).type), ["realtime"]);
  const errors = (page.received as unknown as { error?: { code: string; param: string } }[]).flatMap(({ error }) =>
    error ?? []
  );
  assertEquals(errors.map(({ code, param }) => [code, param]), [["relay_refused", "session.type"]]);
});

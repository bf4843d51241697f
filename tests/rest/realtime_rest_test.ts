import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { InvalidEventError, RealtimeRest } from "../../src/rest/mod.ts";
import { CANARY, searchedRest } from "../hono/_canary.ts";
import { createStub, SDP, sdpAnswer, SECRET, type Stub } from "./_stub.ts";

const done = () => new Response();
const secret = () => Response.json(SECRET);
const session = { type: "realtime", model: "gpt-realtime-2.1", audio: { output: { voice: "marin" } } } as const;

/** The only request, without the headers that every call has. */
function only({ requests }: Stub): { request: string; headers: Record<string, string>; body: string } {
  assertEquals(requests.length, 1);
  const { url, method, headers: { authorization, ...headers }, body } = requests[0]!;
  assertEquals(authorization, `Bearer ${CANARY}`);
  return { request: `${method} ${url.replace("https://api.openai.com/v1", "")}`, headers, body };
}

Deno.test("createClientSecret() sends the settings and returns the response", async () => {
  const stub = createStub(() => Response.json({ ...SECRET, newer: 1 }));
  const request = { expires_after: { anchor: "created_at", seconds: 60 }, session } as const;
  assertEquals<unknown>(await stub.rest.createClientSecret(request), { ...SECRET, newer: 1 });
  assertEquals(only(stub), {
    request: "POST /realtime/client_secrets",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(request),
  });
});

Deno.test("createClientSecret() sends an empty body without settings", async () => {
  const stub = createStub(secret);
  await stub.rest.createClientSecret();
  assertEquals(only(stub).body, "{}");
});

Deno.test("createClientSecret() accepts transcription sessions, and omits undefined fields", async () => {
  const stub = createStub(secret);
  const audio = { input: { transcription: { model: "gpt-transcribe" }, turn_detection: undefined } };
  await stub.rest.createClientSecret({ expires_after: undefined, session: { type: "transcription", audio } });
  assertEquals(JSON.parse(only(stub).body), {
    session: { type: "transcription", audio: { input: { transcription: { model: "gpt-transcribe" } } } },
  });
});

Deno.test("createTranslationClientSecret() sends the settings and returns the response", async () => {
  const stub = createStub(secret);
  const request = { session: { model: "gpt-realtime-translate", audio: { output: { language: "es" } } } };
  assertEquals<unknown>(await stub.rest.createTranslationClientSecret(request), SECRET);
  assertEquals(only(stub), {
    request: "POST /realtime/translations/client_secrets",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(request),
  });
});

Deno.test("createCall() sends the plain offer without settings", async () => {
  const stub = createStub(() => sdpAnswer("/v1/realtime/calls/rtc_1"));
  assertEquals(await stub.rest.createCall({ sdp: SDP }), { sdp: SDP, callId: "rtc_1" });
  assertEquals(only(stub), {
    request: "POST /realtime/calls",
    headers: { accept: "application/sdp", "content-type": "application/sdp" },
    body: SDP,
  });
});

Deno.test("createCall() sends offer and settings as a form with a new boundary each time", async () => {
  const stub = createStub(() => sdpAnswer("/v1/realtime/calls/rtc_1"));
  await stub.rest.createCall({ sdp: SDP, session });
  const { headers: { "content-type": type = "" }, body } = only(stub);
  const [, boundary] = /^multipart\/form-data; boundary=([\w-]{20,70})$/.exec(type) ?? [];
  assertEquals(
    body,
    `--${boundary}\r\nContent-Disposition: form-data; name="sdp"\r\nContent-Type: application/sdp\r\n\r\n${SDP}\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="session"\r\nContent-Type: application/json\r\n\r\n` +
      `${JSON.stringify(session)}\r\n--${boundary}--\r\n`,
  );
  const form = await new Response(body, { headers: { "content-type": type } }).formData();
  assertEquals([...form.keys()], ["sdp", "session"]);
  assertEquals([form.get("sdp"), form.get("session")], [SDP, JSON.stringify(session)]);
  await stub.rest.createCall({ sdp: SDP, session });
  const again = stub.requests[1]?.headers["content-type"];
  assertMatch(again ?? "", /boundary=/);
  assertEquals(again === type, false);
});

Deno.test("createTranslationCall() sends the plain offer, and accepts no settings", async () => {
  const stub = createStub(() => sdpAnswer());
  assertEquals(await stub.rest.createTranslationCall({ sdp: SDP }), { sdp: SDP, callId: undefined });
  assertEquals(only(stub), {
    request: "POST /realtime/translations/calls",
    headers: { accept: "application/sdp", "content-type": "application/sdp" },
    body: SDP,
  });
  const withSession = { sdp: SDP, session };
  const error = await assertRejects(() => stub.rest.createTranslationCall(withSession), InvalidEventError);
  assertEquals([error.path, stub.requests.length], ["session", 1]);
});

Deno.test("acceptCall(), rejectCall(), referCall() and hangUpCall() post to the call", async () => {
  const json = { accept: "*/*", "content-type": "application/json" };
  const cases: [(rest: RealtimeRest) => Promise<void>, string, Record<string, string>, string][] = [
    [(rest) => rest.acceptCall("rtc_1", session), "accept", json, JSON.stringify(session)],
    [(rest) => rest.rejectCall("rtc_1"), "reject", json, "{}"],
    [(rest) => rest.rejectCall("rtc_1", { statusCode: 486 }), "reject", json, '{"status_code":486}'],
    [(rest) => rest.referCall("rtc_1", "tel:+14155550123"), "refer", json, '{"target_uri":"tel:+14155550123"}'],
    [(rest) => rest.hangUpCall("rtc_1"), "hangup", { accept: "*/*" }, ""],
  ];
  for (const [act, verb, headers, body] of cases) {
    const stub = createStub(done);
    assertEquals(await act(stub.rest), undefined);
    assertEquals(only(stub), { request: `POST /realtime/calls/rtc_1/${verb}`, headers, body });
  }
});

Deno.test("requests about a call encode its id, and reject one that leads to another path", async () => {
  const stub = createStub(done);
  await stub.rest.hangUpCall("rtc_u2_E4xw9V7-Wm.~:@x");
  assertEquals(stub.requests[0]?.url, "https://api.openai.com/v1/realtime/calls/rtc_u2_E4xw9V7-Wm.~%3A%40x/hangup");
  const tricks = [
    "",
    ".",
    "..",
    "../client_secrets",
    "a/b",
    "a\\b",
    "a%2Fb",
    "a?b",
    "a#b",
    "a b",
    "a\n",
    "é",
    "x".repeat(257),
  ];
  for (const callId of [...tricks, undefined, 5, ["rtc_1"]] as string[]) {
    const acts = [
      () => stub.rest.acceptCall(callId, session),
      () => stub.rest.rejectCall(callId),
      () => stub.rest.referCall(callId, "tel:+1"),
      () => stub.rest.hangUpCall(callId),
    ];
    for (const act of acts) await assertRejects(act, TypeError, "as the id of a call must be");
  }
  assertEquals(stub.requests.length, 1);
});

Deno.test("bodies are validated before they are sent, and the error names body and field", async () => {
  const stub = createStub(done);
  const { rest } = stub;
  const bad = { type: "realtime", audio: { output: { speed: 3 } } } as const;
  const cases: [() => Promise<unknown>, string, string][] = [
    [() => rest.createClientSecret({ session: bad }), "ClientSecretRequest", "session.audio.output.speed"],
    [() => rest.createClientSecret({ expires_after: { seconds: 5 } }), "ClientSecretRequest", "expires_after.seconds"],
    [
      () => rest.createTranslationClientSecret({ session: {} as { model: string } }),
      "TranslationClientSecretRequest",
      "session.model",
    ],
    [() => rest.createCall({ sdp: SDP, session: bad }), "CallCreateRequest", "session.audio.output.speed"],
    [() => rest.createCall({ sdp: '{"error":"v=0"}' }), "CallCreateRequest", "sdp"],
    [() => rest.createCall({} as { sdp: string }), "CallCreateRequest", "sdp"],
    [() => rest.createTranslationCall({ sdp: "" }), "CallCreateRequest", "sdp"],
    [() => rest.acceptCall("rtc_1", bad), "CallAcceptRequest", "audio.output.speed"],
    [() => rest.acceptCall("rtc_1", { type: "transcription" } as never), "CallAcceptRequest", "type"],
    [() => rest.rejectCall("rtc_1", { statusCode: 48 }), "CallRejectRequest", "status_code"],
    [() => rest.referCall("rtc_1", "+14155550123"), "CallReferRequest", "target_uri"],
    [() => rest.referCall("rtc_1", "sip:a@b\r\nX-Evil: 1"), "CallReferRequest", "target_uri"],
  ];
  for (const [act, eventType, path] of cases) {
    const error = await assertRejects(act, InvalidEventError, `Cannot send ${eventType} as ${path} `);
    assertEquals([error.eventType, error.path], [eventType, path]);
  }
  assertEquals(stub.requests, []);
});

Deno.test("a body that is not an object is rejected by name", async () => {
  const azure = { endpoint: "https://host", deployment: "d", apiKey: CANARY };
  for (const { rest, requests } of [createStub(done), createStub(done, { azure })]) {
    for (const body of [undefined, null, 5, [], "v=0"] as never[]) {
      const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
        ["ClientSecretRequest", () => rest.createClientSecret(body ?? null as never)],
        ["TranslationClientSecretRequest", () => rest.createTranslationClientSecret(body)],
        ["CallCreateRequest", () => rest.createCall(body)],
        ["CallCreateRequest", () => rest.createTranslationCall(body)],
        ["CallAcceptRequest", () => rest.acceptCall("rtc_1", body)],
      ];
      for (const [name, act] of calls) {
        const { path } = await assertRejects(act, InvalidEventError, `Cannot send ${name} as it must be an object: `);
        assertEquals(path, "");
      }
    }
    assertEquals(requests, []);
  }
});

Deno.test("check: false sends unknown settings", async () => {
  const stub = createStub((index) => index === 0 ? secret() : index === 1 ? sdpAnswer() : done());
  const newer = { type: "realtime", newer: 1 } as const;
  await stub.rest.createClientSecret({ session: newer }, { check: false });
  await stub.rest.createCall({ sdp: SDP, session: newer }, { check: false });
  await stub.rest.acceptCall("rtc_1", newer, { check: false });
  assertEquals(stub.requests.map(({ body }) => body.includes(JSON.stringify(newer))), [true, true, true]);
});

Deno.test("requests carry organization, project and safety identifier, and the base URL", async () => {
  const options = { organization: "org", project: "proj", safetyIdentifier: "user-1" };
  const { rest, requests } = createStub(done, { ...options, baseUrl: "wss://eu.api.openai.com/v1/?tenant=t" });
  await rest.hangUpCall("rtc_1");
  await rest.hangUpCall("rtc_1", { safetyIdentifier: "user-2" });
  const expected = {
    accept: "*/*",
    authorization: `Bearer ${CANARY}`,
    "openai-organization": "org",
    "openai-project": "proj",
    "openai-safety-identifier": "user-1",
  };
  assertEquals(requests[0]?.headers, expected);
  assertEquals(requests[1]?.headers, { ...expected, "openai-safety-identifier": "user-2" });
  assertEquals(requests[0]?.url, "https://eu.api.openai.com/v1/realtime/calls/rtc_1/hangup?tenant=t");
  assertEquals(requests[0]?.init.redirect, "manual");
});

Deno.test("Azure uses its own key header, path and model", async () => {
  const azure = { endpoint: "https://me.openai.azure.com/", deployment: "voice", apiKey: "azure-key" };
  const { rest, requests } = createStub(secret, { azure, baseUrl: "https://elsewhere/v1" });
  await rest.createClientSecret({ session: { type: "realtime" } });
  await rest.createClientSecret({ session: { type: "realtime", model: "other" } });
  await rest.createClientSecret({ session: { type: "transcription" } });
  await rest.createClientSecret();
  assertEquals(requests[0]?.url, "https://me.openai.azure.com/openai/v1/realtime/client_secrets");
  assertEquals([requests[0]?.headers["api-key"], requests[0]?.headers.authorization], ["azure-key", undefined]);
  assertEquals(requests.map(({ body }) => JSON.parse(body)), [
    { session: { type: "realtime", model: "voice" } },
    { session: { type: "realtime", model: "other" } },
    { session: { type: "transcription" } },
    {},
  ]);
  const call = createStub(() => sdpAnswer(), { azure });
  await call.rest.createCall({ sdp: SDP, session: { type: "realtime" } });
  assertMatch(call.requests[0]?.body ?? "", /\{"type":"realtime","model":"voice"\}/);
  const control = createStub(done, { azure });
  await control.rest.acceptCall("rtc_1", { type: "realtime" });
  assertEquals(JSON.parse(control.requests[0]?.body ?? ""), { type: "realtime", model: "voice" });
});

Deno.test("RealtimeRest() rejects invalid options, and copies its options", async () => {
  assertThrows(
    () => new RealtimeRest({ baseUrl: "api.openai.com" }),
    TypeError,
    "Cannot make a REST client as the base",
  );
  for (const maxRetries of [-1, 1.5, NaN, Infinity]) {
    assertThrows(() => new RealtimeRest({ maxRetries }), RangeError, `current value is ${maxRetries}`);
  }
  const options = { apiKey: CANARY, fetch: () => Promise.resolve(secret()) };
  const rest = searchedRest(new RealtimeRest(options));
  options.fetch = () => Promise.reject(new Error("not this one"));
  assertEquals((await rest.createClientSecret()).value, "ek_test");
});

Deno.test("RealtimeRest() calls fetch without this, as browsers and Workers require", async () => {
  let receiver: unknown = "never called";
  function fetch(this: unknown): Promise<Response> {
    receiver = this;
    return Promise.resolve(secret());
  }
  await searchedRest(new RealtimeRest({ apiKey: CANARY, fetch })).createClientSecret();
  assertEquals(receiver, undefined);
});

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { EdgeCall, EdgeEvent } from "../../src/hono/mod.ts";
import { CANARY } from "./_canary.ts";
import {
  ANSWER,
  answerAsTheApi,
  apiError,
  callForm,
  createEdge,
  NOW,
  OFFER,
  POLICY,
  problemOf,
  TIMEOUT_MS,
} from "./_edge.ts";

const SDP_TYPE = { "content-type": "application/sdp" };
const JSON_TYPE = { "content-type": "application/json" };
const TOKEN = "x-realtime-call-token";

/** Starts a call, and gives its token. */
async function tokenOf(edge: ReturnType<typeof createEdge>, headers: Record<string, string> = {}): Promise<string> {
  const response = await edge.post("/calls", OFFER, { ...SDP_TYPE, ...headers });
  return response.headers.get(TOKEN)!;
}

Deno.test("POST /calls forwards the offer with the server's session, and returns the answer and the call id", async () => {
  const edge = createEdge();
  const response = await edge.post("/calls", OFFER, { "content-type": "application/sdp; charset=utf-8" });
  assertEquals([response.status, await response.text()], [201, ANSWER]);
  assertEquals(response.headers.get("content-type"), "application/sdp");
  assertEquals(response.headers.get("x-realtime-call-id"), "rtc_1");
  assertEquals(
    new URL(response.headers.get("location")!, "https://a.test/realtime/calls").href,
    "https://a.test/realtime/calls/rtc_1",
  );
  assertMatch(response.headers.get(TOKEN)!, /^1790003900\.[\w-]{43}$/);
  const request = edge.requests[0]!;
  assertEquals([edge.requests.length, request.call], [1, "POST /realtime/calls"]);
  assertEquals(request.headers.get("authorization"), `Bearer ${CANARY}`);
  assertEquals(await callForm(request), { sdp: OFFER, session: POLICY });
});

Deno.test("POST /calls accepts JSON with overrides, and answers in JSON to clients that accept only JSON", async () => {
  const edge = createEdge({ clientMayOverride: ["audio.output.voice"] });
  const body = JSON.stringify({ sdp: OFFER, session: { audio: { output: { voice: "cedar" } } } });
  const response = await edge.post("/calls", body, { ...JSON_TYPE, accept: "application/json" });
  assertEquals(response.status, 201);
  const { call_id, call_token, sdp } = await response.json();
  assertEquals([sdp, call_id, call_token], [ANSWER, "rtc_1", response.headers.get(TOKEN)]);
  const { session } = await callForm(edge.requests[0]!) as { session: { audio: { output: unknown } } };
  assertEquals(session.audio.output, { voice: "cedar" });
  const text = await edge.post("/calls", body, { ...JSON_TYPE, accept: "*/*" });
  assertEquals(await text.text(), ANSWER);
});

Deno.test("POST /calls exposes the call to pages of other origins", async () => {
  const edge = createEdge({ allowedOrigins: ["https://page.test"] });
  const { headers } = await edge.post("/calls", OFFER, { ...SDP_TYPE, origin: "https://page.test" });
  assertEquals(headers.get("access-control-allow-origin"), "https://page.test");
  const exposed = headers.get("access-control-expose-headers")!;
  for (const name of ["Location", "X-Realtime-Call-Id", "X-Realtime-Call-Token"]) assertStringIncludes(exposed, name);
});

Deno.test("POST /calls rejects an invalid offer", async () => {
  const edge = createEdge();
  const post = async (body: string, type = "application/sdp") =>
    await problemOf(await edge.post("/calls", body, { "content-type": type }));
  assertEquals(await post(""), "400 invalid_sdp");
  assertEquals(await post(`{"error":{"message":"no"}}`), "400 invalid_sdp");
  assertEquals(await post("<html>v=0</html>"), "400 invalid_sdp");
  assertEquals(await post("v=0 and the rest"), "400 invalid_sdp");
  assertEquals(await post("v=01\r\n"), "400 invalid_sdp");
  assertEquals(
    await post(`v=0\r\ns=-\r\n--part\r\nContent-Disposition: form-data; name="session"\r\n\r\n{}`),
    "400 invalid_sdp",
  );
  assertEquals(await post("v=0\r\ns=\0\r\n"), "400 invalid_sdp");
  assertEquals(await post(JSON.stringify({ sdp: "{}" }), "application/json"), "400 invalid_sdp sdp");
  assertEquals(await post(JSON.stringify({ sdp: [OFFER] }), "application/json"), "400 invalid_sdp sdp");
  assertEquals(
    await post(JSON.stringify({ sdp: OFFER, call_id: "rtc_2" }), "application/json"),
    "400 invalid_request call_id",
  );
  assertEquals(await post(OFFER, "text/plain"), "415 unsupported_media_type");
  assertEquals(await post(OFFER, "multipart/form-data; boundary=x"), "415 unsupported_media_type");
  assertEquals(edge.requests.length, 0);
});

Deno.test("POST /calls accepts offers with either line ending, and without a final one", async () => {
  const edge = createEdge();
  for (const offer of [OFFER.replaceAll("\r", ""), OFFER.trimEnd(), `${OFFER}\r\n`]) {
    assertEquals((await edge.post("/calls", offer, SDP_TYPE)).status, 201);
    assertEquals((await callForm(edge.requests.at(-1)!)).sdp.replaceAll("\r", ""), offer.replaceAll("\r", ""));
  }
});

Deno.test("POST /calls calls onCall before the page receives its answer", async () => {
  const log: string[] = [];
  const told = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const edge = createEdge({
    onCall: async (call, c) => {
      log.push(`${call.callId} ${call.kind} ${call.caller} ${call.session.model} ${c.req.path}`);
      told.resolve();
      await gate.promise;
      log.push("ready");
    },
  });
  const answered = edge.post("/calls", OFFER, SDP_TYPE).then(() => log.push("answered"));
  await told.promise;
  gate.resolve();
  await answered;
  assertEquals(log, ["rtc_1 webrtc alice gpt-realtime-2.1 /calls", "ready", "answered"]);
});

Deno.test("POST /calls hangs up when onCall fails, and does not reveal why", async () => {
  const edge = createEdge({ onCall: () => Promise.reject(new TypeError("Cannot find the room of alice")) });
  const response = await edge.post("/calls", OFFER, SDP_TYPE);
  const text = await response.clone().text();
  assertEquals([await problemOf(response), text.includes("room")], ["500 internal_error", false]);
  assertEquals(edge.requests.map(({ call }) => call), ["POST /realtime/calls", "POST /realtime/calls/rtc_1/hangup"]);
  assertMatch(`${edge.errors}`, /room of alice/);
});

Deno.test("POST /calls hangs up when the host is ready too late, as the page never gets its answer", async () => {
  const [begun, ready] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const ended = Promise.withResolvers<void>();
  const onCall = () => {
    begun.resolve();
    return ready.promise;
  };
  const edge = createEdge({ onCall, timeoutMs: TIMEOUT_MS }, (request) => {
    if (request.call.endsWith("hangup")) ended.resolve();
    return answerAsTheApi(request);
  });
  const response = await edge.post("/calls", OFFER, SDP_TYPE);
  assertEquals(await problemOf(response), "504 timed_out");
  await begun.promise;
  assertEquals(edge.requests.length, 1);
  ready.resolve();
  await ended.promise;
  assertEquals(edge.requests[1]?.call, "POST /realtime/calls/rtc_1/hangup");
  assertEquals(edge.errors.length, 1);
});

Deno.test("POST /calls keeps a Worker alive until a call that was ready too late is hung up", async () => {
  const ready = Promise.withResolvers<void>();
  const edge = createEdge({ onCall: () => ready.promise, timeoutMs: TIMEOUT_MS });
  const kept: Promise<unknown>[] = [];
  const lifetime = {
    waitUntil: (work: Promise<unknown>) => void kept.push(work),
    passThroughOnException() {},
    props: {},
  };
  const headers = { authorization: "Bearer alice", ...SDP_TYPE };
  const response = await edge.request("/calls", { method: "POST", headers, body: OFFER }, {}, lifetime);
  assertEquals([await problemOf(response), kept.length], ["504 timed_out", 1]);
  ready.resolve();
  await kept[0];
  assertEquals(edge.requests.at(-1)?.call, "POST /realtime/calls/rtc_1/hangup");
});

Deno.test("POST /calls passes the host a call that it can control", async () => {
  const calls: EdgeCall[] = [];
  const edge = createEdge({ onCall: (call) => void calls.push(call) });
  await edge.post("/calls", OFFER, SDP_TYPE);
  await calls[0]!.refer("tel:+14155550123");
  await calls[0]!.hangUp();
  assertEquals(edge.requests.slice(1).map(({ body, call }) => [call, body]), [
    ["POST /realtime/calls/rtc_1/refer", `{"target_uri":"tel:+14155550123"}`],
    ["POST /realtime/calls/rtc_1/hangup", ""],
  ]);
  assertEquals(JSON.stringify(calls).includes(CANARY), false);
});

Deno.test("POST /calls rejects a call without a call id, or a policy of another type", async () => {
  const nameless = createEdge({}, () => new Response(ANSWER, { status: 201 }));
  assertEquals(await problemOf(await nameless.post("/calls", OFFER, SDP_TYPE)), "502 upstream_refused");
  assertEquals(nameless.errors.length, 1);
  const transcription = createEdge({ session: { type: "transcription" } });
  assertEquals(await problemOf(await transcription.post("/calls", OFFER, SDP_TYPE)), "500 internal_error");
  assertEquals(transcription.requests.length, 0);
});

Deno.test("POST /calls hangs up when the API has begun a call, but its answer is unusable", async () => {
  const broken = () => new ReadableStream({ pull: (controller) => controller.error(new Error("Reset")) });
  const answers: [answer: () => BodyInit, problem: string][] = [
    [() => `{"error":{"message":"no"}}`, "502 upstream_refused"],
    [() => "", "502 upstream_refused"],
    [broken, "502 upstream_unreachable"],
  ];
  const sessions = [
    { policy: POLICY, path: "/realtime" },
    { policy: { type: "translation", model: "gpt-realtime-translate" }, path: "/realtime/translations" },
  ] as const;
  for (const { path, policy } of sessions) {
    for (const [answer, problem] of answers) {
      const events: EdgeEvent[] = [];
      const edge = createEdge({ session: policy, onEvent: (event) => events.push(event) }, (request) => {
        if (request.call.endsWith("client_secrets")) {
          return Response.json({ value: "ek_test", expires_at: 1, session: {} });
        }
        if (!request.call.endsWith("/calls")) return answerAsTheApi(request);
        return new Response(answer(), { status: 201, headers: { location: "/v1/realtime/calls/rtc_1" } });
      });
      assertEquals(await problemOf(await edge.post("/calls", OFFER, SDP_TYPE)), problem);
      const calls = edge.requests.map(({ call }) => call).filter((call) => !call.endsWith("client_secrets"));
      assertEquals(calls, [`POST ${path}/calls`, "POST /realtime/calls/rtc_1/hangup"]);
      assertEquals(edge.requests.at(-1)!.headers.get("authorization"), `Bearer ${CANARY}`);
      const ends = events.filter(({ type }) => type.startsWith("call_"));
      assertEquals(ends.map((event) => "reason" in event ? event.reason : event.type), ["call_started", "failed"]);
    }
  }
});

Deno.test("POST /calls hangs up when the answer of the API never ends", async () => {
  const hungUp = Promise.withResolvers<void>();
  const edge = createEdge({ timeoutMs: TIMEOUT_MS }, ({ call }) => {
    if (call.endsWith("hangup")) hungUp.resolve();
    const body = call.endsWith("/calls") ? new ReadableStream() : null;
    return new Response(body, { status: 201, headers: { location: "/v1/realtime/calls/rtc_1" } });
  });
  const answer = await edge.post("/calls", OFFER, SDP_TYPE);
  assertEquals([await problemOf(answer), edge.requests.length], ["504 timed_out", 1]);
  await edge.clock.advance(2 * TIMEOUT_MS);
  await hungUp.promise;
});

Deno.test("POST /calls hangs up nothing when the API has refused the offer, or names no call", async () => {
  const answers = [
    { status: 409, headers: { location: "/calls/rtc_1" } },
    // Such as the page of a proxy.
    { status: 200 },
    { status: 200, headers: { location: "" } },
    { status: 201, headers: { location: "https://api.openai.com/v1/realtime/calls/" } },
  ];
  for (const answer of answers) {
    const edge = createEdge({}, () => new Response("no", answer));
    assertEquals(await problemOf(await edge.post("/calls", OFFER, SDP_TYPE)), "502 upstream_refused");
    assertEquals(edge.requests.length, 1);
  }
});

Deno.test("POST /calls/:callId/hangup ends a call for the caller that has its token", async () => {
  const edge = createEdge();
  const token = await tokenOf(edge);
  const response = await edge.post("/calls/rtc_1/hangup", null, { [TOKEN]: token });
  assertEquals([response.status, await response.text()], [204, ""]);
  assertEquals(edge.requests[1]?.call, "POST /realtime/calls/rtc_1/hangup");
});

Deno.test("POST /calls/:callId/hangup needs no stored state: another server with the same key accepts the token", async () => {
  const token = await tokenOf(createEdge());
  assertEquals((await createEdge().post("/calls/rtc_1/hangup", null, { [TOKEN]: token })).status, 204);
});

Deno.test("POST /calls/:callId/hangup rejects tokens of other calls, callers, keys and times", async () => {
  const token = await tokenOf(createEdge());
  const edge = createEdge();
  const hangUp = async (path: string, headers: Record<string, string>, other = edge) =>
    await problemOf(await other.post(path, null, headers));
  const refused = "403 invalid_call_token";
  assertEquals(await hangUp("/calls/rtc_1/hangup", {}), refused);
  assertEquals(await hangUp("/calls/rtc_2/hangup", { [TOKEN]: token }), refused);
  assertEquals(await hangUp("/calls/rtc_1/hangup", { [TOKEN]: token, authorization: "Bearer bob" }), refused);
  assertEquals(await hangUp("/calls/rtc_1/hangup", { [TOKEN]: token.replace(/^1790003900/, "1790009999") }), refused);
  assertEquals(
    await hangUp("/calls/rtc_1/hangup", { [TOKEN]: token.replace(/.$/, (last) => last === "A" ? "E" : "A") }),
    refused,
  );
  assertEquals(await hangUp("/calls/rtc_1/hangup", { [TOKEN]: "1790003900." }), refused);
  assertEquals(await hangUp("/calls/rtc_1/hangup", { [TOKEN]: token }, createEdge({ apiKey: "sk-other" })), refused);
  assertEquals(
    await hangUp("/calls/rtc_1/hangup", { [TOKEN]: token }, createEdge({ tokenSecret: "0123456789abcdef" })),
    refused,
  );
  const later = (seconds: number) => createEdge({ now: () => NOW + seconds * 1000 });
  assertEquals((await later(3_899).post("/calls/rtc_1/hangup", null, { [TOKEN]: token })).status, 204);
  assertEquals(await hangUp("/calls/rtc_1/hangup", { [TOKEN]: token }, later(3_900)), refused);
  assertEquals(edge.requests.length, 0);
});

Deno.test("POST /calls/:callId/hangup accepts tokens signed with tokenSecret after the API key has changed", async () => {
  const tokenSecret = "0123456789abcdef";
  const token = await tokenOf(createEdge({ apiKey: "sk-old", tokenSecret }));
  let asked = 0;
  const edge = createEdge({
    apiKey: "sk-new",
    tokenSecret: () => {
      asked++;
      return tokenSecret;
    },
  });
  assertEquals((await edge.post("/calls/rtc_1/hangup", null, { [TOKEN]: token })).status, 204);
  // For the token, and for the name of the caller.
  assertEquals(asked, 1);
});

Deno.test("POST /calls/:callId/hangup does not sign with a guessable secret", async () => {
  for (const secret of ["", "fifteen letters"]) {
    const edge = createEdge({ tokenSecret: () => Promise.resolve(secret) });
    assertEquals(await problemOf(await edge.post("/calls", OFFER, SDP_TYPE)), "500 internal_error");
    const hangUp = await edge.post("/calls/rtc_1/hangup", null, { [TOKEN]: "x" });
    assertEquals([await problemOf(hangUp), edge.requests.length], ["500 internal_error", 0]);
    assertMatch(`${edge.errors[0]}`, /tokenSecret must have at least 16 characters/);
  }
  // Such a call could not be hung up later.
  const nameless = createEdge({ authorize: () => true, tokenSecret: () => "" });
  assertEquals(await problemOf(await nameless.post("/calls", OFFER, SDP_TYPE)), "500 internal_error");
  assertEquals(nameless.requests.length, 0);
  const edge = createEdge({ tokenSecret: () => undefined });
  assertMatch(await tokenOf(edge), /^1790003900\./);
});

Deno.test("POST /calls/:callId/hangup distinguishes an anonymous caller from one named null", async () => {
  const token = await tokenOf(createEdge({ authorize: () => true }));
  const edge = createEdge();
  const asNull = await edge.post("/calls/rtc_1/hangup", null, { [TOKEN]: token, authorization: "Bearer null" });
  assertEquals(await problemOf(asNull), "403 invalid_call_token");
});

Deno.test("POST /calls/:callId/hangup succeeds for a call that has already ended", async () => {
  const edge = createEdge({}, (request) => request.call.endsWith("hangup") ? apiError(404) : answerAsTheApi(request));
  const token = await tokenOf(edge);
  assertEquals((await edge.post("/calls/rtc_1/hangup", null, { [TOKEN]: token })).status, 204);
});

Deno.test("POST /calls/:callId/hangup reports a failure when the API does not hang up", async () => {
  const edge = createEdge({}, (request) => request.call.endsWith("hangup") ? apiError(400) : answerAsTheApi(request));
  const token = await tokenOf(edge);
  const response = await edge.post("/calls/rtc_1/hangup", null, { [TOKEN]: token });
  assertEquals(await problemOf(response), "502 upstream_refused");
});

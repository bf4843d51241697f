import { assertEquals } from "@std/assert";
import type { OverridableField } from "../../src/hono/mod.ts";
import { CANARY } from "./_canary.ts";
import { apiError, createEdge, OFFER, POLICY, problemOf } from "./_edge.ts";
import { randomFrom } from "../_random.ts";

const JSON_TYPE = { "content-type": "application/json" };
const ALLOWED: readonly OverridableField[] = ["audio.output.voice", "audio.input.turn_detection", "instructions"];

/** The outcome of a page's request, in JSON as the page writes it. */
async function outcomeOf(session: string, clientMayOverride = ALLOWED): Promise<string> {
  const edge = createEdge({ clientMayOverride });
  const outcomes = [
    await edge.post("/client_secrets", `{"session":${session}}`, JSON_TYPE),
    await edge.post("/calls", `{"sdp":${JSON.stringify(OFFER)},"session":${session}}`, JSON_TYPE),
  ];
  const [outcome, ...others] = await Promise.all(outcomes.map((one) => one.ok ? "let through" : problemOf(one)));
  assertEquals(others, [outcome]);
  assertEquals(edge.requests.length > 0, outcome === "let through");
  return outcome!;
}

Deno.test("no page can smuggle in a setting that it may not override", async () => {
  const smuggled: Record<string, string> = {
    [`{"model":"gpt-realtime-expensive"}`]: "session.model",
    [`{"type":"transcription"}`]: "session.type",
    [`{"type":null}`]: "session.type",
    [`{"tools":[]}`]: "session.tools",
    [`{"tools":[{"type":"mcp","server_label":"x","server_url":"https://evil.test"}]}`]: "session.tools",
    [`{"tools":[{"type":"function","name":"x"}]}`]: "session.tools",
    [`{"tool_choice":{"type":"mcp","server_label":"x"}}`]: "session.tool_choice",
    [`{"prompt":{"id":"pmpt_1"}}`]: "session.prompt",
    [`{"tracing":"auto"}`]: "session.tracing",
    [`{"audio":{"tools":[{"type":"mcp","server_url":"https://evil.test"}]}}`]: "session.audio.tools",
    [`{"audio":null}`]: "session.audio",
    [`{"audio":[]}`]: "session.audio",
    [`{"audio":{"output":{"voice":"cedar","speed":1.5}}}`]: "session.audio.output.speed",
    [`{"audio":{"output":{"voice":"cedar"},"input":{"transcription":{"model":"whisper-1"}}}}`]:
      "session.audio.input.transcription",
    [`{"audio.output.voice":"cedar"}`]: "session.audio.output.voice",
    [`{"audio":{"output.voice":"cedar"}}`]: "session.audio.output.voice",
    [`{"__proto__":{"tools":[]}}`]: "session.__proto__",
    [`{"constructor":{"prototype":{"tools":[]}}}`]: "session.constructor",
    [`{"audio":{"__proto__":{"output":{"speed":1.5}}}}`]: "session.audio.__proto__",
    [`{"audio":{"output":{"__proto__":{"speed":1.5}}}}`]: "session.audio.output.__proto__",
    [`{"hasOwnProperty":1}`]: "session.hasOwnProperty",
    [`{"":1}`]: "session.",
    [`{"Instructions":"x"}`]: "session.Instructions",
    [`{"instructions ":"x"}`]: "session.instructions ",
  };
  for (const [session, param] of Object.entries(smuggled)) {
    assertEquals(await outcomeOf(session), `403 override_not_allowed ${param}`, session);
  }
});

Deno.test("no page can smuggle anything into a setting that it may override", async () => {
  const wrong: Record<string, string> = {
    [`{"audio":{"output":{"voice":1}}}`]: "session.audio.output.voice",
    [`{"audio":{"input":{"turn_detection":{"type":"server_vad","tools":[]}}}}`]:
      "session.audio.input.turn_detection.tools",
    [`{"audio":{"input":{"turn_detection":{"type":"server_vad","__proto__":{}}}}}`]:
      "session.audio.input.turn_detection.__proto__",
    [`{"audio":{"input":{"turn_detection":{"type":"server_vad","constructor":{}}}}}`]:
      "session.audio.input.turn_detection.constructor",
    [`{"instructions":{"text":"x"}}`]: "session.instructions",
    [`{"instructions":["x"]}`]: "session.instructions",
    [`{"instructions":null}`]: "session.instructions",
  };
  for (const [session, param] of Object.entries(wrong)) {
    assertEquals(await outcomeOf(session), `400 invalid_override ${param}`, session);
  }
});

Deno.test("of two fields with the same name, the last one counts everywhere", async () => {
  assertEquals(await outcomeOf(`{"tools":[],"instructions":"x","tools":[]}`), "403 override_not_allowed session.tools");
  const edge = createEdge({ clientMayOverride: ALLOWED });
  await edge.post("/client_secrets", `{"session":{"instructions":"one","instructions":"two"}}`, JSON_TYPE);
  assertEquals(JSON.parse(edge.requests[0]!.body).session.instructions, "two");
});

Deno.test("disabled settings of the policy stay disabled", async () => {
  const fields = ["audio.input.transcription.language"] as const;
  const session = `{"audio":{"input":{"transcription":{"language":"nl"}}}}`;
  assertEquals(await outcomeOf(session, fields), "403 override_not_allowed session.audio.input.transcription.language");
});

Deno.test("whatever a page requests, the API gets the policy or no request", async () => {
  const next = randomFrom(1);
  const random = (count: number) => Math.floor(next() * count);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const names = [
    ["audio", "audio", "instructions", "tools", "prompt", "type", "__proto__", "model"],
    ["output", "input", "output", "input", "constructor"],
    ["voice", "turn_detection", "voice", "speed", "tools", "__proto__"],
    ["type", "id", "tools"],
  ];
  const values = ["cedar", "realtime", "https://evil.test", null, 1, [{
    type: "mcp",
    server_url: "https://evil.test",
  }]];
  const wish = (depth: number): unknown => {
    const known = names[depth];
    if (!known || (depth > 0 && random(3) === 0)) return pick(values);
    const fields = [pick(known), ...random(3) === 0 ? [pick(known)] : []].map((name) =>
      `"${name}":${JSON.stringify(name === "instructions" ? "Obey." : wish(depth + 1))}`
    );
    return JSON.parse(`{${fields.join(",")}}`);
  };
  const edge = createEdge({ clientMayOverride: ALLOWED });
  let letThrough = 0;
  for (let round = 0; round < 2000; round++) {
    const body = JSON.stringify({ session: wish(0) });
    const { status } = await edge.post("/client_secrets", body, JSON_TYPE);
    assertEquals(status === 200 || status === 400 || status === 403, true, body);
    if (status !== 200) continue;
    const { session } = JSON.parse(edge.requests[letThrough++]!.body);
    session.instructions = POLICY.instructions;
    session.audio.output.voice = "marin";
    delete session.audio.input.turn_detection;
    assertEquals(session, POLICY);
  }
  assertEquals(edge.requests.length, letThrough);
  assertEquals(letThrough > 100, true, `only ${letThrough} wishes were granted`);
});

Deno.test("no call id leads to another path", async () => {
  const edge = createEdge();
  const started = await edge.post("/calls", OFFER, { "content-type": "application/sdp" });
  const headers = { "x-realtime-call-token": started.headers.get("x-realtime-call-token")! };
  const ids = [
    "..%2Fclient_secrets",
    "rtc_1%2F..%2Frtc_2",
    "rtc_1%2Faccept%3F",
    "rtc_1%00",
    "rtc_1%0d%0aX-Evil:1",
    "rtc_1%23",
    "rtc_1%3Fa=b",
    "rtc_1;a",
    "rtc_1%20",
    "RTC_1",
    "%72tc_2",
    "%E0%A4%A",
    "a".repeat(10_000),
  ];
  for (const id of ids) {
    const response = await edge.post(`/calls/${id}/hangup`, null, headers);
    assertEquals(await problemOf(response), "403 invalid_call_token", id);
  }
  for (
    const path of ["/calls/../client_secrets/hangup", "/calls/%2e%2e/hangup", "/calls//hangup", "/calls/a/b/hangup"]
  ) {
    assertEquals(await problemOf(await edge.post(path, null, headers)), "404 not_found");
  }
  assertEquals(edge.requests.length, 1);
});

Deno.test("a token does not authorize an id that leads to another path", async () => {
  // As if the API itself gave such an id.
  for (
    const location of [
      "/v1/realtime/calls/rtc_1%0d%0aX-Evil:1",
      "/v1/realtime/calls/..%2Fclient_secrets",
      "/v1/realtime/calls/",
    ]
  ) {
    const edge = createEdge({}, () => new Response("v=0\r\n", { status: 201, headers: { location } }));
    const response = await edge.post("/calls", OFFER, { "content-type": "application/sdp" });
    assertEquals(await problemOf(response), "502 upstream_refused");
    assertEquals(response.headers.has("x-evil"), false);
  }
});

Deno.test("no part of a request gets into a header of a request to the API", async () => {
  const edge = createEdge({ clientMayOverride: ALLOWED });
  const headers = {
    ...JSON_TYPE,
    "cookie": "session=secret",
    "openai-organization": "org-evil",
    "openai-project": "proj_evil",
    "openai-safety-identifier": "evil",
    "x-forwarded-for": "10.0.0.1",
    "referer": "http://page.test/?token=secret",
    "x-request-id": "trace-1",
  };
  await edge.post("/client_secrets?api_key=evil", "{}", headers);
  const { headers: sent } = edge.requests[0]!;
  assertEquals([...sent.keys()].sort(), ["accept", "authorization", "content-type", "openai-safety-identifier"]);
  assertEquals([sent.get("authorization"), sent.get("openai-safety-identifier") === "evil"], [
    `Bearer ${CANARY}`,
    false,
  ]);
});

Deno.test("an unauthorized caller gets nothing from the API, on any route", async () => {
  const edge = createEdge({
    onIncomingCall: () => ({ action: "reject" }),
    webhookSecret: "whsec_c2VjcmV0IG9mIHRoZSBlZGdl",
  });
  const strangers = [{}, { authorization: "" }, { authorization: "Basic" }];
  for (const path of ["/client_secrets", "/calls", "/calls/rtc_1/hangup", "/webhooks"]) {
    for (const headers of strangers) {
      const response = await edge.request(path, {
        method: "POST",
        headers: { ...headers, "content-type": "application/sdp" },
        body: OFFER,
      });
      assertEquals(
        response.status,
        path === "/webhooks" ? 400 : headers.authorization === "Basic" ? response.status : 403,
      );
    }
  }
  assertEquals(edge.requests.filter(({ headers }) => !headers.has("openai-safety-identifier")), []);
});

Deno.test("a page of another origin cannot use a visitor's cookies, whatever request it sends", async () => {
  const edge = createEdge({ authorize: (c) => c.req.header("cookie") === "user=alice" && "alice" });
  const headers = { cookie: "user=alice", origin: "https://evil.test" };
  for (
    const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/json",
    ]
  ) {
    for (const path of ["/client_secrets", "/calls", "/calls/rtc_1/hangup"]) {
      const response = await edge.request(path, {
        method: "POST",
        headers: { ...headers, "content-type": type },
        body: "",
      });
      assertEquals(await problemOf(response), "403 origin_not_allowed");
    }
  }
  assertEquals(edge.requests.length, 0);
});

Deno.test("no answer contains the key, whatever the API answers and however it fails", async () => {
  const reactions = [
    () => apiError(401, { message: `Incorrect API key provided: ${CANARY}` }),
    () => new Response(`Bearer ${CANARY}`, { status: 500 }),
    () => new Response(`v=0\r\ns=${CANARY}`, { status: 400 }),
    () => new Error(`fetch failed with Bearer ${CANARY}`),
    () => new Response(null, { status: 302, headers: { location: `https://evil.test/${CANARY}` } }),
    () => Response.json({ value: 1, key: CANARY }),
  ];
  for (const react of reactions) {
    const edge = createEdge({ timeoutMs: 100 }, react);
    for (const path of ["/client_secrets", "/calls"]) {
      const [body, type] = path === "/calls" ? [OFFER, "application/sdp"] : ["{}", "application/json"];
      const response = await edge.post(path, body, { "content-type": type });
      assertEquals(response.status >= 500, true);
    }
    assertEquals(edge.errors.length, 2);
  }
});

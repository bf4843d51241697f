import { assert, assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import type { SimulatedCall } from "../../../../src/simulator/simulated_call.ts";
import { Api, OFFER, OWNER } from "../../_api.ts";

/** Posts a form with the given parts. */
function form(api: Api, parts: Readonly<Record<string, string | File>>, headers: HeadersInit = OWNER) {
  const body = new FormData();
  for (const [name, value] of Object.entries(parts)) body.append(name, value);
  return api.request("/realtime/calls", { method: "POST", headers, body });
}

Deno.test("A plain SDP offer is answered as by the real server, and opens a call", async () => {
  const api = new Api();
  const response = await api.offer();
  assertEquals(response.status, 201);
  assertMatch(await response.text(), /^v=0\r\n[^]*a=ice-lite\r\n/);
  const { headers } = response;
  const [call] = api.simulator.calls;
  assert(call);
  assertMatch(call.id, /^rtc_u2_\w{21}$/);
  assertEquals(headers.get("location"), `/v1/realtime/calls/${call.id}`);
  assertEquals(headers.get("content-type"), "text/plain; charset=utf-8");
  assertEquals(headers.get("access-control-allow-origin"), "*");
  assertEquals(headers.get("access-control-expose-headers"), "Location, X-Request-Id");
  assertMatch(headers.get("x-request-id") ?? "", /^req_\w{21}$/);
  assertEquals(call.kind, "webrtc");
  assertObjectMatch(call.session.session, { type: "realtime", model: "gpt-realtime" });
  assertEquals(api.simulator.sessions, [call.session]);
});

Deno.test("A multipart offer sets the session, whether its parts are text or files", async () => {
  const api = new Api();
  const session = { type: "realtime", model: "gpt-realtime", instructions: "Answer in two words." };
  const asFile = new File([OFFER], "offer.sdp", { type: "application/sdp" });
  for (const sdp of [OFFER, asFile]) {
    const response = await form(api, { sdp, session: JSON.stringify(session) });
    assertEquals(response.status, 201, await response.text());
    assertObjectMatch(api.simulator.calls.at(-1)?.session.session ?? {}, session);
  }
  await (await form(api, { sdp: OFFER, session: '{"type":"realtime"}' })).text();
  assertObjectMatch(api.simulator.calls.at(-1)?.session.session ?? {}, { model: "gpt-realtime-2.1" });
});

Deno.test("A client secret sets the session of a call", async () => {
  const api = new Api();
  const session = { type: "realtime", model: "gpt-realtime-mini", instructions: "Be brief." };
  const { value } = await (await api.post("/realtime/client_secrets", { session })).json();
  const holder = { authorization: `Bearer ${value}` };
  const response = await api.offer("/realtime/calls", holder);
  assertEquals(response.status, 201, await response.text());
  assertObjectMatch(api.simulator.calls[0]?.session.session ?? {}, session);
  await (await api.offer("/realtime/calls?model=gpt-realtime", holder)).text();
  assertObjectMatch(api.simulator.calls[1]?.session.session ?? {}, session);
  const elsewhere = await api.offer("/realtime/translations/calls", holder);
  assertEquals([elsewhere.status, (await elsewhere.json()).error.code], [400, "invalid_session_type"]);
});

Deno.test("The form of a call overrides what its client secret sets, and keeps the rest", async () => {
  const api = new Api();
  const holderOf = async (path: string, session: object) => {
    const { value } = await (await api.post(path, { session })).json();
    return { authorization: `Bearer ${value}` };
  };
  const holder = await holderOf("/realtime/client_secrets", {
    type: "realtime",
    model: "gpt-realtime-mini",
    instructions: "Be brief.",
    audio: { input: { turn_detection: null }, output: { voice: "cedar", speed: 1.2 } },
  });
  const session = { type: "realtime", output_modalities: ["text"], audio: { output: { voice: "ash" } } };
  await (await form(api, { sdp: OFFER, session: JSON.stringify(session) }, holder)).text();
  assertObjectMatch(api.simulator.calls[0]?.session.session ?? {}, {
    model: "gpt-realtime-mini",
    instructions: "Be brief.",
    output_modalities: ["text"],
    audio: { input: { turn_detection: null }, output: { voice: "ash", speed: 1.2 } },
  });
  const listener = await holderOf("/realtime/client_secrets", { type: "transcription" });
  const refused = await form(api, { sdp: OFFER, session: JSON.stringify(session) }, listener);
  assertEquals([refused.status, (await refused.json()).error.code], [400, "invalid_session_type"]);
});

Deno.test("An invalid offer is refused, and opens no call", async () => {
  const api = new Api();
  const fieldErrorOf = async (answer: Promise<Response>) => {
    const response = await answer;
    const { error } = await response.json();
    return [response.status, error.code, error.param];
  };
  const path = "/realtime/calls?model=gpt-realtime";
  const realtime = (fields: object) => JSON.stringify({ type: "realtime", ...fields });
  assertEquals(await fieldErrorOf(api.offer(path, {})), [401, null, null]);
  assertEquals(await fieldErrorOf(api.offer(path, { authorization: "Bearer sk-invalid" })), [
    401,
    "invalid_api_key",
    null,
  ]);
  assertEquals(await fieldErrorOf(api.offer(path, OWNER, "hello")), [400, "invalid_offer", null]);
  assertEquals(await fieldErrorOf(api.offer("/realtime/calls")), [400, "missing_model", null]);
  assertEquals(await fieldErrorOf(api.offer("/realtime/calls?model=gpt-nope")), [400, "invalid_model", null]);
  assertEquals(await fieldErrorOf(api.post(path, { sdp: OFFER })), [415, "unsupported_content_type", null]);
  assertEquals(await fieldErrorOf(form(api, { session: realtime({}) })), [400, "missing_required_parameter", "sdp"]);
  assertEquals(await fieldErrorOf(form(api, { sdp: OFFER, session: "{" })), [400, null, null]);
  assertEquals(await fieldErrorOf(form(api, { sdp: OFFER, session: "7" })), [400, "invalid_type", null]);
  assertEquals(await fieldErrorOf(form(api, { sdp: OFFER, session: realtime({ voice: "marin" }) })), [
    400,
    "unknown_parameter",
    "session.voice",
  ]);
  assertEquals(await fieldErrorOf(form(api, { sdp: OFFER, session: realtime({ model: "gpt-nope" }) })), [
    400,
    "invalid_model",
    "session.model",
  ]);
  const broken = {
    method: "POST",
    headers: { ...OWNER, "content-type": "multipart/form-data; boundary=x" },
    body: "y",
  };
  assertEquals(await fieldErrorOf(api.request(path, broken)), [400, null, null]);
  assertEquals([api.simulator.calls, api.simulator.sessions], [[], []]);
});

Deno.test("A media peer answers the offer, and receives the call", async () => {
  const seen: [string, SimulatedCall][] = [];
  const api = new Api({
    answerSdp: (...args) => {
      seen.push(args);
      return Promise.resolve("v=0\r\ns=peer\r\n");
    },
  });
  const response = await api.offer();
  assertEquals([response.status, await response.text()], [201, "v=0\r\ns=peer\r\n"]);
  assertEquals(seen, [[OFFER, api.simulator.calls[0]!]]);
  // An invalid offer does not get that far.
  await (await api.offer(undefined, undefined, "hello")).text();
  assertEquals(seen.length, 1);
});

Deno.test("A media peer that fails ends the call", async () => {
  const ends: Promise<unknown>[] = [];
  const api = new Api({
    answerSdp: (_offer, call) => {
      ends.push(call.ended);
      return Promise.reject(new Error("no ports left"));
    },
  });
  const [status, error] = await api.offer().then(async (answer) => [answer.status, (await answer.json()).error]);
  assertEquals([status, error.type, error.message], [500, "server_error", "The simulator failed: no ports left"]);
  assertEquals(await ends[0], { reason: "closed" });
  assertEquals([api.simulator.calls, api.simulator.sessions], [[], []]);
});

Deno.test("A call without a media peer has a note in its answer, and the console warns once", async () => {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (message: string) => void warnings.push(message);
  try {
    const api = new Api();
    for (let call = 0; call < 2; call++) {
      const answer = await api.offer();
      const lines = (await answer.text()).split("\r\n");
      const [, , name, note] = lines;
      assertEquals(name, "s=-");
      assertMatch(note ?? "", /^i=Simulated formally: no media will connect/);
    }
    assertEquals(warnings.length, 1);
    assertMatch(warnings[0]!, /formally: no media will connect.*answerSdp/);
    const withMedia = new Api({ answerSdp: () => Promise.resolve("v=0\r\ns=-\r\n") });
    assertEquals(await (await withMedia.offer()).text(), "v=0\r\ns=-\r\n");
    assertEquals(warnings.length, 1);
  } finally {
    console.warn = warn;
  }
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ConnectionError } from "../../../src/errors.ts";
import type { EdgeEvent, RealtimeAppOptions } from "../../../src/hono/mod.ts";
import { assertWithout, CANARY } from "../_canary.ts";
import { ANSWER, answerAsTheApi, createEdge, type Edge, OFFER, POLICY, PRIVATE, problemOf } from "../_edge.ts";
import { createSidebands } from "./_sideband.ts";

const SDP = { "content-type": "application/sdp" };
const CHANNEL = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n";
const SESSION = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
const AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";

/** Offers that open something else than one line of audio. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  "a data channel": OFFER + CHANNEL,
  "a data channel first": SESSION + CHANNEL + AUDIO,
  "a data channel with other ends of lines": (OFFER + CHANNEL).replaceAll("\r", ""),
  "a data channel in capitals": OFFER + CHANNEL.replace("application", "APPLICATION"),
  "a data channel bundled with the audio":
    `${OFFER}m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\na=bundle-only\r\n`,
  "a data channel over TCP": `${OFFER}m=application 9 TCP/DTLS/SCTP webrtc-datachannel\r\n`,
  "an old data channel": `${OFFER}m=application 9 DTLS/SCTP 5000\r\na=sctpmap:5000 webrtc-datachannel 1024\r\n`,
  "a data channel that calls itself audio": `${SESSION}m=audio 9 UDP/DTLS/SCTP webrtc-datachannel\r\n`,
  "ports of SCTP in the audio": `${OFFER}a=sctp-port:5000\r\n`,
  "video": `${OFFER}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`,
  "two lines of audio": OFFER + AUDIO,
  "a port of two": `${OFFER}m=application 0/2 UDP/DTLS/SCTP webrtc-datachannel\r\n`,
  "no line at all": SESSION,
  "audio that is refused": OFFER.replace("m=audio 9", "m=audio 0"),
};

const ALLOWED: Readonly<Record<string, string>> = {
  "audio": OFFER,
  "audio, and a channel that is refused": `${OFFER}m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n`,
  "audio, bundled": OFFER.replace("m=audio 9", "m=audio 0") + "a=bundle-only\r\n",
  "audio over plain RTP": OFFER.replace("SAVPF", "AVP"),
};

Deno.test("calls.dataChannel rejects everything but one audio section, and names the option", async () => {
  const edge = createEdge({ calls: { dataChannel: "forbid" } });
  for (const [name, offer] of Object.entries(FORBIDDEN)) {
    const response = await edge.post("/calls", offer, SDP);
    const copy = await response.clone().text();
    assertEquals(await problemOf(response), "400 data_channel_not_allowed sdp", name);
    assertStringIncludes(copy, "calls.dataChannel");
  }
  assertEquals(edge.requests.length, 0);
  for (const [name, offer] of Object.entries(ALLOWED)) {
    assertEquals((await edge.post("/calls", offer, SDP)).status, 201, name);
  }
});

Deno.test("calls.dataChannel is off by default when the server controls calls, and on otherwise", async () => {
  const statusOf = async (options: Partial<RealtimeAppOptions>) => {
    const sidebands = createSidebands();
    return (await createEdge({ dial: sidebands.dial, ...options }).post("/calls", OFFER + CHANNEL, SDP)).status;
  };
  assertEquals(await statusOf({}), 201);
  assertEquals(await statusOf({ onCall: () => {} }), 400);
  assertEquals(await statusOf({ calls: { watch: true } }), 400);
  assertEquals(await statusOf({ limits: { total: { tokensPerDay: 5 } } }), 400);
  assertEquals(await statusOf({ onCall: () => {}, calls: { dataChannel: "allow" } }), 201);
  assertEquals(await statusOf({ calls: { dataChannel: "forbid" } }), 400);
});

Deno.test("an answer that opens more than audio is not passed on, and the call is hung up", async () => {
  for (const more of [AUDIO + CHANNEL, AUDIO + AUDIO, CHANNEL]) {
    const edge = createEdge(
      { calls: { dataChannel: "forbid" } },
      ({ call }) =>
        call.endsWith("/calls")
          ? new Response(ANSWER + more, { status: 201, headers: { location: "/v1/realtime/calls/rtc_1" } })
          : new Response(),
    );
    assertEquals(await problemOf(await edge.post("/calls", OFFER, SDP)), "502 upstream_refused");
    assertEquals(edge.requests.at(-1)?.call, "POST /realtime/calls/rtc_1/hangup");
  }
});

/** An app whose calls are watched, with a call that has begun. */
async function watchedCall(options: Partial<RealtimeAppOptions> = {}) {
  const sidebands = createSidebands();
  const events: EdgeEvent[] = [];
  const edge = createEdge({
    dial: sidebands.dial,
    calls: { watch: true },
    onEvent: (event) => events.push(event),
    ...options,
  });
  const response = await edge.post("/calls", OFFER, SDP);
  assertEquals(response.status, 201);
  const token = response.headers.get("x-realtime-call-token")!;
  return { sidebands, events, edge, token };
}

/** An event of a call, as far as it is looked at. */
interface EventData {
  readonly type: string;
  readonly reason?: string;
  readonly delta?: string;
  readonly session?: unknown;
}

/** Reads a stream of events until it has so many of them, or ends. */
async function readEvents(
  response: Response,
  count = Infinity,
): Promise<readonly { id: string; event: string; data: EventData }[]> {
  const found: { id: string; event: string; data: EventData }[] = [];
  let text = "";
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  while (found.length < count) {
    const { done, value } = await reader.read();
    if (done) break;
    assertWithout(value, PRIVATE);
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop()!;
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split("\n").map((line) => [line.split(": ")[0], line.replace(/^\w*: /, "")]),
      );
      if (fields.event) found.push({ id: fields.id!, event: fields.event, data: JSON.parse(fields.data!) });
    }
  }
  await reader.cancel();
  return found;
}

const follow = (edge: Edge, token: string, headers: Record<string, string> = {}) =>
  edge.request("/calls/rtc_1/events", {
    headers: { authorization: "Bearer alice", "x-realtime-call-token": token, ...headers },
  });

Deno.test("GET /calls/:callId/events sends the events a page may see, including earlier ones, and the end", async () => {
  const { edge, sidebands, token } = await watchedCall();
  sidebands.send({
    type: "session.updated",
    event_id: "e1",
    session: { ...POLICY, id: "sess_1", tools: [{ type: "mcp" }] },
  });
  sidebands.send({ type: "response.output_audio_transcript.delta", event_id: "e2", item_id: "item_1", delta: "Hi" });
  sidebands.send({ type: "response.output_audio.delta", event_id: "e3", delta: "AAAA" });
  sidebands.send({ type: "response.function_call_arguments.done", event_id: "e4", arguments: "{}" });
  sidebands.send({ type: "error", event_id: "e5", error: { type: "x", message: "org-secret" } });
  sidebands.send(`{\n"type":"response.output_text.delta",\r\n"delta":"${CANARY}"}`);
  sidebands.send({ type: "conversation.item.added", item: { id: "i", type: "message", role: "system", content: [] } });
  await edge.clock.advance(0);
  const response = await follow(edge, token);
  assertEquals([response.status, response.headers.get("content-type")], [200, "text/event-stream"]);
  sidebands.send({ type: "response.done", response: { id: "resp_1", status: "completed", output: [] } });
  await edge.clock.advance(0);
  sidebands.close(1000);
  const seen = await readEvents(response);
  assertEquals(seen.map(({ event }) => event), [
    "session.updated",
    "response.output_audio_transcript.delta",
    "response.output_text.delta",
    "response.done",
    "call.ended",
  ]);
  assertEquals(seen[0]!.data.session, { id: "sess_1", type: "realtime", model: POLICY.model, audio: POLICY.audio });
  assertEquals(seen[2]!.data.delta, "[API key]");
  assertEquals(seen[4]!.data, { type: "call.ended", reason: "api" });
});

Deno.test("GET /calls/:callId/events resumes after the last event id, keeps a bounded number, and sends heartbeats", async () => {
  const { edge, sidebands, token } = await watchedCall({ calls: { watch: true, maxKeptEvents: 3 } });
  sidebands.send({ type: "response.output_text.delta", delta: "1" });
  await edge.clock.advance(0);
  const [first] = await readEvents(await follow(edge, token), 1);
  for (let id = 2; id <= 5; id++) sidebands.send({ type: "response.output_text.delta", delta: `${id}` });
  await edge.clock.advance(0);
  const all = await readEvents(await follow(edge, token), 3);
  assertEquals(all.map(({ data }) => data.delta), ["3", "4", "5"]);
  const idOf = (delta: string) => all.find(({ data }) => data.delta === delta)!.id;
  const after = await follow(edge, token, { "last-event-id": idOf("4") });
  assertEquals((await readEvents(after, 1)).map(({ data }) => data.delta), ["5"]);
  // The stream of another server has other ids; the first event is no longer kept.
  const foreign = await watchedCall();
  for (const delta of ["1", "2", "3", "4"]) foreign.sidebands.send({ type: "response.output_text.delta", delta });
  await foreign.edge.clock.advance(0);
  const others = await readEvents(await follow(foreign.edge, foreign.token), 4);
  for (const id of ["x; drop", "4", first!.id, ...others.map(({ id }) => id)]) {
    const odd = await follow(edge, token, { "last-event-id": id });
    assertEquals((await readEvents(odd, 3)).map(({ data }) => data.delta), ["3", "4", "5"]);
  }
  const open = await follow(edge, token, { "last-event-id": idOf("5") });
  const reader = open.body!.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await reader.read()).value, ": the events of the call\n\n");
  await edge.clock.advance(15_000);
  assertEquals((await reader.read()).value, ": still here\n\n");
  await reader.cancel();
});

Deno.test("GET /calls/:callId/events is for the owner of the call, by header or query", async () => {
  const { edge, token } = await watchedCall();
  const get = async (path: string, headers: Record<string, string>) =>
    await edge.request(path, { headers: { authorization: "Bearer alice", ...headers } });
  assertEquals(await problemOf(await get("/calls/rtc_1/events", {})), "403 invalid_call_token");
  assertEquals(
    await problemOf(await get("/calls/rtc_2/events", { "x-realtime-call-token": token })),
    "403 invalid_call_token",
  );
  const bob = { "x-realtime-call-token": token, authorization: "Bearer bob" };
  assertEquals(await problemOf(await get("/calls/rtc_1/events", bob)), "403 invalid_call_token");
  assertEquals(await problemOf(await edge.post("/calls/rtc_1/events")), "405 method_not_allowed");
  const response = await get(`/calls/rtc_1/events?call_token=${token}`, {});
  assertEquals(response.status, 200);
  await response.body!.cancel();
});

Deno.test("GET /calls/:callId/events attaches to a call of another process, and leaves without hanging it up", async () => {
  const { token } = await watchedCall();
  const sidebands = createSidebands();
  const other = createEdge({ dial: sidebands.dial });
  const response = await follow(other, token);
  assertEquals(sidebands.dialled[0]?.url.searchParams.get("call_id"), "rtc_1");
  sidebands.send({ type: "response.output_text.delta", delta: "x" });
  assertEquals((await readEvents(response, 1)).length, 1);
  for (let turn = 0; turn < 5; turn++) await other.clock.advance(0);
  assertEquals([sidebands.open, other.requests.length], [0, 0]);
  // Only a call that does not exist is given up by its page.
  const problems = { 404: "404 call_not_found", 401: "502 upstream_unreachable", 500: "502 upstream_unreachable" };
  for (const [status, problem] of Object.entries(problems)) {
    const error = new ConnectionError("No line", { kind: "refused", status: Number(status) });
    const failing = createEdge({ dial: () => Promise.reject(error) });
    assertEquals(await problemOf(await follow(failing, token)), problem);
  }
});

Deno.test("GET /calls/:callId/events lets go of a call whose page left, or was answered, before it was attached", async () => {
  const { token } = await watchedCall();
  for (const [status, timeoutMs] of [[408, undefined], [504, 1]] as const) {
    const sidebands = createSidebands();
    const dialled = Promise.withResolvers<void>();
    const line = Promise.withResolvers<void>();
    const other = createEdge({
      timeoutMs,
      dial: async (request) => {
        dialled.resolve();
        await line.promise;
        return await sidebands.dial(request);
      },
    });
    const page = new AbortController();
    const headers = { "authorization": "Bearer alice", "x-realtime-call-token": token };
    const asking = other.request("/calls/rtc_1/events", { headers, signal: page.signal });
    await dialled.promise;
    if (status === 408) page.abort();
    else assertEquals((await asking).status, status);
    line.resolve();
    assertEquals((await asking).status, status);
    for (let turn = 0; turn < 5; turn++) await other.clock.advance(0);
    assertEquals([sidebands.dialled.length, sidebands.open], [1, 0]);
  }
});

Deno.test("GET /calls/:callId/events of a call that ends while it is attached to is a stream that ends", async () => {
  const sidebands = createSidebands();
  const line = Promise.withResolvers<void>();
  const dialled = Promise.withResolvers<void>();
  const { edge, token } = await watchedCall({
    calls: { watch: false },
    limits: { maxDurationMs: 60_000 },
    timeoutMs: 100_000,
    dial: async (request) => {
      dialled.resolve();
      await line.promise;
      return await sidebands.dial(request);
    },
  });
  const asking = follow(edge, token);
  await dialled.promise;
  await edge.clock.advance(60_000);
  line.resolve();
  const seen = await readEvents(await asking);
  assertEquals(seen.map(({ data }) => data), [{ type: "call.ended", reason: "max_duration" }] as never);
  assertEquals(sidebands.open, 0);
});

Deno.test("calls.watch meters a call, and reports its end", async () => {
  const { edge, events, sidebands } = await watchedCall({
    limits: { prices: { [POLICY.model]: { "text output": 1_000_000 } } },
  });
  assertEquals(sidebands.dialled.map(({ headers, url }) => [headers.get("authorization"), url.search]), [
    [`Bearer ${CANARY}`, "?call_id=rtc_1"],
  ]);
  const done = { type: "response.done", response: { id: "resp_1", status: "completed", usage: { output_tokens: 7 } } };
  for (const event of [{ type: "response.created", response: { id: "resp_1" } }, done, done]) sidebands.send(event);
  await edge.clock.advance(2_000);
  sidebands.close(1000);
  for (let turn = 0; turn < 5; turn++) await edge.clock.advance(0);
  const ended = events.find((event) => event.type === "call_ended");
  assertEquals([ended?.reason, ended?.durationMs, ended?.usage?.tokens, ended?.usage?.cost, ended?.usage?.responses], [
    "api",
    2_000,
    7,
    7,
    1,
  ]);
  assertEquals(edge.requests.length, 1);
});

Deno.test("a call whose connection is lost before it is ready is hung up", async () => {
  const host = createSidebands();
  const ended: unknown[] = [];
  const attached = createEdge({
    dial: host.dial,
    onCall: (call) => void call.attach().catch(() => {}),
    onEvent: (event) => event.type === "call_ended" && ended.push(event.reason),
  });
  await attached.post("/calls", OFFER, SDP);
  host.close(1011);
  for (let turn = 0; turn < 9; turn++) await attached.clock.advance(0);
  assertEquals([attached.requests.at(-1)?.call, ended], ["POST /realtime/calls/rtc_1/hangup", ["sideband_lost"]]);
});

Deno.test("a call that cannot be watched is hung up, and the request fails", async () => {
  const edge = createEdge({ calls: { watch: true }, dial: () => Promise.reject(new Error("no line")) });
  assertEquals(await problemOf(await edge.post("/calls", OFFER, SDP)), "500 internal_error");
  assertEquals(edge.requests.at(-1)?.call, "POST /realtime/calls/rtc_1/hangup");

  // An API that cannot be reached is not a fault of this server.
  const error = new ConnectionError("No line", { kind: "unreachable" });
  const apart = createEdge({ calls: { watch: true }, dial: () => Promise.reject(error) });
  assertEquals(await problemOf(await apart.post("/calls", OFFER, SDP)), "502 upstream_unreachable");
  assertEquals([apart.requests.at(-1)?.call, apart.errors], ["POST /realtime/calls/rtc_1/hangup", [error]]);
});

Deno.test("limits end a watched call that exceeds its cost or is idle", async () => {
  const spending = { limits: { perCaller: { tokensPerDay: 10 } }, calls: {} };
  const quota = await watchedCall(spending);
  quota.sidebands.send({
    type: "response.done",
    response: { id: "r", status: "completed", usage: { output_tokens: 10 } },
  });
  for (let turn = 0; turn < 9; turn++) await quota.edge.clock.advance(0);
  assertEquals(quota.edge.requests.at(-1)?.call, "POST /realtime/calls/rtc_1/hangup");
  assertEquals(await problemOf(await quota.edge.post("/calls", OFFER, SDP)), "429 quota_exceeded");

  const many = await watchedCall({ limits: { perCaller: { responsesPerMinute: 1 } }, calls: {} });
  for (const id of ["a", "b"]) many.sidebands.send({ type: "response.created", response: { id } });
  for (let turn = 0; turn < 9; turn++) await many.edge.clock.advance(0);
  assertEquals(many.edge.requests.at(-1)?.call, "POST /realtime/calls/rtc_1/hangup");

  const idle = await watchedCall({ limits: { idleMs: 4_000 }, calls: {} });
  await idle.edge.clock.advance(3_000);
  idle.sidebands.send({ type: "input_audio_buffer.speech_started" });
  await idle.edge.clock.advance(0);
  await idle.edge.clock.advance(3_000);
  assertEquals(idle.edge.requests.length, 1);
  await idle.edge.clock.advance(4_000);
  const reasons = idle.events.map((event) => event.type === "call_ended" && event.reason);
  assertEquals(reasons.at(-1), "idle");
});

Deno.test("the quota place of a watched call is free as soon as the call ends", async () => {
  const { edge, sidebands } = await watchedCall({ limits: { total: { concurrentCalls: 1 } } });
  assertEquals((await edge.post("/calls", OFFER, SDP)).status, 409);
  sidebands.close(1000);
  for (let turn = 0; turn < 5; turn++) await edge.clock.advance(0);
  assertEquals((await edge.post("/calls", OFFER, SDP)).status, 201);
});

Deno.test("POST /calls with an Idempotency-Key starts one call, however often it is sent", async () => {
  let calls = 0;
  const edge = createEdge(
    {},
    ({ call }) =>
      call.endsWith("/calls")
        ? new Response(ANSWER, { status: 201, headers: { location: `/v1/realtime/calls/rtc_${++calls}` } })
        : answerAsTheApi({ call }),
  );
  const post = async (key: string, body = OFFER, name = "alice") => {
    const headers = { ...SDP, "idempotency-key": key, authorization: `Bearer ${name}` };
    const response = await edge.post("/calls", body, headers);
    return response.status === 201 ? response.headers.get("x-realtime-call-id") : await problemOf(response);
  };
  assertEquals(await Promise.all([post("a"), post("a"), post("a")]), ["rtc_1", "rtc_1", "rtc_1"]);
  assertEquals([await post("a"), await post("b"), await post("a", OFFER, "bob")], ["rtc_1", "rtc_2", "rtc_3"]);
  assertEquals(await post("a", OFFER.replace("s=-", "s=x")), "422 idempotency_key_reused Idempotency-Key");
  assertEquals(await post("ä"), "400 invalid_request Idempotency-Key");
  assertEquals(await post("x".repeat(256)), "400 invalid_request Idempotency-Key");
  assertEquals(calls, 3);
});

Deno.test("POST /calls with the key of a page that has left starts another call", async () => {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let calls = 0;
  const edge = createEdge({}, async ({ call }) => {
    if (!call.endsWith("/calls")) return new Response();
    begun.resolve();
    const id = ++calls;
    if (id === 1) await gate.promise;
    return new Response(ANSWER, { status: 201, headers: { location: `/v1/realtime/calls/rtc_${id}` } });
  });
  const leaving = new AbortController();
  const headers = { ...SDP, authorization: "Bearer alice", "idempotency-key": "a" };
  const first = edge.request("/calls", { method: "POST", headers, body: OFFER, signal: leaving.signal });
  await begun.promise;
  leaving.abort();
  const second = edge.request("/calls", { method: "POST", headers, body: OFFER });
  gate.resolve();
  assertEquals((await first).status, 408);
  assertEquals((await second).headers.get("x-realtime-call-id"), "rtc_2");
  assert(edge.requests.some(({ call }) => call === "POST /realtime/calls/rtc_1/hangup"));
  assert(!edge.requests.some(({ call }) => call === "POST /realtime/calls/rtc_2/hangup"));
});

import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { type EdgeLiveCall, memoryStore } from "../../../src/hono/mod.ts";
import type { LiveSession } from "../../../src/live/mod.ts";
import { silence, tone } from "../../simulator/_sound.ts";
import { assertWithout, CANARY, createRealtimeApp } from "../_canary.ts";
import { POLICY, PRIVATE, problemOf, WHOLE_OFFER } from "../_edge.ts";
import { WEBHOOK_SECRET } from "../_webhook.ts";
import { createLiveEdge, listenTo, LIVE_POLICY, type LiveEdgeRig } from "./_live_edge.ts";

const SDP = { "content-type": "application/sdp" };
const JSON_TYPE = { "content-type": "application/json", "accept": "application/json" };

/** A page's session that has started. */
async function start(rig: LiveEdgeRig, session?: unknown) {
  const body = JSON.stringify({ sdp: WHOLE_OFFER, ...session === undefined ? {} : { session } });
  const response = await rig.post("/live/sessions", body, JSON_TYPE);
  const text = await response.text();
  assertWithout(text, PRIVATE);
  assertEquals(response.status, 201, text);
  const { call_id: id, call_token, sdp } = JSON.parse(text);
  return {
    id,
    token: { "x-realtime-call-token": call_token },
    sdp,
    response,
    server: rig.simulator.liveSessions.at(-1)!,
  };
}

Deno.test("POST /live/sessions forwards the offer with the policy, and returns the answer", async () => {
  await using rig = createLiveEdge({
    live: { session: { ...LIVE_POLICY, audio: { format: { type: "audio/pcmu", rate: 8_000 } } } },
  });
  const response = await rig.post("/live/sessions", WHOLE_OFFER, SDP);
  assertEquals(response.status, 201, await response.clone().text());
  assertMatch(await response.text(), /^v=0\r\n/);
  const [server] = rig.simulator.liveSessions;
  assertEquals(response.headers.get("x-realtime-call-id"), server?.id);
  assertEquals(response.headers.get("location"), `./sessions/${server?.id}`);
  assertEquals(response.headers.get("content-type"), "application/sdp");
  assertEquals(server?.session?.instructions, LIVE_POLICY.instructions);
  assert(server?.session?.safety_identifier && !server.session.safety_identifier.includes("alice"));
  const [started] = rig.eventsOf("call_started");
  assertEquals([started?.product, started?.callId, started?.kind], ["live", server?.id, "webrtc"]);
});

Deno.test("a page's data channel passes no part of the policy, and few client events, unless the policy allows it", async () => {
  await using rig = createLiveEdge({
    simulator: { live: { scenario: { turns: [{ user: "Hello.", says: "Good morning!" }] } } },
  });
  const { server } = await start(rig);
  const channel = server.openChannel();
  const page = listenTo(channel);
  channel.send(`{"type":"session.instructions.append","content":"Obey.","delegation_id":null,"event_id":"no"}`);
  channel.send(`{"type":"session.update","session":{"triggers":[]},"event_id":"no"}`);
  server.hear(tone(1_000));
  server.hear(silence(5_000));
  await rig.clock.advance(16_000);
  const types = new Set(page.got.map(({ type }) => type));
  assertWithout(JSON.stringify(page.got), PRIVATE);
  assertEquals(
    page.got.filter(({ client_event_id }) => client_event_id === "no").map(({ error }) =>
      (error as { code: string }).code
    ),
    ["event_not_allowed", "event_not_allowed"],
  );
  for (const type of ["session.input_transcript.delta", "session.output_transcript.delta", "session.usage.updated"]) {
    assert(types.has(type), type);
  }
  assert(!types.has("session.started"));
  channel.send(`{"type":"session.input_audio.mute"}`);
  await rig.clock.advance(0);
  assertEquals(server.isMuted, true);
  channel.send(`{"type":"session.close"}`);
  await rig.clock.advance(0);
  assertEquals(rig.simulator.liveSessions, []);
});

Deno.test("client.data_channel of the policy decides which events pass", async () => {
  const data_channel = {
    allowed_client_events: ["session.commentary.append"],
    allowed_server_events: [{ type: "session.started" }],
  };
  await using rig = createLiveEdge({ live: { session: { ...LIVE_POLICY, client: { data_channel } } } });
  const { server } = await start(rig);
  assertEquals(server.session?.client, { data_channel });
});

Deno.test("a page may override only the fields of clientMayOverride in the body", async () => {
  await using rig = createLiveEdge({ live: { clientMayOverride: ["audio.output.voice"] } });
  const { server } = await start(rig, { audio: { output: { voice: "cedar" } } });
  assertEquals(server.session?.audio?.output?.voice, "cedar");
  const post = (session: unknown) =>
    rig.post("/live/sessions", JSON.stringify({ sdp: WHOLE_OFFER, session }), JSON_TYPE);
  assertEquals(
    await problemOf(await post({ instructions: "Obey." })),
    "403 override_not_allowed session.instructions",
  );
  assertEquals(await problemOf(await post({ client: {} })), "403 override_not_allowed session.client");
  assertEquals(await problemOf(await post({ model: "gpt-live-2" })), "403 override_not_allowed session.model");
  assertEquals(
    await problemOf(await post({ audio: { output: { voice: 5 } } })),
    "400 invalid_override session.audio.output.voice",
  );
  assertEquals(await problemOf(await post("loud")), "400 invalid_request session");
  assertEquals(rig.simulator.liveSessions.length, 1);
});

Deno.test("POST /live/sessions rejects invalid offers, unauthorized callers, other origins and other methods", async () => {
  await using rig = createLiveEdge({ authorize: (c) => c.req.header("cookie") === "user=alice" && "alice" });
  const problem = async (body: BodyInit, headers: Record<string, string>) =>
    await problemOf(await rig.post("/live/sessions", body, headers));
  assertEquals(await problem("hello", SDP), "400 invalid_sdp");
  assertEquals(await problem(WHOLE_OFFER, { "content-type": "text/plain" }), "415 unsupported_media_type");
  assertEquals(await problem(`{"sdp":5}`, JSON_TYPE), "400 invalid_sdp sdp");
  assertEquals(await problem(`{"sdp":"v=0","model":"x"}`, JSON_TYPE), "400 invalid_request model");
  assertEquals(await problem(WHOLE_OFFER, { ...SDP, cookie: "user=mallory" }), "403 not_authorized");
  assertEquals(await problem(WHOLE_OFFER, { ...SDP, origin: "https://evil.example" }), "403 origin_not_allowed");
  const get = await rig.app.request("/live/sessions", { headers: { cookie: "user=alice" } });
  assertEquals(await problemOf(get), "405 method_not_allowed");
  assertEquals(rig.simulator.liveSessions, []);
});

Deno.test("an app without the option live has no routes below /live", async () => {
  const app = createRealtimeApp({ apiKey: CANARY, authorize: () => true, session: POLICY });
  for (const path of ["/live/sessions", "/live/sessions/live_1/hangup", "/live/relay"]) {
    assertEquals(await problemOf(await app.request(path, { method: "POST" })), "404 not_found");
  }
});

Deno.test("an app with the Live API alone has no sessions of the Realtime API", async () => {
  await using rig = createLiveEdge({ session: undefined });
  for (const path of ["/client_secrets", "/calls", "/calls/rtc_1/hangup", "/relay"]) {
    assertEquals(await problemOf(await rig.post(path, WHOLE_OFFER, SDP)), "404 not_found", path);
  }
  assertEquals((await rig.post("/live/sessions", WHOLE_OFFER, SDP)).status, 201);
  assertThrows(() => createRealtimeApp({ apiKey: CANARY, authorize: () => true }), TypeError, "session must be");
});

Deno.test("the API's reasons for refusing a session are hidden from the page", async () => {
  await using rig = createLiveEdge({ simulator: { live: { acceptsModel: () => false } } });
  const response = await rig.post("/live/sessions", WHOLE_OFFER, SDP);
  assertEquals(await problemOf(response), "502 upstream_refused");
  assertEquals(rig.errors.length, 1);
});

Deno.test("an answer without SDP is not forwarded, and the session is ended", async () => {
  const session = { id: "live_1" };
  const transport = { type: "webrtc", sdp: "v=0" };
  const broken = () => {
    const parts = [JSON.stringify({ session, transport }).slice(0, 40)];
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      const part = parts.pop();
      if (part === undefined) controller.error(new TypeError("connection reset"));
      else controller.enqueue(new TextEncoder().encode(part));
    };
    return new Response(new ReadableStream({ pull }), { status: 201 });
  };
  const answers: readonly (readonly [answer: () => Response, problem: string, isEnded: boolean])[] = [
    [() => Response.json({ session }), "502 upstream_refused", true],
    [() => Response.json({ session, transport: { type: "webrtc" } }), "502 upstream_refused", true],
    [() => Response.json({ session, transport: { ...transport, sdp: 0 } }), "502 upstream_refused", true],
    [() => Response.json({ session, transport: { ...transport, sdp: "<html>" } }), "502 upstream_refused", true],
    [broken, "502 upstream_unreachable", true],
    // Nothing could control it.
    [() => Response.json({ session: { id: "live_1\r\n" }, transport }), "502 upstream_refused", false],
    [() => Response.json({ session: { id: "sess_1" }, transport }), "502 upstream_refused", false],
    [() => new Response("<html>", { status: 200 }), "502 upstream_refused", false],
    [() => Response.json({ session, transport }, { status: 400 }), "502 upstream_refused", false],
  ];
  for (const [answer, problem, isEnded] of answers) {
    const asked: string[] = [];
    await using rig = createLiveEdge({
      limits: { total: { concurrentCalls: 1 } },
      fetch: (url) => {
        asked.push(new URL(url).pathname);
        return Promise.resolve(url.endsWith("/hangup") ? new Response() : answer());
      },
    });
    const ending = isEnded ? ["/v1/live/sessions/live_1/hangup"] : [];
    // The second one has a place, too.
    for (let attempt = 0; attempt < 2; attempt++) {
      const response = await rig.post("/live/sessions", WHOLE_OFFER, SDP);
      assertEquals(await problemOf(response), problem);
      assertEquals(asked.splice(0), ["/v1/live/sessions", ...ending]);
    }
  }
});

Deno.test("a page needs its token to hang up, and may repeat the hangup", async () => {
  await using rig = createLiveEdge();
  const { id, token } = await start(rig);
  const hangUp = (headers: Record<string, string>, callId = id) =>
    rig.post(`/live/sessions/${callId}/hangup`, null, headers);
  assertEquals(await problemOf(await hangUp({})), "403 invalid_call_token");
  assertEquals(await problemOf(await hangUp({ ...token, cookie: "user=bob" })), "403 invalid_call_token");
  assertEquals(await problemOf(await hangUp(token, "live_other")), "403 invalid_call_token");
  assertEquals((await hangUp(token)).status, 204);
  assertEquals((await hangUp(token)).status, 204);
  assertEquals(rig.simulator.liveSessions, []);
  const [ended] = rig.eventsOf("call_ended");
  assertEquals([ended?.product, ended?.reason], ["live", "hung_up"]);
});

Deno.test("a session that the API hangs up for telephones only is ended over a connection to it", async () => {
  const statuses: [refused: number, status: number, isEnded: boolean][] = [
    ...[400, 405, 409, 422].map((refused): [number, number, boolean] => [refused, 204, true]),
    // The key is wrong, or the API is down: no connection would do better.
    [401, 502, false],
    [403, 502, false],
    [500, 502, false],
  ];
  for (const [refused, status, isEnded] of statuses) {
    await using rig = createLiveEdge();
    const { id, token } = await start(rig);
    const dialled: string[] = [];
    await using refusing = createLiveEdge({
      fetch: (url, init) =>
        url.endsWith("/hangup")
          ? Promise.resolve(Response.json({ error: { message: "Not a telephone." } }, { status: refused }))
          : rig.simulator.fetch(url, init),
      dial: (request) => {
        dialled.push(request.url.pathname);
        return rig.simulator.dial(request);
      },
      clock: rig.clock,
    });
    const response = await rig.settle(Promise.resolve(
      refusing.app.request(`/live/sessions/${id}/hangup`, {
        method: "POST",
        headers: { cookie: "user=alice", ...token },
      }),
    ));
    assertEquals([response.status, rig.simulator.liveSessions.length], [status, isEnded ? 0 : 1], `${refused}`);
    assertEquals(dialled, isEnded ? [`/v1/live/sessions/${id}/attach`] : []);
  }
});

Deno.test("a page that leaves while its session is created leaves none", async () => {
  const leaving = new AbortController();
  await using rig = createLiveEdge({
    fetch: async (url, init) => {
      const response = await rig.simulator.fetch(url, init);
      if (url.endsWith("/live/sessions")) leaving.abort();
      return response;
    },
  });
  const request = new Request("http://localhost/live/sessions", {
    method: "POST",
    headers: { cookie: "user=alice", ...SDP },
    body: WHOLE_OFFER,
    signal: leaving.signal,
  });
  const response = await rig.app.request(request);
  assertEquals(await problemOf(response), "408 client_gone");
  await rig.clock.advance(100);
  assertEquals(rig.simulator.liveSessions, []);
});

Deno.test("a retry with the same Idempotency-Key gets the same session, and the key is refused for the Realtime API", async () => {
  await using rig = createLiveEdge();
  const post = (path: string) => rig.post(path, WHOLE_OFFER, { ...SDP, "idempotency-key": "one" });
  const first = await post("/live/sessions");
  const second = await post("/live/sessions");
  assertEquals(first.headers.get("x-realtime-call-id"), second.headers.get("x-realtime-call-id"));
  assertEquals(rig.simulator.liveSessions.length, 1);
  assertEquals(await problemOf(await post("/calls")), "422 idempotency_key_reused Idempotency-Key");
});

Deno.test("onCall attaches to a page's session, and the session ends when it fails", async () => {
  let session: LiveSession | undefined;
  const calls: EdgeLiveCall[] = [];
  await using rig = createLiveEdge({
    live: {
      onCall: async (call) => {
        calls.push(call);
        session = await call.attach();
      },
    },
    simulator: { live: { scenario: { turns: [{ user: "Where is it?", delegates: {} }] } } },
  });
  const { id, server } = await start(rig);
  assertEquals([calls[0]?.callId, calls[0]?.caller, calls[0]?.kind], [id, "alice", "webrtc"]);
  assertEquals(calls[0]?.session.instructions, LIVE_POLICY.instructions);
  server.hear(tone(1_000));
  server.hear(silence(3_000));
  const task = await rig.settle(session!.delegations().next());
  assert(!task.done);
  const answered = task.value.answer("On its way.");
  await rig.clock.advance(0);
  server.hear(silence(1_000));
  await rig.settle(answered);
  await calls[0]!.hangUp();
  assertEquals(rig.eventsOf("call_ended").map(({ reason }) => reason), ["host"]);

  await using failing = createLiveEdge({ live: { onCall: () => Promise.reject(new Error("broken")) } });
  const response = await failing.post("/live/sessions", WHOLE_OFFER, SDP);
  assertEquals(await problemOf(response), "500 internal_error");
  assertEquals(failing.simulator.liveSessions, []);
});

Deno.test("a watched session is metered, shown to its page without the policy, and ended at its limits", async () => {
  await using rig = createLiveEdge({
    calls: { watch: true },
    limits: { perCaller: { costPerDay: 0.025, concurrentCalls: 1 }, prices: { "gpt-live-1": { minute: 0.06 } } },
    simulator: { live: { scenario: { turns: [{ user: "Hello.", says: "Good morning!" }] } } },
  });
  const { id, server, token } = await start(rig);
  const busy = await rig.post("/live/sessions", WHOLE_OFFER, SDP);
  assertEquals(await problemOf(busy), "409 concurrency_limit_exceeded");
  const headers = { cookie: "user=alice", ...token };
  const stream = await rig.app.request(`/live/sessions/${id}/events`, { headers });
  assertEquals(stream.status, 200);
  server.hear(tone(1_000));
  server.hear(silence(5_000));
  await rig.clock.advance(31_000);
  assertEquals(rig.simulator.liveSessions, []);
  const [ended] = rig.eventsOf("call_ended");
  assertEquals([ended?.reason, ended?.usage?.seconds], ["quota", 30]);
  const text = await stream.text();
  assertWithout(text, [...PRIVATE, CANARY]);
  for (const type of ["session.started", "session.input_transcript.delta", "session.output_transcript.delta"]) {
    assertStringIncludes(text, `event: ${type}\n`);
  }
  assert(!text.includes("session.output_audio.delta") && !text.includes("session.input_audio.append"));
  assertMatch(text, /event: call\.ended\ndata: .*"quota"/);
});

Deno.test("a watched session whose connection drops is re-attached, and ends when that keeps failing", async () => {
  let isOut = false;
  await using rig = createLiveEdge({
    calls: { watch: true, reattachMs: 20_000 },
    overLine: (dial) => (request) => isOut ? Promise.reject(new Error("No line")) : dial(request),
  });
  const { server } = await start(rig);
  server.fault({ type: "drop", code: 1011 });
  await rig.clock.advance(2_000);
  const [reattached] = rig.eventsOf("call_reattached");
  assertEquals([reattached?.product, reattached?.callId, rig.dialled.length], ["live", server.id, 2]);
  assertEquals(rig.simulator.liveSessions.length, 1);

  await rig.clock.advance(11_000);
  isOut = true;
  server.fault({ type: "drop", code: 1011 });
  await rig.clock.advance(19_000);
  assertEquals([rig.simulator.liveSessions.length, rig.eventsOf("call_ended").length], [1, 0]);
  await rig.clock.advance(2_000);
  assertEquals(rig.simulator.liveSessions, []);
  assertEquals(rig.eventsOf("call_ended").map(({ reason }) => reason), ["sideband_lost"]);
});

Deno.test("the session from attach() recovers after a drop, and the call ends when recovery fails", async () => {
  let isOut = false;
  let session: LiveSession | undefined;
  await using rig = createLiveEdge({
    calls: { reattachMs: 20_000 },
    live: { onCall: async (call) => void (session = await call.attach({ onUnhandled: () => {} })) },
    overLine: (dial) => (request) => isOut ? Promise.reject(new Error("No line")) : dial(request),
  });
  const { server } = await start(rig);
  server.fault({ type: "drop", code: 1011 });
  await rig.clock.advance(0);
  assertEquals(session!.state, "reconnecting");
  await rig.clock.advance(1_000);
  const [reattached] = rig.eventsOf("call_reattached");
  assertEquals([reattached?.product, reattached?.callId, session!.state], ["live", server.id, "open"]);
  const said = session!.say("Here again.");
  await rig.clock.advance(0);
  server.hear(silence(1_000));
  await rig.settle(said);

  await rig.clock.advance(11_000);
  isOut = true;
  server.fault({ type: "drop", code: 1011 });
  await rig.clock.advance(19_000);
  assertEquals([session!.state, rig.simulator.liveSessions.length], ["reconnecting", 1]);
  await rig.clock.advance(2_000);
  assertEquals([session!.state, rig.simulator.liveSessions.length], ["closed", 0]);
  assertEquals(rig.eventsOf("call_ended").map(({ reason }) => reason), ["sideband_lost"]);
});

Deno.test("attach({ recovery: false }) ends the call with its connection, and a call that ended meanwhile is noticed", async () => {
  let session: LiveSession | undefined;
  let recovery: false | undefined = false;
  await using rig = createLiveEdge({
    live: { onCall: async (call) => void (session = await call.attach({ recovery, onUnhandled: () => {} })) },
  });
  const { server } = await start(rig);
  server.fault({ type: "drop", code: 1011 });
  await rig.clock.advance(100);
  assertEquals([session!.state, rig.simulator.liveSessions.length], ["closed", 0]);
  recovery = undefined;
  const { server: other } = await start(rig);
  other.fault({ type: "drop", code: 1011 });
  other.end("remote_hangup");
  await rig.clock.advance(2_000);
  assertEquals(session!.state, "closed");
  assertEquals(rig.eventsOf("call_ended").map(({ reason }) => reason), ["sideband_lost", "api"]);
});

Deno.test("the end of a watched session is noticed even while no connection is open", async () => {
  await using rig = createLiveEdge({ calls: { watch: true } });
  const { server } = await start(rig);
  server.end("remote_hangup");
  await rig.clock.advance(0);
  assertEquals(rig.eventsOf("call_ended").map(({ reason }) => reason), ["api"]);

  const { server: other } = await start(rig);
  other.fault({ type: "drop", code: 1006 });
  other.end("remote_hangup");
  await rig.clock.advance(2_000);
  assertEquals(rig.eventsOf("call_ended").map(({ reason }) => reason), ["api", "api"]);
});

Deno.test("a session whose page has no data channel must offer audio only", async () => {
  await using rig = createLiveEdge({ calls: { dataChannel: "forbid" } });
  const channel = `${WHOLE_OFFER}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=sctp-port:5000\r\n`;
  assertEquals(await problemOf(await rig.post("/live/sessions", channel, SDP)), "400 data_channel_not_allowed sdp");
  assertEquals((await rig.post("/live/sessions", WHOLE_OFFER, SDP)).status, 201);
  // It is bounded by the policy, and there to be used, where nothing is said of it.
  await using watching = createLiveEdge({ live: { onCall: () => {} } });
  assertEquals((await watching.post("/live/sessions", channel, SDP)).status, 201);
});

Deno.test("another server of the app shows a page its session, and does not end it", async () => {
  await using rig = createLiveEdge();
  const { id, server, token } = await start(rig);
  await using other = createLiveEdge({ fetch: rig.simulator.fetch, dial: rig.simulator.dial, clock: rig.clock });
  const headers = { cookie: "user=alice", ...token };
  const path = `/live/sessions/${id}/events`;
  assertEquals(
    await problemOf(await other.app.request(path, { headers: { cookie: "user=alice" } })),
    "403 invalid_call_token",
  );
  const stream = await other.app.request(path, { headers });
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  server.send(JSON.stringify({ type: "session.output_transcript.delta", event_id: "event_1", delta: `Hi ${CANARY}` }));
  let text = "";
  while (!text.includes("Hi ")) text += (await reader.read()).value ?? "";
  assertWithout(text, [...PRIVATE, CANARY]);
  await reader.cancel();
  await rig.clock.advance(1_000);
  assertEquals(rig.simulator.liveSessions.length, 1);
  server.end("remote_hangup");
  const gone = await other.app.request(path, { headers });
  assertEquals(await problemOf(gone), "404 call_not_found");
});

Deno.test("the token of a session controls it over its own API only, and its place stays taken", async () => {
  const store = memoryStore();
  const limits = { perCaller: { concurrentCalls: 1 } };
  await using rig = createLiveEdge({ limits, store });
  const { id, token } = await start(rig);
  const { clock, simulator: { dial, fetch } } = rig;
  await using other = createLiveEdge({ limits, store, fetch, dial, clock });
  for (const { app, post } of [rig, other]) {
    // That API does not know the session: it would count as ended.
    assertEquals(await problemOf(await post(`/calls/${id}/hangup`, null, token)), "403 invalid_call_token");
    const events = await app.request(`/calls/${id}/events`, { headers: { cookie: "user=alice", ...token } });
    assertEquals(await problemOf(events), "403 invalid_call_token");
    const another = await post("/live/sessions", WHOLE_OFFER, SDP);
    assertEquals(await problemOf(another), "409 concurrency_limit_exceeded");
  }
  assertEquals(rig.simulator.liveSessions.map((session) => session.id), [id]);
  assertEquals((await other.post(`/live/sessions/${id}/hangup`, null, token)).status, 204);
  await start(rig);
});

Deno.test("a two-hour session keeps its quota place, token and control until its end", async () => {
  let nowMs = 1_790_000_000_000;
  await using rig = createLiveEdge({ limits: { perCaller: { concurrentCalls: 1 } }, now: () => nowMs });
  const { id, token } = await start(rig);
  const later = async (minutes: number) => {
    nowMs += minutes * 60_000;
    await rig.clock.advance(minutes * 60_000);
  };
  await later(119);
  assertEquals(rig.eventsOf("call_ended"), []);
  assertEquals(await problemOf(await rig.post("/live/sessions", WHOLE_OFFER, SDP)), "409 concurrency_limit_exceeded");
  assertEquals((await rig.post(`/live/sessions/${id}/hangup`, null, token)).status, 204);
  assertEquals(rig.simulator.liveSessions, []);

  const { id: other, token: old } = await start(rig);
  await later(126);
  assertEquals(await problemOf(await rig.post(`/live/sessions/${other}/hangup`, null, old)), "403 invalid_call_token");
  await start(rig);
  assertEquals(rig.eventsOf("call_ended").map(({ reason }) => reason), ["hung_up", "expired"]);
});

Deno.test("close() ends the sessions of pages", async () => {
  const rig = createLiveEdge();
  await start(rig);
  await rig.app.close();
  assertEquals(rig.simulator.liveSessions, []);
  assertEquals(rig.eventsOf("call_ended")[0]?.reason, "shutdown");
  await rig.settle(rig.simulator.close());
});

Deno.test("a session that takes longer than maxDurationMs is ended", async () => {
  await using rig = createLiveEdge({ limits: { maxDurationMs: 60_000 } });
  await start(rig);
  await rig.clock.advance(59_000);
  assertEquals(rig.simulator.liveSessions.length, 1);
  await rig.clock.advance(2_000);
  assertEquals(rig.simulator.liveSessions, []);
});

Deno.test("Azure uses a deployment instead of the model, and its key header", async () => {
  const asked: { url: string; key: string | null; model: unknown }[] = [];
  await using rig = createLiveEdge({
    azure: { endpoint: "https://me.openai.azure.com", deployment: "voice", apiKey: CANARY },
    live: { onIncomingCall: () => ({ action: "accept", session: LIVE_POLICY }) },
    calls: { watch: false },
    now: () => Date.now(),
    fetch: (url, init) => {
      const { session } = JSON.parse(String(init.body));
      asked.push({ url, key: new Headers(init.headers).get("api-key"), model: session.model });
      const answer = { session: { id: "live_1" }, transport: { type: "webrtc", sdp: "v=0\r\n" } };
      return Promise.resolve(Response.json(answer, { status: 201 }));
    },
  });
  assertEquals((await rig.post("/live/sessions", WHOLE_OFFER, SDP)).status, 201);
  const url = "https://me.openai.azure.com/openai/v1/live/sessions";
  assertEquals(asked.splice(0), [{ url, key: CANARY, model: "voice" }]);
  // Only the request to accept the call is tested: no audio follows.
  const ringing = rig.simulator.ringLiveCall({
    webhookUrl: "http://localhost/webhooks",
    secret: WEBHOOK_SECRET,
    fetch: async (request) => {
      const id = (await request.clone().json()).data.session_id;
      const response = await rig.app.request(request);
      assertEquals(asked, [{ url: `${url}/${id}/accept`, key: CANARY, model: "voice" }]);
      return response;
    },
    ringMs: 0,
  });
  await rig.settle(ringing);
});

Deno.test("a policy that is not a session is a server error, and is hidden", async () => {
  await using rig = createLiveEdge({ live: { session: () => ({ model: "gpt-live-1", instructions: 5 }) as never } });
  const response = await rig.post("/live/sessions", WHOLE_OFFER, SDP);
  assertEquals(await problemOf(response), "500 internal_error");
  await assertRejects(() => rig.openSocket(), Error, "internal_error");
});

import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { readWavStream } from "../../src/audio/mod.ts";
import { ConnectionError, InvalidEventError, RealtimeApiError } from "../../src/errors.ts";
import { LiveRest, splitRecording, toLiveIncomingCall } from "../../src/live/mod.ts";
import { verifyWebhook } from "../../src/rest/mod.ts";
import { createVirtualClock } from "../../src/simulator/mod.ts";
import { joined, silence, tone } from "../simulator/_sound.ts";
import { connectRig, settled, speak } from "./_live.ts";

const OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n" +
  "a=rtpmap:111 opus/48000/2\r\na=sendrecv\r\n";

Deno.test("LiveRest creates a session for a page, forks one and ends one", async () => {
  const { clock, session, settle, simulator } = await connectRig({ store: true });
  const rest = new LiveRest({ apiKey: "sk-test", fetch: simulator.fetch, safetyIdentifier: "user_1", clock });
  const transport = { type: "webrtc", sdp: OFFER } as const;
  const created = await rest.createSession({ session: { model: "gpt-live-1" }, transport });
  const server = simulator.liveSessions.find(({ id }) => id === created.session.id)!;
  assertEquals([server.session?.safety_identifier, created.transport?.sdp?.slice(0, 3)], ["user_1", "v=0"]);
  await rest.hangUp(created.session.id);
  await settle(server.closed);
  await clock.advance(300);
  await settle(session.close());
  const fork = await rest.forkSession(session.id, { transport });
  assert(fork.session.id !== session.id);
  await assertRejects(() => rest.hangUp(created.session.id), RealtimeApiError, "No live session found");
  await settled(clock, simulator.close());
});

Deno.test("a recording is downloaded as a stream with exact samples", async () => {
  const rig = await connectRig({ store: true, keeper: false });
  const heard = joined(tone(600), silence(3_000));
  const said: number[] = [];
  rig.session.on("session.output_audio.delta", ({ delta }) => {
    const bytes = Uint8Array.from(atob(delta), (character) => character.charCodeAt(0));
    said.push(...new Int16Array(bytes.buffer));
  });
  await speak(rig, heard);
  await rig.settle(rig.session.close());
  const rest = new LiveRest({ apiKey: "sk-test", fetch: rig.simulator.fetch });
  const wav = await rest.downloadRecording(rig.session.id);
  const input: number[] = [];
  const output: number[] = [];
  for await (const { channels, sampleRate, samples } of wav.pipeThrough(readWavStream())) {
    assertEquals([channels, sampleRate], [2, 24_000]);
    const piece = splitRecording(samples);
    input.push(...piece.input);
    output.push(...piece.output);
  }
  assert(said.some((sample) => sample !== 0));
  assertEquals(input, [...heard]);
  assertEquals(output, said);
  assertThrows(() => splitRecording(new Int16Array(3)), RangeError, "pairs");
  for (const invalid of [new Uint8Array(4), null, [1, 2]]) {
    assertThrows(() => splitRecording(invalid as never), TypeError, "must be an Int16Array");
  }
});

Deno.test("a download ends with the signal's reason, or with a ConnectionError when it breaks off", async () => {
  const bytes = new Uint8Array(1_000);
  const headers = { "content-type": "audio/wav" };
  let cancelled: unknown;
  // The first piece arrives; the next one never does.
  const slow = () =>
    new ReadableStream({
      start: (controller) => controller.enqueue(bytes),
      cancel: (reason) => void (cancelled = reason),
    });
  const restOf = (body: () => BodyInit | null, init: ResponseInit = { headers }) =>
    new LiveRest({ apiKey: "sk-test", maxRetries: 0, fetch: () => Promise.resolve(new Response(body(), init)) });

  const controller = new AbortController();
  const reason = new Error("Enough");
  const reader = (await restOf(slow).downloadRecording("live_1", { signal: controller.signal })).getReader();
  assertEquals((await reader.read()).value, bytes);
  const pending = reader.read();
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => pending), reason);
  assertStrictEquals(cancelled, reason);

  const left = await restOf(slow).downloadRecording("live_1");
  await left.cancel("left");
  assertStrictEquals<unknown>(cancelled, "left");

  const cause = new TypeError("terminated");
  const broken = () => new ReadableStream({ pull: (controller) => controller.error(cause) });
  const stream = await restOf(broken).downloadRecording("live_1");
  const error = await assertRejects(() => new Response(stream).arrayBuffer(), ConnectionError, "has ended early");
  assertEquals([error.kind, error.cause], ["closed", cause]);

  for (const type of ["text/html", "application/json; charset=utf-8"]) {
    let isCancelled = false;
    const endless = () => new ReadableStream({ cancel: () => void (isCancelled = true) });
    const page = restOf(endless, { headers: { "content-type": type } });
    await assertRejects(() => page.downloadRecording("live_1"), RealtimeApiError, `the answer is of type ${type}`);
    assert(isCancelled);
  }
  for (const type of ["audio/wav", "audio/x-wav", "application/octet-stream", "binary/octet-stream", ""]) {
    const file = restOf(() => bytes, { headers: { "content-type": type } });
    assertEquals(await new Response(await file.downloadRecording("live_1")).bytes(), bytes, type);
  }
  const empty = restOf(() => null, { status: 204 });
  await assertRejects(() => empty.downloadRecording("live_1"), RealtimeApiError, "the answer is empty");
});

Deno.test("a download ends with the signal's reason whenever that is aborted, even if the source ignores it", async () => {
  const reason = new Error("Enough");
  const outcomes = new Set<string>();
  for (let turns = 0; turns < 30; turns++) {
    const controller = new AbortController();
    const fetch = () => {
      let left = turns;
      const turn = () => left-- > 0 ? queueMicrotask(turn) : controller.abort(reason);
      turn();
      const body = new ReadableStream({ cancel: () => new Promise(() => {}) });
      return Promise.resolve(new Response(body, { headers: { "content-type": "audio/wav" } }));
    };
    const rest = new LiveRest({ apiKey: "sk-test", maxRetries: 0, fetch });
    const stream = await rest.downloadRecording("live_1", { signal: controller.signal }).catch((error) => error);
    outcomes.add(stream === reason ? "before" : "after");
    if (stream !== reason) assertStrictEquals(await assertRejects(() => stream.getReader().read()), reason);
  }
  assertEquals([...outcomes], ["before", "after"]);
});

Deno.test("a missing recording rejects with the API's message", async () => {
  const { session, settle, simulator } = await connectRig();
  await settle(session.close());
  const rest = new LiveRest({ apiKey: "sk-test", fetch: simulator.fetch });
  const error = await assertRejects(() => rest.downloadRecording(session.id), RealtimeApiError);
  assertEquals([error.status, error.code], [404, "session_not_found"]);
  assert(error.requestId);
});

Deno.test("a SIP call is verified, accepted, referred and rejected", async () => {
  const { simulator } = await connectRig();
  const rest = new LiveRest({ apiKey: "sk-test", fetch: simulator.fetch });
  const answer = async (request: Request, accept: boolean) => {
    const event = toLiveIncomingCall(await verifyWebhook(request, "whsec_c2VjcmV0"));
    assert(event);
    if (accept) await rest.acceptCall(event.data.session_id, { model: "gpt-live-1", instructions: "Answer." });
    else await rest.rejectCall(event.data.session_id, 486);
    return new Response();
  };
  const call = { webhookUrl: "https://app.example.com/hooks", secret: "whsec_c2VjcmV0" };
  const accepted = await simulator.ringLiveCall({ ...call, fetch: (request) => answer(request, true) });
  assert(accepted.status === "accepted");
  assertEquals(accepted.session.session?.instructions, "Answer.");
  const late = await assertRejects(
    () => rest.acceptCall(accepted.session.id, { model: "gpt-live-1" }),
    RealtimeApiError,
  );
  assertEquals(late.status, 409);
  await rest.referCall(accepted.session.id, "tel:+14155550123");
  const rejected = await simulator.ringLiveCall({ ...call, fetch: (request) => answer(request, false) });
  assert(rejected.status === "rejected" && rejected.statusCode === 486);
  assertEquals(
    toLiveIncomingCall({ type: "live.transport.incoming" }),
    undefined,
    "without its data it cannot be taken",
  );
});

Deno.test("LiveRest retries idempotent requests, but never a creation", async () => {
  const clock = createVirtualClock();
  let calls = 0;
  const fetch = () => {
    calls++;
    return Promise.resolve(calls < 3 ? new Response("busy", { status: 503 }) : new Response(new Uint8Array(4)));
  };
  const rest = new LiveRest({ apiKey: "sk-test", fetch, clock });
  const repeated: (() => Promise<unknown>)[] = [
    () => rest.hangUp("live_1"),
    () => rest.rejectCall("live_1", 486),
    () => rest.downloadRecording("live_1"),
  ];
  for (const ask of repeated) {
    calls = 0;
    await settled(clock, ask());
    assertEquals(calls, 3);
  }
  const transport = { type: "webrtc", sdp: "v=0" } as const;
  const once = (rest: LiveRest): (() => Promise<unknown>)[] => [
    () => rest.createSession({ session: { model: "gpt-live-1" }, transport }),
    () => rest.forkSession("live_1", { transport }),
    () => rest.acceptCall("live_1", { model: "gpt-live-1" }),
    () => rest.referCall("live_1", "tel:+14155550123"),
  ];
  for (const ask of once(rest)) {
    calls = 0;
    const error = await settled(clock, assertRejects(ask, RealtimeApiError, "status 503: busy"));
    assertEquals([error.status, calls], [503, 1]);
  }
  // Not even if the server requests it: the session may already have started.
  const asking = new LiveRest({
    apiKey: "sk-test",
    clock,
    fetch: () => {
      calls++;
      return Promise.resolve(
        new Response("", { status: 429, headers: { "x-should-retry": "true", "retry-after-ms": "5" } }),
      );
    },
  });
  for (const ask of once(asking)) {
    calls = 0;
    const limited = await assertRejects(ask, RealtimeApiError);
    assertEquals([calls, (limited as RealtimeApiError).retryAfterMs], [1, 5]);
  }
  calls = -10;
  await settled(clock, assertRejects(() => rest.rejectCall("live_1", 486), RealtimeApiError));
  assertEquals(calls, -7);
});

Deno.test("LiveRest rejects options and bodies that are not objects, by name", async () => {
  for (const options of [null, undefined, 5, []]) {
    assertThrows(() => new LiveRest(options as never), TypeError, "the options must be an object");
  }
  const rest = new LiveRest({
    apiKey: "sk-test",
    safetyIdentifier: "user_1",
    fetch: () => Promise.reject(new Error("Nothing is sent")),
  });
  const transport = { type: "webrtc", sdp: OFFER } as const;
  for (const bad of [null, undefined, 5, [], "x"]) {
    await assertRejects(() => rest.createSession(bad as never), InvalidEventError, "must be an object");
    await assertRejects(() => rest.forkSession("live_1", bad as never), InvalidEventError, "must be an object");
    const withSession = () => rest.createSession({ session: bad as never, transport });
    await assertRejects(withSession, InvalidEventError, "session must be an object");
  }
});

Deno.test("the safety identifier is a field of sessions and calls, unless their settings have their own", async () => {
  const sent: unknown[] = [];
  const transport = { type: "webrtc", sdp: "v=0" } as const;
  const fetch = async (input: Request | URL | string, init?: RequestInit) => {
    const request = new Request(input, init);
    assertEquals(request.headers.get("openai-safety-identifier"), null);
    sent.push((await request.json()).session.safety_identifier);
    return Response.json({ session: { id: "live_1" }, transport });
  };
  const rest = new LiveRest({ apiKey: "sk-test", fetch, safetyIdentifier: "user_1" });
  for (const own of [{}, { safety_identifier: "caller_1" }]) {
    const session = { model: "gpt-live-1", ...own };
    await rest.acceptCall("live_1", session);
    await rest.createSession({ session, transport });
  }
  assertEquals(sent, ["user_1", "user_1", "caller_1", "caller_1"]);
});

Deno.test("LiveRest validates before it sends, and never repeats the key", async () => {
  let calls = 0;
  const fetch = () => {
    calls++;
    return Promise.reject(new TypeError("refused"));
  };
  const rest = new LiveRest({ apiKey: "sk-secret", fetch, maxRetries: 0 });
  await assertRejects(() => rest.rejectCall("live_1", 200), InvalidEventError, "status_code");
  await assertRejects(() => rest.rejectCall("rtc_1", 486), TypeError, "must be live_");
  await assertRejects(() => rest.downloadRecording("live_1/../x"), TypeError, "must be live_");
  await assertRejects(() => rest.acceptCall("live_1", { model: " " }), InvalidEventError, "session.model");
  await assertRejects(
    () =>
      rest.createSession({ session: { model: "m", colour: 1 } as never, transport: { type: "webrtc", sdp: "v=0" } }),
    InvalidEventError,
    "session.colour",
  );
  assertEquals(calls, 0);
  const lost = await assertRejects(() => rest.hangUp("live_1"), ConnectionError, "no answer from api.openai.com");
  assert(!lost.message.includes("sk-secret"));
  await assertRejects(() => new LiveRest({}).hangUp("live_1"), ConnectionError, "no API key");
  await assertRejects(() => rest.hangUp("live_1", { signal: AbortSignal.abort(new Error("Stop")) }), Error, "Stop");
  assertThrows(() => new LiveRest({ apiKey: "k", maxRetries: -1 }), RangeError);
  assertThrows(() => new LiveRest({ apikey: "k" } as never), TypeError, "did you mean apiKey?");
  const echo = () => Promise.resolve(new Response("bad key sk-secret", { status: 401 }));
  const told = await assertRejects(() => new LiveRest({ apiKey: "sk-secret", fetch: echo }).hangUp("live_1"));
  assert(!(told as Error).message.includes("sk-secret"));
  const odd = () => Promise.resolve(Response.json({ nothing: 1 }));
  await assertRejects(
    () =>
      new LiveRest({ apiKey: "k", fetch: odd }).createSession({
        session: { model: "m" },
        transport: { type: "webrtc", sdp: "v=0" },
      }),
    RealtimeApiError,
    "the answer is not a session",
  );
});

Deno.test("LiveRest sends nothing for an invalid id, an unknown option or an invalid body, unless that is unchecked", async () => {
  const bodies: unknown[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    bodies.push(JSON.parse(await new Response(init?.body ?? "{}").text()));
    const created = `${url}`.endsWith("/content")
      ? new Response("RIFF", { headers: { "content-type": "audio/wav" } })
      : Response.json({ session: { id: "live_2" } }, { status: 201 });
    return created;
  };
  const rest = new LiveRest({ apiKey: "sk-test", fetch });
  const transport = { type: "webrtc", sdp: "v=0" } as const;
  const session = { model: "gpt-live-1", newer: 1 } as never;
  const asks: Readonly<Record<string, (id: string, options?: object) => Promise<unknown>>> = {
    create: (_id, options) => rest.createSession({ session, transport }, options),
    fork: (id, options) => rest.forkSession(id, { transport, newer: 1 } as never, options),
    accept: (id, options) => rest.acceptCall(id, session, options),
    reject: (id, options) => rest.rejectCall(id, 486, options),
    refer: (id, options) => rest.referCall(id, "tel:+14155550123", options),
    hangUp: (id, options) => rest.hangUp(id, options),
    download: (id, options) => rest.downloadRecording(id, options),
  };
  for (const [name, ask] of Object.entries(asks)) {
    if (name !== "create") await assertRejects(() => ask("../live_1"), TypeError, "must be live_", name);
    await assertRejects(() => ask("live_1", { signa: undefined }), TypeError, "did you mean signal?", name);
    const isChecked = ["create", "fork", "accept"].includes(name);
    if (isChecked) await assertRejects(() => ask("live_1"), InvalidEventError, "newer", name);
    else await assertRejects(() => ask("live_1", { check: false }), TypeError, "there is no option check", name);
    assertEquals(bodies, [], name);
    await ask("live_1", isChecked ? { check: false } : {});
    assertEquals(bodies.splice(0).length, 1, name);
  }
});

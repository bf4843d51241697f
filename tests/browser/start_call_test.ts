import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { ConnectionError } from "@oai-rt/edge";
import { createVirtualClock } from "@oai-rt/edge/simulator";
import { EventStreamParser } from "../../src/browser/_call/event_stream_parser.ts";
import { startCall, type StartCallOptions } from "../../src/browser/mod.ts";
import { replaceGlobals } from "./_globals.ts";
import { FakeContext, FakeDevices, FakeNode, FakePeer, FakeTrack, streamOf } from "./_fakes.ts";

Deno.test("EventStreamParser parses events however they are split", () => {
  const text = ': hello\r\nid: 1\r\ndata: {"a":1}\r\n\r\ndata:x\ndata: y\n\nevent: z\nid: 2\rdata: last\r\r';
  const expected = [{ data: '{"a":1}', id: "1" }, { data: "x\ny", id: "1" }, { data: "last", id: "2" }];
  for (let size = 1; size <= text.length; size++) {
    const parser = new EventStreamParser();
    const events = [];
    for (let start = 0; start < text.length; start += size) {
      events.push(...parser.push(text.slice(start, start + size)));
    }
    // A chunk that ends with a carriage return may continue with a line feed.
    events.push(...parser.push("\n"));
    assertEquals(events, expected, `pieces of ${size}`);
  }
});

function setting(options: Partial<StartCallOptions> = {}) {
  const peer = new FakePeer();
  const track = new FakeTrack();
  const devices = new FakeDevices();
  devices.next = () => streamOf(track);
  const clock = createVirtualClock();
  const requests: { url: string; headers: Headers; keepalive: boolean | undefined }[] = [];
  const streams: WritableStreamDefaultWriter<Uint8Array>[] = [];
  let hangUpStatus = 204;
  const failures: number[] = [];
  let eventsOf: (() => Response) | undefined;
  const fetch = (url: string, init: RequestInit) => {
    requests.push({ url: new URL(url).pathname, headers: new Headers(init.headers), keepalive: init.keepalive });
    if (url.endsWith("/calls")) {
      return Promise.resolve(Response.json({ sdp: "v=0\r\n", call_id: "rtc_1", call_token: "token" }, { status: 201 }));
    }
    if (url.endsWith("/hangup")) return Promise.resolve(new Response(null, { status: hangUpStatus }));
    if (eventsOf) return Promise.resolve(eventsOf());
    const status = failures.shift();
    if (status) return Promise.resolve(new Response(null, { status }));
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    streams.push(writer);
    init.signal?.addEventListener("abort", () => writer.abort().catch(() => {}));
    return Promise.resolve(new Response(readable, { headers: { "content-type": "text/event-stream" } }));
  };
  const start = () =>
    startCall("https://app.example.com/realtime", {
      microphone: { mediaDevices: devices },
      createPeer: () => peer,
      output: null,
      fetch,
      clock,
      ...options,
    });
  const answerEvents = (respond: () => Response) => void (eventsOf = respond);
  return { peer, track, clock, requests, streams, failures, answerEvents, start, failHangUp: () => hangUpStatus = 503 };
}

const show = (stream: WritableStreamDefaultWriter<Uint8Array> | undefined, id: string, event: object) =>
  void stream?.write(new TextEncoder().encode(`id: ${id}\ndata: ${JSON.stringify(event)}\n\n`));

/** Waits until written data arrives. */
const settle = (clock: { advance(ms: number): Promise<void> }) => clock.advance(0).then(() => clock.advance(0));

Deno.test("startCall() opens no data channel, shows the session from the app's events, and hangs up with its token", async () => {
  const { clock, peer, requests, start, streams, track } = setting();
  const created: unknown[] = [];
  peer.createDataChannel = () => {
    created.push("channel");
    return peer.channel;
  };
  const call = await start();
  assertEquals([created, call.controller, call.callId], [[], "server", "rtc_1"]);
  const types: string[] = [];
  call.session.on("*", ({ type }) => types.push(type));
  await settle(clock);
  assertEquals(requests.map(({ url }) => url), ["/realtime/calls", "/realtime/calls/rtc_1/events"]);
  assertEquals(requests[1]?.headers.get("x-realtime-call-token"), "token");
  const item = { id: "item_1", type: "message", role: "assistant", status: "in_progress", content: [] };
  show(streams[0], "1", { type: "conversation.item.added", event_id: "e1", previous_item_id: null, item });
  show(streams[0], "2", {
    type: "response.output_audio_transcript.delta",
    event_id: "e2",
    response_id: "resp_1",
    item_id: "item_1",
    output_index: 0,
    content_index: 0,
    delta: "Hello",
  });
  await settle(clock);
  assertEquals(types.includes("conversation.item.added"), true);
  assertEquals(call.session.conversation.getSnapshot().map(({ text }) => text), ["Hello"]);
  // Nothing can be sent.
  assertThrows(() => call.session.send({ type: "response.create" }), TypeError, "the page may only listen");
  await call.hangUp();
  assertEquals((await call.closed).code, 1000);
  assertEquals([peer.closes, track.readyState], [1, "ended"]);
  const hangUps = requests.filter(({ url }) => url.endsWith("/hangup"));
  assertEquals(hangUps.map(({ headers, keepalive }) => [headers.get("x-realtime-call-token"), keepalive]), [[
    "token",
    true,
  ]]);
  assertEquals(clock.pending, 0);
});

Deno.test("startCall() refuses an answer that does not name its call, which could be neither followed nor hung up", async () => {
  const answers = [{}, { call_id: "rtc_1" }, { call_token: "token" }, { call_id: "", call_token: "" }];
  for (const answer of answers) {
    let requests = 0;
    const given = setting({
      fetch: () => {
        requests++;
        return Promise.resolve(Response.json({ sdp: "v=0\r\n", ...answer }, { status: 201 }));
      },
    });
    const { kind, message } = await assertRejects(given.start, ConnectionError);
    assertEquals(kind, "refused");
    assertMatch(message, /call_id and call_token.*createRealtimeApp/);
    assertEquals([requests, given.track.readyState, given.peer.closes], [1, "ended", 1]);
  }
});

Deno.test("startCall() keeps the query of the app's address in every request", async () => {
  const urls: string[] = [];
  const given = setting();
  const call = await startCall("https://app.example.com/realtime?tenant=1", {
    microphone: null,
    createPeer: () => given.peer,
    output: null,
    clock: given.clock,
    fetch: (url, init) => {
      urls.push(url.replace("https://app.example.com/realtime", ""));
      if (init.method !== "POST") return new Promise(() => {});
      const created = { sdp: "v=0\r\n", call_id: "rtc_1", call_token: "token" };
      return Promise.resolve(url.includes("hangup") ? new Response(null, { status: 204 }) : Response.json(created));
    },
  });
  await call.hangUp();
  assertEquals(urls, ["/calls?tenant=1", "/calls/rtc_1/events?tenant=1", "/calls/rtc_1/hangup?tenant=1"]);
});

Deno.test("startCall() reconnects the event stream with its last event id during a call", async () => {
  const { clock, requests, start, streams } = setting();
  const call = await start();
  await settle(clock);
  show(streams[0], "7", { type: "output_audio_buffer.started", event_id: "e1", response_id: "resp_1" });
  await settle(clock);
  await streams[0]?.close();
  await settle(clock);
  await clock.advance(250);
  await settle(clock);
  assertEquals(requests.at(-1)?.headers.get("last-event-id"), "7");
  assertEquals(streams.length, 2);
  await call.hangUp();
});

Deno.test("startCall() is silent after a server-side cut until the next answer, and while no events arrive", async () => {
  const audioContext = new FakeContext();
  const gains: FakeNode[] = [];
  audioContext.createGain = () => {
    const node = new FakeNode();
    gains.push(node);
    return node;
  };
  const { clock, peer, start, streams } = setting({ audioContext, output: undefined });
  const call = await start();
  const remote = new FakeTrack("remote");
  peer.ontrack?.({ track: remote, streams: [streamOf(remote)] } as never);
  await settle(clock);
  const isHeard = async (stream: number, id: string, type: string) => {
    show(streams[stream], id, { type, event_id: `e${id}`, response_id: "resp_1" });
    await settle(clock);
    return gains[0]!.gain.value === 1;
  };
  assertEquals(await isHeard(0, "1", "output_audio_buffer.started"), true);
  assertEquals(await isHeard(0, "2", "output_audio_buffer.cleared"), false);
  assertEquals(await isHeard(0, "3", "output_audio_buffer.started"), true);
  assertEquals(await isHeard(0, "4", "output_audio_buffer.cleared"), false);
  await streams[0]?.close();
  await settle(clock);
  assertEquals(gains[0]!.gain.value, 1);
  await clock.advance(250);
  await settle(clock);
  assertEquals(await isHeard(1, "5", "output_audio_buffer.cleared"), false);
  await call.hangUp();
});

Deno.test("startCall() backs off while the event stream stays empty, and does not retry after an HTML page", async () => {
  const empty = setting();
  const call = await empty.start();
  for (let ms = 0; ms < 20_000; ms += 250) {
    await settle(empty.clock);
    await empty.streams.at(-1)?.close().catch(() => {});
    await settle(empty.clock);
    await empty.clock.advance(250);
  }
  assertEquals(empty.streams.length <= 10, true, `${empty.streams.length} requests in 20 s`);
  await call.hangUp();

  const html = setting();
  html.answerEvents(() => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }));
  const { error } = console;
  const errors: unknown[] = [];
  console.error = (...args) => errors.push(...args);
  const second = await html.start();
  await settle(html.clock);
  await html.clock.advance(10_000);
  await settle(html.clock);
  console.error = error;
  assertEquals(html.requests.filter(({ url }) => url.endsWith("/events")).length, 1);
  assertMatch(String(errors[0]), /has not streamed them: status 200/);
  await second.hangUp();
});

Deno.test("startCall() retries the event stream unless the app does not know the call", async () => {
  for (const [status, isFinal] of [[429, false], [408, false], [503, false], [404, true], [401, true]] as const) {
    const { clock, failures, start, streams } = setting();
    failures.push(status, status);
    const { error } = console;
    if (isFinal) console.error = () => {};
    const call = await start();
    await settle(clock);
    await clock.advance(1000);
    await settle(clock);
    console.error = error;
    assertEquals(streams.length, isFinal ? 0 : 1, `${status}`);
    await call.hangUp();
    assertEquals(clock.pending, 0);
  }
});

Deno.test("startCall() rejects an address that is none before it asks for the microphone", async () => {
  const devices = new FakeDevices();
  for (const url of ["", "/realtime", undefined as unknown as string]) {
    await assertRejects(() => startCall(url, { microphone: { mediaDevices: devices } }), TypeError, "must be a URL");
  }
  assertEquals(devices.asked, []);
});

Deno.test("startCall() hangs up on pagehide even if other listeners run in separate tasks", async () => {
  const { clock, requests, start } = setting();
  const listeners = new Set<() => void>();
  {
    using _globals = replaceGlobals({
      addEventListener: (_type: string, listener: () => void) => void listeners.add(listener),
      removeEventListener: (_type: string, listener: () => void) => void listeners.delete(listener),
    });
    const call = await start();
    for (const listener of listeners) {
      listener();
      await settle(clock);
    }
    assertEquals((await call.closed).code, 1001);
    assertEquals(listeners.size, 0);
  }
  assertEquals(requests.filter(({ url }) => url.endsWith("/hangup")).length, 1);
});

Deno.test("startCall() hangs up on pagehide, and releases its resources even if the app does not answer", async () => {
  const leaving = setting();
  const call = await leaving.start();
  globalThis.dispatchEvent(new Event("pagehide"));
  await call.closed;
  assertEquals(leaving.requests.filter(({ url }) => url.endsWith("/hangup")).length, 1);
  assertEquals(leaving.track.readyState, "ended");

  const failing = setting();
  failing.failHangUp();
  const second = await failing.start();
  assertEquals((await assertRejects(() => second.hangUp(), ConnectionError)).status, 503);
  assertEquals((await second.closed).code, 1000);
  assertEquals([failing.peer.closes, failing.track.readyState], [1, "ended"]);
});

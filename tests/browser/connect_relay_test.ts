import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createSimulator, createVirtualClock } from "@oai-rt/edge/simulator";
import { createRealtimeApp } from "@oai-rt/edge/hono";
import { upgradeWebSocket } from "hono/deno";
import { ConnectionError } from "../../src/errors.ts";
import { ResumingSocket } from "../../src/browser/_relay/resuming_socket.ts";
import { PageSettings } from "../../src/browser/_relay/page_settings.ts";
import { connectLiveRelay, connectRelay, type ConnectRelayOptions } from "../../src/browser/mod.ts";
import { createMemorySocketPair, type Socket, type SocketEnd } from "../../src/transport/mod.ts";

function serve() {
  const simulator = createSimulator({ pace: "fast" });
  const app = createRealtimeApp({
    apiKey: "sk-test",
    authorize: () => "you",
    session: { type: "realtime", model: "gpt-realtime-2.1", instructions: "Be brief." },
    clientMayOverride: ["audio.output.voice"],
    fetch: simulator.fetch,
    dial: simulator.dial,
    upgradeWebSocket,
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);
  return {
    simulator,
    url: `http://127.0.0.1:${server.addr.port}`,
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await server.shutdown();
    },
  };
}

Deno.test("connectRelay() holds a conversation through the edge app, with the permitted overrides", async () => {
  await using app = await serve();
  const voice = await connectRelay(app.url, {
    voice: "cedar",
    clientMayOverride: ["audio.output.voice"],
    playbackSource: "reported",
  });
  const { session } = voice;
  assertEquals(app.simulator.sessions.length, 1);
  const outcome = await session.ask("Hello.");
  assertEquals(outcome.status, "completed");
  await voice.close();
  const text = await connectRelay(`${app.url}/relay`, { audio: false });
  await text.sendMessage("Hello again.");
  assertEquals((await text.respond().done).status, "completed");
  await text.close();
});

Deno.test("connectRelay() rejects server-side settings before it dials, and later before it sends them", async () => {
  let opened = 0;
  class NoSocket {
    constructor() {
      opened++;
    }
  }
  const WebSocket = NoSocket as unknown as typeof globalThis.WebSocket;
  const refused = (options: object) =>
    assertRejects(() => connectRelay("http://app/", { WebSocket, ...options }), TypeError);
  assertMatch((await refused({ instructions: "Obey." })).message, /session\.instructions.*clientMayOverride.*nothing/);
  assertMatch(
    (await refused({ voice: "cedar", clientMayOverride: ["audio.input.turn_detection"] })).message,
    /session\.audio\.output\.voice.*audio\.input\.turn_detection/,
  );
  assertMatch((await refused({ turnDetection: null })).message, /audio\.input\.turn_detection/);
  assertEquals(opened, 0);

  await using app = await serve();
  const session = await connectRelay(app.url, { audio: false });
  const errors: string[] = [];
  session.on("error", ({ error }) => errors.push(error.message));
  await assertRejects(() => session.update({ instructions: "Obey." }), TypeError, "session.instructions");
  assertEquals(errors, []);
  await session.close();
});

Deno.test("connectRelay() rejects when the app refuses or is unreachable", async () => {
  await assertRejects(() => connectRelay("http://127.0.0.1:1/realtime"), Error, "relay did not accept the connection");
  await assertRejects(() => connectRelay("not an address"), TypeError, "must be a URL");
  const misspelt = { turnDetektion: null } as unknown as ConnectRelayOptions;
  await assertRejects(() => connectRelay("/realtime", misspelt), TypeError, "did you mean turnDetection");
});

/** A WebSocket whose handshake fails as on Node 22: with `error` alone. */
class RefusedSocket extends EventTarget {
  constructor() {
    super();
    queueMicrotask(() => this.dispatchEvent(new Event("error")));
  }
  close() {}
}

Deno.test("connectRelay() rejects immediately when a failed handshake sends no close", async () => {
  const WebSocket = RefusedSocket as unknown as typeof globalThis.WebSocket;
  for (const open of [connectRelay, connectLiveRelay]) {
    const opening = open("http://app/", { WebSocket, clock: createVirtualClock() });
    const { kind, close } = await assertRejects(() => opening, ConnectionError, "relay did not accept the connection");
    assertEquals([kind, close?.code], ["unreachable", 1006]);
  }
});

Deno.test("PageSettings accepts only listed settings and those that belong to the page", () => {
  const settings = new PageSettings(["audio.output.voice"]);
  settings.check({ type: "session.update", session: { type: "realtime", audio: { output: { voice: "cedar" } } } });
  settings.check({ type: "response.create", response: { conversation: "none", input: [], metadata: { a: "b" } } });
  settings.check({ type: "input_audio_buffer.append" });
  const refused = [
    { type: "session.update", session: { type: "realtime", audio: { output: { voice: "cedar", speed: 2 } } } },
    { type: "session.update", session: { type: "realtime", audio: null } },
    { type: "response.create", response: { tools: [] } },
  ];
  for (const event of refused) {
    let error: unknown;
    try {
      settings.check(event);
    } catch (caught) {
      error = caught;
    }
    assertEquals(error instanceof TypeError, true, JSON.stringify(event));
  }
});

/** A relay that the test plays: it gets every query, and the far ends of the sockets. */
function relay() {
  const clock = createVirtualClock();
  const queries: Readonly<Record<string, string>>[] = [];
  const servers: Socket[] = [];
  const received: string[] = [];
  const states: string[] = [];
  const dials: AbortSignal[] = [];
  let isDown: boolean | "silent" = false;
  const open = (query: Readonly<Record<string, string>>, signal: AbortSignal) => {
    queries.push(query);
    dials.push(signal);
    if (isDown === "silent") return new Promise<Socket>(() => {});
    if (isDown) return Promise.reject(new Error("down"));
    const [page, server] = createMemorySocketPair();
    server.listen({ message: (data) => received.push(String(data)), close: () => {} });
    servers.push(server);
    return Promise.resolve(page);
  };
  return {
    clock,
    queries,
    servers,
    received,
    states,
    dials,
    setDown: (value: boolean | "silent") => isDown = value,
    open: () =>
      ResumingSocket.open({
        open,
        clock,
        onConnection: ({ missed, state }) => states.push(missed ? `${state}, missed` : state),
      }, new AbortController().signal),
  };
}

const READY = JSON.stringify({
  type: "relay.ready",
  event_id: "e0",
  relay: { resume_token: "token", resume_ms: 10_000 },
});
const RESUMED = JSON.stringify({
  type: "relay.resumed",
  event_id: "e9",
  relay: { resume_token: "token", resume_ms: 10_000, missed: false },
});

Deno.test("A relay socket resumes with its token and last event id, sends queued events except old speech, and hides the greeting", async () => {
  const given = relay();
  const socket = await given.open();
  const seen: string[] = [];
  let closed: number | undefined;
  socket.listen({ message: (data) => seen.push(String(data)), close: ({ code }) => closed = code });
  given.servers[0]!.send(READY);
  given.servers[0]!.send('{"type":"a","event_id":"e1"}');
  given.servers[0]!.send('{"type":"relay.ping","event_id":"e2"}');
  await given.clock.advance(0);
  assertEquals(given.received.splice(0), ['{"type":"relay.pong"}']);
  given.setDown(true);
  given.servers[0]!.close(1012);
  await given.clock.advance(0);
  socket.send('{"type":"response.cancel"}');
  socket.send('{"type":"input_audio_buffer.append","audio":"AAAA"}');
  await given.clock.advance(400);
  given.setDown(false);
  await given.clock.advance(200);
  assertEquals(given.queries.at(-1), { heartbeat: "1", resume: "token", last_event_id: "e1" });
  given.servers[1]!.send(RESUMED);
  given.servers[1]!.send('{"type":"b","event_id":"e3","item":{"type":"relay.ping"}}');
  await given.clock.advance(0);
  assertEquals(given.received, ['{"type":"response.cancel"}']);
  assertEquals(seen.map((frame) => JSON.parse(frame).type), ["a", "b"]);
  assertEquals(given.states, ["interrupted", "connected"]);
  assertEquals(closed, undefined);
  socket.close(1000);
  await given.clock.advance(0);
  assertEquals(closed, 1000);
});

Deno.test("A page that is closed ends its relay, which does not wait for it, unless the browser keeps the page", async () => {
  for (const isBroken of [false, true]) {
    const given = relay();
    const socket = await given.open();
    const closed: SocketEnd[] = [];
    const ends: number[] = [];
    socket.listen({ message: () => {}, close: (info) => void closed.push(info) });
    given.servers[0]!.listen({ message: () => {}, close: ({ code }) => void ends.push(code) });
    given.servers[0]!.send(READY);
    await given.clock.advance(0);
    given.setDown(true);
    if (isBroken) given.servers[0]!.close(1012);
    await given.clock.advance(0);
    const attempts = given.queries.length;
    dispatchEvent(Object.assign(new Event("pagehide"), { persisted: true }));
    await given.clock.advance(0);
    assertEquals([closed, ends], [[], isBroken ? [1012] : []]);
    dispatchEvent(new Event("pagehide"));
    dispatchEvent(new Event("pagehide"));
    await given.clock.advance(20_000);
    assertEquals([closed.map(({ code }) => code), given.queries.length], [[1000], attempts]);
    if (!isBroken) assertEquals(ends, [1000]);
    assertEquals(given.clock.pending, 0);
  }
});

Deno.test("A frame that only looks like a greeting of the relay is the session's, and disturbs nothing", async () => {
  const given = relay();
  const socket = await given.open();
  const seen: string[] = [];
  socket.listen({ message: (data) => seen.push(String(data)), close: () => {} });
  const frames = ['{"type":"relay.ping"', '"type":"relay.ready"', '{"x":"type":"relay.resumed"}', '{"type":"a"}'];
  for (const frame of frames) given.servers[0]!.send(frame);
  await given.clock.advance(0);
  assertEquals([seen, given.received], [frames, []]);
  socket.close(1000);
  await given.clock.advance(0);
});

Deno.test("A relay socket closes if the app no longer waits, did not offer to, or ended the session itself", async () => {
  const late = relay();
  const socket = await late.open();
  let closed: number | undefined;
  socket.listen({ message() {}, close: ({ code }) => closed = code });
  late.servers[0]!.send(READY);
  await late.clock.advance(0);
  late.setDown(true);
  late.servers[0]!.close(1012);
  await late.clock.advance(9_000);
  assertEquals(closed, undefined);
  await late.clock.advance(2_000);
  assertEquals(closed, 1012);
  assertEquals(late.states, ["interrupted"]);
  assertEquals(late.clock.pending, 0);

  for (
    const [greeting, code, reason] of [
      [undefined, 1012],
      [READY, 1000],
      [READY, 1008],
      [READY, 1001, "The server is shutting down"], // a new process of the app does not know the session
    ] as const
  ) {
    const given = relay();
    const socket = await given.open();
    let closed: number | undefined;
    socket.listen({ message() {}, close: ({ code }) => closed = code });
    if (greeting) given.servers[0]!.send(greeting);
    given.servers[0]!.close(code, reason);
    await given.clock.advance(0);
    assertEquals([closed, given.queries.length], [code, 1]);
  }
});

/** A socket whose relay has promised to wait, and whose connection breaks. */
async function broken() {
  const given = relay();
  const socket = await given.open();
  let closed: number | undefined;
  socket.listen({ message() {}, close: ({ code }) => closed = code });
  given.servers[0]!.send(READY);
  await given.clock.advance(0);
  return { ...given, socket, closed: () => closed };
}

Deno.test("A relay socket retries with delays, and only while the app waits, if the relay drops every connection at once", async () => {
  const { clock, closed, queries, servers, states } = await broken();
  servers[0]!.close(1006);
  await clock.advance(0);
  for (let ms = 0; ms < 9_500; ms += 50) {
    servers.at(-1)!.close(1006);
    await clock.advance(50);
  }
  assertEquals([closed(), states], [undefined, ["interrupted"]]);
  await clock.advance(1_000);
  assertEquals([closed(), clock.pending], [1006, 0]);
  assertEquals(queries.length <= 22, true, `${queries.length} connections`);
});

Deno.test("A relay socket times out if the relay sends nothing or its host does not answer", async () => {
  for (const state of [false, "silent"] as const) {
    const { clock, closed, dials, servers, setDown } = await broken();
    setDown(state);
    servers[0]!.close(1006);
    await clock.advance(9_999);
    assertEquals([closed(), dials.length], [undefined, 2]);
    await clock.advance(1);
    assertEquals([closed(), dials[1]!.aborted, clock.pending], [1006, true, 0]);
  }
});

Deno.test("A relay socket that is closed while it reconnects stops at once, and each interruption has the full time", async () => {
  const closing = await broken();
  closing.setDown("silent");
  closing.servers[0]!.close(1006);
  await closing.clock.advance(100);
  closing.socket.close(1000);
  assertEquals([closing.closed(), closing.dials[1]!.aborted, closing.clock.pending], [1000, true, 0]);

  const { clock, closed, servers, states } = await broken();
  for (const index of [0, 1]) {
    servers[index]!.close(1006);
    await clock.advance(6_000);
    servers[index + 1]!.send(RESUMED);
    await clock.advance(0);
  }
  assertEquals([closed(), states], [undefined, ["interrupted", "connected", "interrupted", "connected"]]);
});

Deno.test("A relay socket resumes when its relay misses three heartbeats, and ends if the relay would not wait", async () => {
  const beating = (ready: string) => ready.replace('"relay":{', '"relay":{"heartbeat_ms":1000,');
  const given = relay();
  const socket = await given.open();
  const [seen, closed]: [string[], SocketEnd[]] = [[], []];
  socket.listen({ message: (data) => seen.push(String(data)), close: (info) => void closed.push(info) });
  given.servers[0]!.send(beating(READY));
  await given.clock.advance(0);
  for (let beat = 0; beat < 10; beat++) {
    await given.clock.advance(1_900);
    given.servers[0]!.send('{"type":"relay.ping"}');
    await given.clock.advance(0);
  }
  assertEquals([given.states, given.queries.length], [[], 1]);
  await given.clock.advance(3_000);
  assertEquals([given.states, given.queries.length], [["interrupted"], 2]);
  given.servers[1]!.send(beating(RESUMED));
  await given.clock.advance(0);
  // What the dead connection still brings must not disturb its successor.
  given.servers[0]!.send('{"type":"late"}');
  given.servers[0]!.close(1006);
  await given.clock.advance(0);
  assertEquals([given.states, seen, closed, given.queries.length], [["interrupted", "connected"], [], [], 2]);
  given.servers[1]!.send('{"type":"a"}');
  await given.clock.advance(1_999);
  assertEquals([given.states.length, seen], [2, ['{"type":"a"}']]);
  socket.close(1000);
  await given.clock.advance(0);
  assertEquals([closed.map(({ code }) => code), given.clock.pending], [[1000], 0]);

  const brief = relay();
  const once = await brief.open();
  let end: SocketEnd | undefined;
  once.listen({ message() {}, close: (info) => end = info });
  brief.servers[0]!.send('{"type":"relay.ready","relay":{"heartbeat_ms":1000}}');
  await brief.clock.advance(2_999);
  assertEquals(end, undefined);
  await brief.clock.advance(1);
  assertEquals([end, brief.clock.pending], [{ code: 1006, reason: "The relay is silent" }, 0]);
});

const CREATED = { type: "session.created", session: { type: "realtime", id: "sess_1", object: "realtime.session" } };

/** A WebSocket to an app that accepts, says hello, and counts the sockets that are open. */
function acceptingSocket(frame: object, onOpen: () => void) {
  const counts = { open: 0 };
  class AcceptingSocket extends EventTarget {
    readyState = 0;
    binaryType = "blob";
    bufferedAmount = 0;
    constructor() {
      super();
      counts.open++;
      queueMicrotask(() => {
        this.readyState = 1;
        this.dispatchEvent(new Event("open"));
        this.#receive(frame);
        onOpen();
      });
    }
    send(text: string) {
      const { event_id, type } = JSON.parse(text);
      const answer = { type: "session.updated", event_id, session: CREATED.session };
      if (type === "session.update") queueMicrotask(() => this.#receive(answer));
    }
    #receive(frame: object) {
      this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
    }
    close(code = 1000) {
      if (this.readyState === 3) return;
      this.readyState = 3;
      counts.open--;
      queueMicrotask(() => this.dispatchEvent(new CloseEvent("close", { code, wasClean: true })));
    }
  }
  return { counts, WebSocket: AcceptingSocket as unknown as typeof globalThis.WebSocket };
}

Deno.test("connectRelay() and connectLiveRelay() leave no socket behind when they are aborted just before they resolve", async () => {
  const started = { type: "session.started", session: { id: "live_1" } };
  for (const [open, frame] of [[connectRelay, CREATED], [connectLiveRelay, started]] as const) {
    const outcomes = new Set<string>();
    for (let turns = 0; turns < 60; turns++) {
      const controller = new AbortController();
      const { counts, WebSocket } = acceptingSocket(frame, async () => {
        for (let turn = 0; turn < turns; turn++) await undefined;
        controller.abort(new Error("Enough"));
      });
      const clock = createVirtualClock();
      const opening = open("http://app/", { WebSocket, clock, signal: controller.signal, timeoutMs: 5000 });
      const result = opening.then((opened) => opened, (error: Error) => error.message);
      await clock.advance(6000);
      const opened = await result;
      outcomes.add(typeof opened === "string" ? opened : "opened");
      const closing = typeof opened === "string" ? undefined : opened.close();
      await clock.advance(20_000);
      await closing;
      assertEquals([counts.open, clock.pending], [0, 0], `${open.name}, ${turns} turns`);
    }
    assertEquals(outcomes, new Set(["Enough", "opened"]), open.name);
  }
});

import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { GENERIC_MESSAGE } from "../../../src/hono/_view/page_view.ts";
import type { RelayHandle } from "../../../src/hono/mod.ts";
import { ConnectionError, type LiveSession, RealtimeApiError } from "../../../src/live/mod.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { tone } from "../../simulator/_sound.ts";
import { CANARY, createRealtimeApp } from "../_canary.ts";
import { POLICY } from "../_edge.ts";
import { createLiveEdge, listenTo, LIVE_POLICY } from "./_live_edge.ts";

const START = { type: "session.start", event_id: "start", session: { model: "gpt-live-1" } };

Deno.test("GET /live/relay opens a session with the policy for a page, which sees neither the key nor the policy", async () => {
  const client = { data_channel: { allowed_client_events: [] } };
  await using rig = createLiveEdge({ live: { session: { ...LIVE_POLICY, model: "gpt-live-1.1", client } } });
  const session = await rig.connect();
  const [server] = rig.simulator.liveSessions;
  assertEquals(server?.session?.instructions, LIVE_POLICY.instructions);
  assertEquals(server?.session?.model, "gpt-live-1.1", "the model is the server's, whatever the page names");
  assertEquals(server?.session?.client, undefined, "there is no data channel here");
  assertEquals(rig.dialled[0]?.headers.get("authorization"), `Bearer ${CANARY}`);
  assertEquals(rig.dialled[0]?.headers.get("openai-safety-identifier"), null);
  const [start] = rig.received;
  const identifier = (start?.session as { safety_identifier?: string }).safety_identifier;
  assert(identifier && !identifier.includes("alice"), "the caller is known by a pseudonym");
  assertEquals(session.id, server?.id);
  assertEquals(session.config?.instructions, undefined);
  assertEquals((session.config as { safety_identifier?: string }).safety_identifier, undefined);
});

Deno.test("a page speaks, is answered and hangs up over GET /live/relay, and events report its usage", async () => {
  await using rig = createLiveEdge({
    simulator: { live: { scenario: { turns: [{ user: "Hello.", says: "Good morning!" }] } } },
    limits: { prices: { "gpt-live-1": { minute: 0.06 } } },
  });
  const session = await rig.connect();
  const turns: string[] = [];
  session.on("turn_done", ({ turn }) => turns.push(`${turn.role}: ${turn.text.trim()}`));
  void session.pipe({ from: [tone(1_000)], to: () => {} });
  await rig.clock.advance(12_000);
  assertEquals(turns, ["user: Hello.", "assistant: Good morning!"]);
  await session.mute({ server: true });
  assertEquals(rig.simulator.liveSessions[0]?.isMuted, true);
  const { confirmed, reason, seconds } = await rig.settle(session.close());
  assertEquals([confirmed, reason], [true, "close_requested"]);
  await rig.clock.advance(100);
  const [started] = rig.eventsOf("relay_started");
  const [ended] = rig.eventsOf("relay_ended");
  assertEquals([started?.product, ended?.product, ended?.reason], ["live", "live", "api"]);
  assertEquals(ended?.usage?.seconds, seconds);
  assert(Math.abs(ended!.usage!.cost! - seconds * 0.001) < 1e-9);
  assertEquals([rig.simulator.liveSessions.length, rig.clock.pending], [0, 0]);
});

Deno.test("a page that disconnects ends its session, and the final event reports the usage", async () => {
  await using rig = createLiveEdge();
  const socket = await rig.openSocket();
  const page = listenTo(socket);
  socket.send(JSON.stringify(START));
  await rig.clock.advance(7_400);
  assertEquals(page.got.map(({ type }) => type), ["session.started"]);
  socket.close(1001, "gone");
  await rig.clock.advance(50);
  assertEquals(rig.received.at(-1)?.type, "session.close");
  const [ended] = rig.eventsOf("relay_ended");
  assertEquals([ended?.reason, ended?.usage?.seconds], ["page", 7.4]);
  assertEquals(rig.simulator.liveSessions, []);
});

Deno.test("what the API sends before its final event does not end the wait for it", async () => {
  await using rig = createLiveEdge();
  const socket = await rig.openSocket();
  listenTo(socket);
  socket.send(JSON.stringify(START));
  await rig.clock.advance(7_400);
  const [session] = rig.simulator.liveSessions;
  session!.fault({ type: "slow", msPerFrame: 500 });
  session!.send(`{"type":"session.usage.updated","event_id":"e","usage":{"seconds":5}}`);
  socket.close(1001, "gone");
  await rig.clock.advance(1_050);
  assertEquals(rig.eventsOf("relay_ended")[0]?.usage?.seconds, 7.4);
});

Deno.test("a relay waits at most 10 s for the API's final event, and close() waits for it", async () => {
  const rig = createLiveEdge();
  await rig.connect();
  rig.simulator.liveSessions[0]!.fault({ type: "silence" });
  let isClosed = false;
  const closing = rig.app.close().then(() => isClosed = true);
  await rig.clock.advance(9_900);
  assertEquals([isClosed, rig.eventsOf("relay_ended").length], [false, 0]);
  await rig.settle(closing);
  assertEquals(rig.eventsOf("relay_ended")[0]?.reason, "shutdown");
  await rig.settle(rig.simulator.close());
});

Deno.test("a page may set the fields of clientMayOverride in session.start, and no others", async () => {
  await using rig = createLiveEdge({
    live: {
      session: { ...LIVE_POLICY, audio: { output: { voice: "marin" } } },
      clientMayOverride: ["audio.output.voice", "triggers"],
    },
  });
  const session = await rig.connect({ voice: "cedar" });
  assertEquals(session.config?.audio?.output?.voice, "cedar");
  assertEquals((await rig.settle(session.update({ triggers: [] }))).id, session.id);
  await assertRejects(
    () => rig.settle(session.update({ delegation: { type: "client", acknowledgement_delay_ms: 5 } })),
    Error,
    "session.delegation is reserved for the server",
  );
  const refused: [Parameters<typeof rig.connect>[0], string][] = [
    [{ instructions: "Obey the page." }, "session.instructions is reserved for the server"],
    [{ backend: "gpt-5.2" }, "session.delegation is reserved for the server"],
    [{ store: true }, "session.store is reserved for the server"],
    [{ session: { client: { data_channel: {} } } }, "session.client is reserved for the server"],
    [{ session: { safety_identifier: "me" } }, "session.safety_identifier is reserved for the server"],
    [{ format: { type: "audio/pcmu", rate: 8_000 } }, "session.audio.format is reserved for the server"],
  ];
  for (const [options, message] of refused) await assertRejects(() => rig.connect(options), ConnectionError, message);
  const socket = await rig.openSocket();
  const page = listenTo(socket);
  socket.send(JSON.stringify({ ...START, session: { model: "x", audio: { output: { voice: 5 } } } }));
  await rig.clock.advance(0);
  assertEquals(page.got[0]?.client_event_id, "start");
  assertEquals((page.got[0]?.error as { param?: string }).param, "session.audio.output.voice");
  // It may try again.
  socket.send(JSON.stringify({ type: "session.start" }));
  await rig.clock.advance(0);
  assertEquals(page.got[1]?.type, "session.started");
});

Deno.test("the start of a page keeps its name, and a permitted model", async () => {
  await using rig = createLiveEdge({ live: { clientMayOverride: ["model"] } });
  const socket = await rig.openSocket();
  const page = listenTo(socket);
  socket.send(JSON.stringify({ ...START, event_id: 5 }));
  await rig.clock.advance(0);
  assertEquals([(page.got[0]?.error as { param?: string }).param, rig.received], ["event_id", []]);
  socket.send(JSON.stringify({ ...START, session: { model: "gpt-live-1.1" } }));
  await rig.clock.advance(0);
  const { client_event_id, session } = page.got[1] as { client_event_id: string; session: { model: string } };
  assertEquals([client_event_id, session.model], ["start", "gpt-live-1.1"]);
});

Deno.test("a page learns that the API informs it, not of what", async () => {
  await using rig = createLiveEdge();
  await rig.connect();
  rig.simulator.liveSessions[0]!.send(`{"type":"info","event_id":"e","code":"x","message":"${POLICY.instructions}"}`);
  await rig.clock.advance(0);
  assertEquals(rig.shown.at(-1), { type: "info", event_id: "e", code: "x", message: GENERIC_MESSAGE });
});

Deno.test("only session.start passes before the session has started, and only once", async () => {
  await using rig = createLiveEdge();
  const socket = await rig.openSocket();
  const page = listenTo(socket);
  socket.send(JSON.stringify({ type: "session.input_audio.append", audio: "AAAA", event_id: "early" }));
  socket.send(JSON.stringify({ type: "session.close", event_id: "early" }));
  await rig.clock.advance(0);
  assertEquals(rig.received, []);
  assertEquals(page.got.map(({ client_event_id, type }) => [type, client_event_id]), [["error", "early"], [
    "error",
    "early",
  ]]);
  socket.send(JSON.stringify(START));
  socket.send(JSON.stringify(START));
  await rig.clock.advance(0);
  assertEquals(rig.received.map(({ type }) => type), ["session.start"]);
  assertEquals(page.got.slice(2).map(({ type }) => type).sort(), ["error", "session.started"]);
});

Deno.test("a page that never starts a session is disconnected without cost", async () => {
  await using rig = createLiveEdge({ timeoutMs: 5_000 });
  const page = listenTo(await rig.openSocket());
  await rig.clock.advance(5_100);
  assertEquals(page.ended?.code, 1011);
  assertEquals([rig.received, rig.events.filter(({ type }) => type.startsWith("relay_"))], [[], []]);
});

Deno.test("the page does not learn why the API rejected its session", async () => {
  await using rig = createLiveEdge({
    simulator: { live: { acceptsModel: () => false } },
  });
  const socket = await rig.openSocket();
  const page = listenTo(socket);
  socket.send(JSON.stringify(START));
  await rig.clock.advance(3_000);
  assertEquals(page.ended, { code: 1011, reason: "The voice service is not available" });
  assertEquals((page.got[0]?.error as { code?: string }).code, "upstream_unavailable");
  assertEquals(rig.errors.length, 1);
  assertEquals(rig.simulator.liveSessions, []);
});

Deno.test("malformed frames are rejected, and not forwarded", async () => {
  await using rig = createLiveEdge();
  const socket = await rig.openSocket();
  const page = listenTo(socket);
  socket.send(JSON.stringify(START));
  await rig.clock.advance(0);
  const before = rig.received.length;
  const frames = [
    "",
    "{",
    "[]",
    "null",
    `"text"`,
    "{}",
    `{"type":5}`,
    `{"type":"session.input_audio.append"}`,
    `{"type":"session.input_audio.append","audio":"not base64!"}`,
    `{"type":"session.input_audio.append","audio":"AAAA","more":1}`,
    `{"type":"session.input_audio.mute","event_id":5}`,
    `{"type":"session.instructions.append","content":"Obey.","delegation_id":null}`,
    `{"type":"session.commentary.append","content":"Obey.","delegation_id":null}`,
    `{"type":"session.thinking.append","content":"Obey.","delegation_id":"item_made_up"}`,
    `{"type":"session.output_audio.fixture.play","audio":"AAAA"}`,
    `{"type":"response.create"}`,
    `{"type":"response.item.create","item":{"type":"message","role":"user","content":"Hi."}}`,
    `{"type":"decision.create","event_id":"x"}`,
    `{"type":"conversation.item.create","item":{}}`,
    `{"type":"__proto__"}`,
  ];
  for (const frame of frames) socket.send(frame);
  await rig.clock.advance(0);
  assertEquals(rig.received.slice(before), []);
  assertEquals(page.got.slice(1).map(({ type }) => type), frames.map(() => "error"));
  socket.send(`{"type":"session.input_audio.mute","type":"session.input_audio.unmute","event_id":"two"}`);
  await rig.clock.advance(0);
  assertEquals(rig.received.slice(before), [{ type: "session.input_audio.unmute", event_id: "two" }]);
  assertEquals(page.ended, undefined);
});

Deno.test("only the page answers the calls that are delegated to it", async () => {
  await using rig = createLiveEdge({
    simulator: { live: { scenario: { turns: [{ user: "Where is my order?", delegates: {} }] } } },
  });
  const session = await rig.connect();
  const tasks = session.delegations();
  void session.pipe({ from: [tone(1_000)] });
  const task = await rig.settle(tasks.next());
  assert(!task.done);
  await rig.settle(task.value.tell("It left at noon."));
  await rig.settle(task.value.answer("It is on its way."));
  await assertRejects(() => rig.settle(session.say("I am the page.")), Error, "delegation_id");
});

Deno.test("tools of the server run for the page, which sees neither them nor their calls", async () => {
  const called: unknown[] = [];
  const asked: string[] = [];
  const tool = defineTool({
    name: "get_order",
    needsApproval: true,
    parameters: { type: "object", properties: { number: { type: "integer" } } },
    run: (args) => {
      called.push(args);
      return "It left at noon.";
    },
  });
  await using rig = createLiveEdge({
    live: {
      session: {
        ...LIVE_POLICY,
        delegation: { type: "responses", responses: { model: "gpt-5.2", instructions: POLICY.instructions } },
      },
      tools: [tool],
    },
    onToolApproval: ({ name }, { c, relay }) => {
      asked.push(`${name} for ${c.get("caller")} on ${relay.id.split("_")[0]}`);
      return true;
    },
    simulator: {
      live: {
        scenario: {
          turns: [{ user: "Hi.", delegates: { calls: [[{ name: "get_order", arguments: `{"number":7}` }]] } }],
        },
      },
    },
  });
  const session = await rig.connect();
  void session.pipe({ from: [tone(1_000)] });
  await rig.clock.advance(12_000);
  assertEquals(asked, ["get_order for alice on relay"]);
  assertEquals(called, [{ number: 7 }]);
  const sent = rig.received.filter(({ type }) => String(type).startsWith("response."));
  assertEquals(sent.map(({ type }) => type), ["response.item.create", "response.create"]);
  const text = JSON.stringify(rig.shown);
  assert(!text.includes("get_order") && text.includes("response.completed"));
});

Deno.test("calls of functions in the policy without a tool are left to the page", async () => {
  await using rig = createLiveEdge({
    live: {
      session: {
        ...LIVE_POLICY,
        delegation: {
          type: "responses",
          responses: { model: "gpt-5.2", tools: [{ type: "function", name: "show_map" }] },
        },
      },
    },
    simulator: {
      live: {
        scenario: {
          turns: [{ user: "Hi.", delegates: { calls: [[{ name: "show_map", arguments: "{}" }]], result: "There." } }],
        },
      },
    },
  });
  const socket = await rig.openSocket();
  const page = listenTo(socket);
  socket.send(JSON.stringify(START));
  await rig.clock.advance(0);
  const audio = btoa("\0".repeat(4_800));
  const [server] = rig.simulator.liveSessions;
  for (const loud of [...Array(10).fill(true), ...Array(20).fill(false)]) {
    const chunk = loud ? btoa(String.fromCharCode(...new Uint8Array(tone(100).buffer))) : audio;
    socket.send(JSON.stringify({ type: "session.input_audio.append", audio: chunk }));
    await rig.clock.advance(100);
  }
  assertNotEquals(server, undefined);
  const nested = page.got.filter(({ type }) => type === "response.event").map(({ event }) =>
    event as {
      type: string;
      item?: { call_id: string };
    }
  );
  const call = nested.find(({ type }) => type === "response.output_item.done");
  assert(call?.item?.call_id);
  assertEquals(nested.some(({ type }) => type === "response.output_item.added"), false);
  const answer = (callId: string) =>
    socket.send(JSON.stringify({
      type: "response.item.create",
      item: { type: "function_call_output", call_id: callId, output: "Shown." },
    }));
  const before = rig.received.length;
  answer("call_made_up");
  answer(call.item.call_id);
  socket.send(JSON.stringify({ type: "response.create" }));
  await rig.clock.advance(0);
  assertEquals(rig.received.slice(before).map(({ type }) => type), ["response.item.create", "response.create"]);
});

Deno.test("the session of a page leaves functions of the policy to a listener of the page", async () => {
  const responses = { model: "gpt-5.2", tools: [{ type: "function", name: "show_map" } as const] };
  const calls = [[{ name: "show_map", arguments: "{}" }]];
  await using rig = createLiveEdge({
    live: { session: { ...LIVE_POLICY, delegation: { type: "responses", responses } } },
    simulator: { live: { scenario: { turns: [{ user: "Hi.", delegates: { calls, result: "There." } }] } } },
  });
  const session = await rig.connect();
  session.on("tool_call_unhandled", ({ call: { callId: call_id } }) => {
    session.send({ type: "response.item.create", item: { type: "function_call_output", call_id, output: "Shown." } });
    session.send({ type: "response.create" });
  });
  void session.pipe({ from: [tone(1_000)] });
  await rig.clock.advance(5_000);
  const outputs = rig.received.flatMap(({ item }) => item === undefined ? [] : [(item as { output: string }).output]);
  assertEquals(outputs, ["Shown."]);
  await rig.settle(session.close());
});

Deno.test("onRelay receives the session, and can answer delegations and send commentary", async () => {
  let told: LiveSession | undefined;
  await using rig = createLiveEdge({
    live: { onRelay: (session) => void (told = session) },
    simulator: { live: { scenario: { turns: [{ user: "Where is it?", delegates: {} }] } } },
  });
  const session = await rig.connect();
  assertEquals(told?.id, session.id);
  void session.pipe({ from: [tone(1_000)] });
  const task = await rig.settle(told!.delegations().next());
  assert(!task.done);
  await rig.settle(task.value.answer("On its way."));
  await rig.settle(told!.say("Good morning!"));
  await assertRejects(() => rig.settle(told!.say("Hm.", { delegationId: "item_made_up" })), RealtimeApiError);
  const errors = rig.shown.filter(({ type }) => type === "error");
  assertEquals(errors, [], "what the server does wrong is not shown to the page");
  await rig.settle(session.close());
  await rig.settle(told!.closed);
});

Deno.test("onRelay's session ends as the connection to the API does", async () => {
  for (const [code, clean] of [[1011, false], [1000, true]] as const) {
    const ends: unknown[] = [];
    await using rig = createLiveEdge({
      live: { onRelay: (session) => void session.on("closed", (event) => ends.push(event.clean)) },
    });
    await rig.connect();
    await rig.clock.advance(0);
    rig.simulator.liveSessions[0]!.fault({ type: "drop", code });
    await rig.clock.advance(0);
    assertEquals(ends, [clean]);
  }
});

Deno.test("the server gets errors about its own events only, and the page those about its own", async () => {
  let told: LiveSession | undefined;
  await using rig = createLiveEdge({ live: { onRelay: (session) => void (told = session) } });
  const socket = await rig.openSocket();
  const page = listenTo(socket);
  socket.send(JSON.stringify(START));
  await rig.clock.advance(0);
  const errors = () => page.got.flatMap(({ error }) => error === undefined ? [] : [(error as { code: string }).code]);
  // Half a sample.
  const broken = { type: "session.input_audio.append", audio: btoa("abc") };
  for (const name of [{ event_id: "p" }, {}]) socket.send(JSON.stringify({ ...broken, ...name }));
  await rig.clock.advance(0);
  assertEquals([errors(), rig.errors], [["invalid_value", "invalid_value"], []]);
  // The server does not have to name its events.
  told!.send({ type: "transport.dtmf.send", event: "1" });
  await rig.clock.advance(0);
  assertEquals([errors().length, rig.errors.length], [2, 1]);
  // Some servers name the event in the error only.
  const answer = assertRejects(() => told!.say("Good morning!"), RealtimeApiError, "No.");
  await rig.clock.advance(0);
  const client_event_id = String(rig.received.at(-1)?.event_id);
  const error = { type: "invalid_request_error", code: "forbidden", message: "No.", client_event_id };
  rig.simulator.liveSessions[0]!.send(JSON.stringify({ type: "error", event_id: "e", error }));
  await rig.settle(answer);
  assertEquals(errors().length, 2);
  // The page reads what is wrong with its own.
  const own = { ...error, client_event_id: "p" };
  rig.simulator.liveSessions[0]!.send(JSON.stringify({ type: "error", event_id: "e", error: own }));
  await rig.clock.advance(0);
  assertEquals([page.got.at(-1)?.error, rig.errors.length], [own, 1]);
  socket.close(1000);
});

Deno.test("an error of onRelay goes to onError, and the session continues", async () => {
  await using rig = createLiveEdge({ live: { onRelay: () => Promise.reject(new Error("broken")) } });
  const session = await rig.connect();
  assertEquals(rig.errors.map((error) => (error as Error).message), ["broken"]);
  assertEquals(session.config?.model, "gpt-live-1");
});

Deno.test("the host injects events into a relay of the Live API, and ends it", async () => {
  let relay: RelayHandle | undefined;
  await using rig = createLiveEdge({
    onEvent: (event) => void (event.type === "relay_started" && (relay = event.relay)),
  });
  const session = await rig.connect();
  relay!.inject({ type: "session.thinking.append", content: "The page is in the cart.", delegation_id: null });
  await rig.clock.advance(500);
  assertEquals(rig.received.some(({ type }) => type === "session.thinking.append"), true);
  assertThrows(
    () => relay!.inject({ type: "session.commentary.append", content: " ", delegation_id: null }),
    TypeError,
  );
  assertThrows(() => relay!.inject({ type: "response.cancel" } as never), TypeError);
  relay!.close("Enough");
  await rig.settle(session.closed);
  await rig.clock.advance(100);
  assertEquals(rig.simulator.liveSessions, []);
});

Deno.test("relays of the Live API have the same limits: number, duration, idle time, frames and cost", async () => {
  await using rig = createLiveEdge({
    limits: {
      perCaller: { concurrentRelays: 1, costPerDay: 0.045 },
      prices: { "gpt-live-1": { minute: 0.06 } },
      maxDurationMs: 120_000,
      idleMs: 5_000,
    },
    relayLimits: { framesPerSecond: 20 },
  });
  const socket = await rig.openSocket();
  const first = listenTo(socket);
  socket.send(JSON.stringify(START));
  await rig.clock.advance(0);
  await assertRejects(() => rig.openSocket(), Error, "concurrency_limit_exceeded");
  await rig.clock.advance(5_100);
  assertEquals(first.ended, { code: 1000, reason: "The session was idle" });

  const flooding = await rig.openSocket();
  const second = listenTo(flooding);
  for (let count = 0; count < 60; count++) flooding.send(JSON.stringify(START));
  await rig.clock.advance(0);
  assertEquals(second.ended, { code: 1008, reason: "Too much data at a time" });

  // At 0.001 dollars a second some 40 s are left; the API reports the total every 15 s.
  const session = await rig.connect();
  const { reason } = await rig.settle(session.closed, 60_000);
  assertEquals(reason, "connection_lost");
  await rig.clock.advance(100);
  assertEquals(Math.round(rig.eventsOf("relay_ended").at(-1)!.durationMs / 1_000), 45);
  assertEquals(rig.eventsOf("relay_ended").map(({ reason }) => reason), ["idle", "flood", "quota"]);
  await assertRejects(() => rig.openSocket(), Error, "quota_exceeded");
});

Deno.test("a relay of the Live API ends after maxDurationMs", async () => {
  await using rig = createLiveEdge({ limits: { maxDurationMs: 30_000 } });
  const session = await rig.connect();
  await rig.clock.advance(29_000);
  assertEquals(rig.simulator.liveSessions.length, 1);
  await rig.settle(session.closed, 2_000);
  await rig.clock.advance(100);
  assertEquals(rig.eventsOf("relay_ended")[0]?.reason, "max_duration");
  assertEquals(rig.simulator.liveSessions, []);
});

Deno.test("a model without a price ends its session if the cost is limited", async () => {
  await using rig = createLiveEdge({ limits: { total: { costPerDay: 1 }, prices: {} } });
  const session = await rig.connect();
  await rig.settle(session.closed, 20_000);
  await rig.clock.advance(100);
  const [ended] = rig.eventsOf("relay_ended");
  assertEquals([ended?.reason, Number.isNaN(ended?.usage?.cost)], ["quota", true]);
});

Deno.test("a page resumes its relay, and hears no audio twice", async () => {
  await using rig = createLiveEdge({ relay: { resumeMs: 10_000 } });
  const socket = await rig.openSocket();
  const first = listenTo(socket);
  socket.send(JSON.stringify(START));
  await rig.clock.advance(0);
  const speak = async (target: typeof socket) => {
    target.send(JSON.stringify({ type: "session.input_audio.append", audio: btoa("\0".repeat(4_800)) }));
    await rig.clock.advance(100);
  };
  for (let count = 0; count < 5; count++) await speak(socket);
  const token = (first.got.find(({ type }) => type === "relay.ready")?.relay as { resume_token: string }).resume_token;
  const seen = first.got.at(-1)!;
  assertEquals(seen.type, "session.output_audio.delta");
  socket.close(4000);
  await rig.clock.advance(1_000);
  const back = await rig.openSocket(`?resume=${token}&last_event_id=${seen.event_id}`);
  const second = listenTo(back);
  await speak(back);
  assertEquals(second.got.map(({ type }) => type), ["relay.resumed", "session.output_audio.delta"]);
  assertEquals((second.got[0]?.relay as { missed: boolean }).missed, false);
});

Deno.test("a key that the Live API repeats is redacted in every frame, event and close reason", async () => {
  await using rig = createLiveEdge({ calls: { watch: true } });
  const socket = await rig.openSocket();
  const page = listenTo(socket);
  socket.send(JSON.stringify(START));
  await rig.clock.advance(0);
  const [server] = rig.simulator.liveSessions;
  const told = [CANARY, btoa(CANARY), CANARY.replaceAll("-", "%2D")];
  for (const delta of told) {
    const event = { type: "session.output_transcript.delta", event_id: "event_1", delta, start_ms: 0, end_ms: 200 };
    server!.send(JSON.stringify(event));
  }
  server!.send(
    JSON.stringify({ type: "error", event_id: "event_2", error: { type: "server_error", message: CANARY } }),
  );
  server!.send(JSON.stringify({ type: "session.rested", event_id: "event_3", instructions: POLICY.instructions }));
  server!.close(4000, `bye ${CANARY}`);
  await rig.clock.advance(0);
  const deltas = page.got.filter(({ type }) => type === "session.output_transcript.delta");
  assertEquals(deltas.map(({ delta }) => delta), ["[API key]", "[API key]", "[API key]"]);
  const [error] = page.got.filter(({ type }) => type === "error");
  assertEquals((error?.error as { message: string }).message, "The voice service had a problem");
  assertEquals(page.got.some(({ type }) => type === "session.rested"), false);
  assertEquals(page.ended, { code: 4000, reason: "bye [API key]" });
});

Deno.test("a page that wakes up after a minute of sleep does not flood its relay with silence", async () => {
  await using rig = createLiveEdge();
  let sleptMs = 0;
  const clock = { now: () => rig.clock.now() + sleptMs, schedule: rig.clock.schedule };
  const session = await rig.connect({ clock });
  await rig.clock.advance(1_000);
  sleptMs = 60_000;
  await rig.clock.advance(1_000);
  assert(session.inputClock.filledMs > 60_000, `${session.inputClock.filledMs}`);
  assertEquals(rig.simulator.liveSessions[0]?.inputMs, session.inputClock.sentMs);
  assertEquals(rig.eventsOf("relay_ended"), []);
});

Deno.test("live.relayFilter wraps the rules of each relay", async () => {
  await using rig = createLiveEdge({
    live: {
      relayFilter: (rules) => ({
        fromClient: (event, issues) =>
          event.type === "session.commentary.append" ? event : rules.fromClient(event, issues),
        fromServer: (event) => event.type === "session.usage.updated" ? undefined : rules.fromServer(event),
      }),
    },
  });
  const session = await rig.connect();
  await rig.settle(session.say("I am the page."));
  await rig.clock.advance(16_000);
  assertEquals(rig.shown.some(({ type }) => type === "session.usage.updated"), false);
});

Deno.test("the Live API options are validated", () => {
  const make = (live: unknown) => () =>
    createRealtimeApp({ apiKey: CANARY, authorize: () => true, session: POLICY, live: live as never });
  const cases: [unknown, string][] = [
    ["gpt-live-1", "live must be an object"],
    [{}, "session must be the settings of a session"],
    [{ session: LIVE_POLICY, sessions: 1 }, "there is no option sessions"],
    [{ session: { ...LIVE_POLICY, temperature: 1 } }, "live.session.temperature"],
    [{ session: {} }, "live.session.model"],
    [
      { session: LIVE_POLICY, clientMayOverride: ["delegation"] },
      "clientMayOverride must be a list of any of audio.format",
    ],
    [{ session: LIVE_POLICY, tools: [{}] }, "tools must be a list of tools"],
    ...["onCall", "onRelay", "onIncomingCall", "relayFilter"].map((name): [unknown, string] => {
      return [{ session: LIVE_POLICY, [name]: true }, `${name} must be a function`];
    }),
  ];
  for (const [live, message] of cases) assertThrows(make(live), TypeError, message);
  make({ session: () => LIVE_POLICY })();
  const newer = { ...LIVE_POLICY, temperature: 1 } as typeof LIVE_POLICY;
  createRealtimeApp({ authorize: () => true, session: POLICY, check: false, live: { session: newer } });
});

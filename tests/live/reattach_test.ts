import { assert, assertEquals, assertRejects } from "@std/assert";
import * as v from "valibot";
import { ConnectionError } from "../../src/errors.ts";
import { attachLive, type LiveEvent, LiveRest, type LiveSession } from "../../src/live/mod.ts";
import type { SimulatedLiveSession } from "../../src/simulator/mod.ts";
import { defineTool } from "../../src/tools/mod.ts";
import type { Dial, Socket } from "../../src/transport/mod.ts";
import { silence, tone } from "../simulator/_sound.ts";
import { connectRig, eventsOf, joinRig, type LiveRig, settled, speak } from "./_live.ts";

const OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n" +
  "a=rtpmap:111 opus/48000/2\r\na=sendrecv\r\n";

/** An observer of a session, whose connection can be cut, and its events. */
interface Observed {
  readonly rig: LiveRig;
  readonly server: SimulatedLiveSession;
  readonly observer: LiveSession;
  readonly told: LiveEvent[];
  /** Its sockets so far. */
  readonly sockets: Socket[];
  /** Whether its attempts to attach fail, and which events, of either side, are lost with the connection. */
  readonly line: { isDown: boolean; cutAt?: Pick<RegExp, "test"> };
  /** Cuts its connection without a close frame. */
  drop(code?: number): void;
}

async function observe(
  options: Partial<Parameters<typeof attachLive>[1]> = {},
  rigOptions: Parameters<typeof connectRig>[0] = {},
  live: Parameters<typeof connectRig>[1] = {},
  toServer: (rig: LiveRig) => Promise<SimulatedLiveSession> = ({ server }) => Promise.resolve(server),
): Promise<Observed> {
  const rig = await connectRig(rigOptions, live);
  const server = await toServer(rig);
  const sockets: Socket[] = [];
  const line: Observed["line"] = { isDown: false };
  let cut = (_code: number) => {};
  const dial: Dial = async (request) => {
    if (line.isDown) throw new TypeError("no network");
    const socket = await rig.simulator.dial(request);
    sockets.push(socket);
    return {
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      send: (data) => isLost(data) || socket.send(data),
      close: (code, reason) => socket.close(code, reason),
      listen({ close, message }) {
        let isCut = false;
        cut = (code) => {
          isCut = true;
          close({ code, reason: "" });
          socket.close(1000);
        };
        socket.listen({
          message: (data) => isCut || isLost(data) || message(data),
          close: (end) => isCut || close(end),
        });
      },
    };
  };
  const isLost = (data: string | Uint8Array) => {
    const isIt = line.cutAt?.test(String(data)) ?? false;
    if (!isIt) return false;
    delete line.cutAt;
    cut(1006);
    return true;
  };
  const observer = await joinRig({ ...rig, server }, { dial, ...options });
  const told: LiveEvent[] = [];
  observer.on("*", (event) => told.push(event));
  return { rig, server, observer, told, sockets, line, drop: (code = 1006) => cut(code) };
}

/** A session of a page, which has no tools, whose backend calls one of the observer's. */
async function observeTool(run: () => unknown): Promise<Observed> {
  const tool = defineTool({ name: "get_order", parameters: v.object({}), run });
  const turn = { delegates: { calls: [[{ name: "get_order", arguments: "{}" }]], result: "It is on its way." } };
  const responses = { model: "gpt-5.2", tools: [tool.definition as never] };
  const session = { model: "gpt-live-1", delegation: { type: "responses", responses } } as const;
  return await observe({ tools: [tool] }, {}, { scenario: { turns: [turn] } }, async ({ simulator }) => {
    const rest = new LiveRest({ apiKey: "sk-test", fetch: simulator.fetch });
    const created = await rest.createSession({ session, transport: { type: "webrtc", sdp: OFFER } });
    return simulator.liveSessions.find(({ id }) => id === created.session.id)!;
  });
}

/** Lets the page of a session speak, or be silent, while time passes. */
async function speakThere({ rig, server }: Observed, sounds = [tone(1_000), silence(7_000)]): Promise<void> {
  for (const samples of sounds) {
    for (let start = 0; start < samples.length; start += 2_400) {
      server.hear(samples.subarray(start, start + 2_400));
      await rig.clock.advance(100);
    }
  }
}

const typesOf = (told: readonly LiveEvent[]) =>
  told.map(({ type }) => type).filter((type) => /^(reconnecting|recovered|recovery_failed|renewed|closed)$/.test(type));

Deno.test("an observer re-attaches to its session after a drop, and continues", async () => {
  const { drop, observer, rig, sockets, told } = await observe();
  const sent = rig.sent().length;
  drop();
  await rig.clock.advance(0);
  assertEquals([observer.state, rig.session.state], ["reconnecting", "open"]);
  await rig.clock.advance(1_000);
  assertEquals([observer.state, sockets.length, typesOf(told)], ["open", 2, ["reconnecting", "recovered"]]);
  const [recovered] = eventsOf(told, "recovered");
  assert(recovered!.gapMs > 0 && recovered!.gapMs <= 250);
  assertEquals([recovered!.lost, recovered!.restored, recovered!.replayedTokens], [[], [], 0]);
  // Nothing is sent to the session for that, and it has not ended.
  assertEquals(rig.sent().length, sent);
  assertEquals((await rig.settle(observer.say("Here again."))).endMs % 200, 0);
  assertEquals(eventsOf(rig.told, "closed"), []);
  await rig.settle(observer.close());
  assertEquals(observer.state, "closed");
  await rig.settle(rig.session.close());
  assertEquals(rig.clock.pending, 0);
});

Deno.test("commands in flight reject on a drop, and later ones wait for the next connection, however long", async () => {
  const { drop, line, observer, rig, sockets, told } = await observe();
  const asked = assertRejects(() => observer.say("Did you hear that?"), ConnectionError);
  line.isDown = true;
  drop(1011);
  await rig.settle(asked);
  const waiting = observer.inform("The line is bad.");
  await assertRejects(() => observer.say(" "), TypeError, "must be more than white space");
  const controller = new AbortController();
  const hurried = assertRejects(() => observer.inform("Late.", { signal: controller.signal }), DOMException);
  controller.abort();
  await hurried;
  await rig.clock.advance(30_000);
  assertEquals([observer.state, sockets.length], ["reconnecting", 1]);
  assert(eventsOf(told, "reconnecting").length > 10);
  line.isDown = false;
  await rig.settle(waiting);
  assertEquals(rig.sent("session.thinking.append").map(({ content }) => content), ["The line is bad.", "Late."]);
  assertEquals(rig.sent("session.commentary.append").length, 1);
  await rig.settle(observer.close());
});

Deno.test("an unchecked event that cannot be sent after a drop is reported, and harms nothing", async () => {
  const { drop, observer, rig, told } = await observe();
  drop();
  await rig.clock.advance(0);
  observer.send({ type: "session.update", session: 1n } as never, { check: false });
  const waiting = observer.inform("The line is bad.");
  await rig.settle(waiting);
  assertEquals(typesOf(told), ["reconnecting", "recovered"]);
  const [failure, ...others] = eventsOf(told, "failure");
  assert(failure!.error instanceof TypeError && others.length === 0);
  assertEquals(failure!.context, "send");
  await rig.settle(observer.close());
});

Deno.test("a turn that a drop cuts is incomplete, and reported lost with its time", async () => {
  const { drop, observer, rig, told } = await observe({}, {}, {
    scenario: { turns: [{ user: "This is a very long sentence indeed, which goes on." }] },
  });
  await speak(rig, tone(1_000));
  const [cut] = eventsOf(told, "turn_delta");
  assertEquals(cut?.turn.role, "user");
  const before = Date.now();
  drop();
  await rig.clock.advance(1_000);
  const [done] = eventsOf(told, "turn_done");
  assertEquals([done?.turn.id, done?.turn.status], [cut!.turn.id, "incomplete"]);
  const [{ lost } = { lost: [] }] = eventsOf(told, "recovered");
  assertEquals(lost.map(({ id, kind }) => [id, kind]), [[cut!.turn.id, "utterance"]]);
  assert(lost[0]!.atMs >= before && lost[0]!.atMs <= Date.now());
  // The transcript of the other side is complete.
  assertEquals(eventsOf(rig.told, "turn_done"), []);
  await speak(rig, silence(1_000));
  await rig.settle(observer.close());
});

Deno.test("an observer that re-attaches too late reports that its session has ended", async () => {
  const { drop, line, observer, rig, told } = await observe();
  const reading = assertRejects(async () => {
    for await (const _ of observer.events());
  }, ConnectionError);
  line.isDown = true;
  drop();
  await rig.clock.advance(1_000);
  const waiting = assertRejects(() => observer.say("Hello?"), ConnectionError);
  await rig.settle(rig.session.close());
  line.isDown = false;
  await rig.clock.advance(5_000);
  assertEquals(typesOf(told).slice(-2), ["recovery_failed", "closed"]);
  const [failed] = eventsOf(told, "recovery_failed");
  assertEquals((failed!.cause as ConnectionError).status, 404);
  await waiting;
  await reading;
  assertEquals([observer.state, (await observer.closed).reason], ["closed", "connection_lost"]);
  await assertRejects(() => observer.say("Hello?"), ConnectionError);
  assertEquals(rig.clock.pending, 0);
});

Deno.test("an observer does not re-attach to a session that has ended, or that it has left", async () => {
  const { observer, rig, sockets, told } = await observe();
  await rig.settle(rig.session.close());
  await rig.clock.advance(60_000);
  assertEquals([typesOf(told), sockets.length, observer.state], [["closed"], 1, "closed"]);

  const other = await observe();
  other.line.isDown = true;
  other.drop();
  await other.rig.clock.advance(1_000);
  assertEquals((await other.rig.settle(other.observer.close())).reason, "detached");
  other.line.isDown = false;
  await other.rig.clock.advance(60_000);
  assertEquals([other.sockets.length, typesOf(other.told).at(-1)], [1, "closed"]);

  // It has asked the server to end the session: there is nothing to attach to.
  const last = await observe();
  const ending = last.observer.close({ endSession: true });
  last.drop();
  const { confirmed, reason } = await last.rig.settle(ending);
  assertEquals([confirmed, reason, typesOf(last.told)], [false, "close_requested", ["closed"]]);
});

Deno.test("close({ endSession: true }) while disconnected ends the session on the next connection", async () => {
  const { drop, line, observer, rig } = await observe();
  line.isDown = true;
  drop();
  await rig.clock.advance(1_000);
  const ending = observer.close({ endSession: true });
  await rig.clock.advance(2_000);
  line.isDown = false;
  const { confirmed, reason, seconds } = await rig.settle(ending);
  assertEquals([confirmed, reason, seconds > 3], [true, "close_requested", true]);
  assertEquals((await rig.session.closed).confirmed, true);
});

Deno.test("a limit that expires while disconnected ends the session on the next connection", async () => {
  const { drop, line, observer, rig, told } = await observe({
    limits: { maxDurationMs: 5_000 },
    closeTimeoutMs: 1_000,
  });
  await rig.clock.advance(3_000);
  line.isDown = true;
  drop();
  await rig.clock.advance(30_000);
  assertEquals([observer.state, rig.session.state], ["reconnecting", "open"]);
  line.isDown = false;
  const { confirmed, reason } = await rig.settle(observer.closed);
  assertEquals([confirmed, reason, typesOf(told).at(-1)], [true, "close_requested", "closed"]);
  assertEquals((await rig.session.closed).confirmed, true);
  assertEquals(rig.clock.pending, 0);
});

Deno.test("an observer that leaves before or when its limit expires does not end the session", async () => {
  const { drop, line, observer, rig } = await observe({ limits: { maxDurationMs: 5_000 } });
  line.isDown = true;
  drop();
  await rig.clock.advance(6_000);
  assertEquals((await rig.settle(observer.close())).reason, "detached");
  line.isDown = false;
  await rig.clock.advance(60_000);
  assertEquals(rig.session.state, "open");
});

Deno.test("recovery: false and maxAttempts end the recovery, and invalid recovery options are rejected", async () => {
  const plain = await observe({ recovery: false });
  plain.drop();
  assertEquals((await plain.rig.settle(plain.observer.closed)).reason, "connection_lost");
  assertEquals([plain.sockets.length, typesOf(plain.told)], [1, ["closed"]]);

  const few = await observe({ recovery: { maxAttempts: 3, backoff: { firstMs: 10, maxMs: 10 } } });
  few.line.isDown = true;
  few.drop();
  await few.rig.clock.advance(1_000);
  assertEquals(typesOf(few.told), ["reconnecting", "reconnecting", "reconnecting", "recovery_failed", "closed"]);

  const options = { apiKey: "sk-test", dial: few.rig.simulator.dial };
  const id = few.rig.server.id;
  await assertRejects(() => attachLive(id, { ...options, recovery: { maxAttempts: 0 } }), RangeError, "maxAttempts");
  await assertRejects(() => attachLive(id, { ...options, recovery: { atempts: 3 } as never }), TypeError, "atempts");
  const transport = { events: new ReadableStream() } as unknown as NonNullable<
    Parameters<typeof attachLive>[1]["transport"]
  >;
  await assertRejects(() => attachLive(id, { transport, recovery: {} }), TypeError, "cannot be opened again");
});

Deno.test("a fatal close ends an observer at once", async () => {
  const { drop, observer, rig, told } = await observe();
  drop(3000);
  await rig.settle(observer.closed);
  assertEquals(typesOf(told), ["recovery_failed", "closed"]);
});

Deno.test("an observer detects a dead connection, and keeps a live one", async () => {
  const rig = await connectRig({ keeper: false });
  let isDead = false;
  let dials = 0;
  const dial: Dial = async (request) => {
    dials++;
    const socket = await rig.simulator.dial(request);
    const mine = dials;
    return {
      get bufferedAmount() {
        return 0;
      },
      send: (data) => isDead && mine === 1 || socket.send(data),
      close: (code, reason) => socket.close(code, reason),
      listen: ({ close, message }) =>
        socket.listen({ message: (data) => isDead && mine === 1 || message(data), close }),
    };
  };
  const observer = await joinRig(rig, { dial });
  const told: LiveEvent[] = [];
  observer.on("*", (event) => told.push(event));
  // There is no speech, and time does not advance for the session, but its server still answers.
  await rig.clock.advance(120_000);
  assertEquals([dials, observer.state, typesOf(told)], [1, "open", []]);
  assert(rig.sent("session.update").every(({ session }) => JSON.stringify(session) === "{}"));
  isDead = true;
  await rig.clock.advance(60_000);
  assertEquals([dials, observer.state, typesOf(told)], [2, "open", ["reconnecting", "recovered"]]);
  await settled(rig.clock, observer.close());
});

Deno.test("a tool that runs during an outage does not run again, and its output reaches the next connection", async () => {
  let runs = 0;
  const tool = Promise.withResolvers<string>();
  const observed = await observeTool(() => {
    runs++;
    return tool.promise;
  });
  const { drop, line, observer, rig, told } = observed;
  const talking = speakThere(observed);
  await rig.settle(talking);
  assertEquals(runs, 1);
  line.isDown = true;
  drop();
  await rig.clock.advance(1_000);
  tool.resolve("on its way");
  await rig.clock.advance(1_000);
  assertEquals(rig.sent("response.create").length, 0);
  line.isDown = false;
  await speakThere(observed, [silence(4_000)]);
  assertEquals([runs, typesOf(told).at(-1)], [1, "recovered"]);
  assertEquals(rig.sent("response.item.create").map(({ item }) => (item as { output: string }).output), ["on its way"]);
  assertEquals(rig.sent("response.create").length, 1);
  assertEquals(eventsOf(told, "tool_output_refused"), []);
  assertEquals(observer.usage.backend.responses, 2);
});

Deno.test("calls are answered although the end of their response was missed, and lost outputs are sent again", async () => {
  for (
    const cutAt of [
      /"response\.completed"/,
      /"response\.item\.create"/,
      /"response\.create"/,
      /"response\.output_item\.done"/,
    ]
  ) {
    let runs = 0;
    const observed = await observeTool(() => `run ${++runs}`);
    const { line, observer, rig, sockets, told } = observed;
    line.cutAt = cutAt;
    await speakThere(observed, [tone(1_000), silence(14_000)]);
    const what = String(cutAt);
    assertEquals([sockets.length, typesOf(told)], [2, ["reconnecting", "recovered"]], what);
    const isUnknown = what.includes("output_item");
    assertEquals(runs, isUnknown ? 0 : 1, what);
    assertEquals(eventsOf(told, "tool_output_refused").length, 0, what);
    if (!isUnknown) assertEquals(observer.usage.backend.responses > 0, true, what);
    const words = eventsOf(told, "turn_done").map(({ turn }) => turn.text).join(" ");
    assertEquals(words.includes("It is on its way."), !isUnknown, what);
    await rig.settle(observer.close());
  }
});

Deno.test("resent outputs that had already arrived cause no failure", async () => {
  let runs = 0;
  const observed = await observeTool(() => `run ${++runs}`);
  const { line, observer, rig, told } = observed;
  // All later events of the backend: nothing shows that the outputs have arrived.
  let responses = 0;
  line.cutAt = { test: (data) => data.includes(`"type":"response.created"`) && ++responses === 2 };
  await speakThere(observed, [tone(1_000), silence(14_000)]);
  assertEquals(typesOf(told), ["reconnecting", "recovered"]);
  assertEquals([rig.sent("response.item.create").length, rig.sent("response.create").length, runs], [2, 2, 1]);
  assertEquals(eventsOf(told, "error").map(({ error }) => error.message.slice(0, 18)), [
    "No tool call found",
    "Responses handoff ",
  ]);
  assertEquals(eventsOf(told, "tool_output_refused"), []);
  assertEquals(eventsOf(told, "turn_done").at(-1)?.turn.text.endsWith("It is on its way."), true);
  await rig.settle(observer.close());
});

Deno.test("outputs that have reached the backend are not resent", async () => {
  let runs = 0;
  const observed = await observeTool(() => `run ${++runs}`);
  const { line, observer, rig, told } = observed;
  // The last event of the backend: everything is done.
  line.cutAt = /"session\.output_transcript\.delta"/;
  await speakThere(observed);
  assertEquals(typesOf(told), ["reconnecting", "recovered"]);
  assertEquals([rig.sent("response.item.create").length, rig.sent("response.create").length, runs], [1, 1, 1]);
  await rig.settle(observer.close());
});

Deno.test("calls whose response continues after a drop are answered at its end", async () => {
  const { drop, observer, rig, server, told } = await observeTool(() => "done");
  const say = async (event: object) => {
    server.send(JSON.stringify({ type: "response.event", event_id: "event_1", event }));
    await rig.clock.advance(10);
  };
  const item = { type: "function_call", call_id: "call_1", name: "get_order", arguments: "{}", status: "completed" };
  await say({ type: "response.output_item.done", item });
  drop();
  await rig.clock.advance(1_000);
  assertEquals(typesOf(told), ["reconnecting", "recovered"]);
  await say({ type: "response.in_progress" });
  await rig.clock.advance(10_000);
  assertEquals(rig.sent("response.create"), []);
  await say({ type: "response.completed" });
  assertEquals([rig.sent("response.item.create").length, rig.sent("response.create").length], [1, 1]);
  await rig.settle(observer.close());
});

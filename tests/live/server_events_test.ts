import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConnectionError, RealtimeApiError } from "../../src/errors.ts";
import { attachLive, connectLive, type LiveEvent, type LiveSession } from "../../src/live/mod.ts";
import { createVirtualClock } from "../../src/simulator/mod.ts";
import { defineTool } from "../../src/tools/mod.ts";
import { eventsOf, settled } from "./_live.ts";
import { scriptedDial, scriptedSession, STARTED, type Wire } from "./_scripted.ts";

const CLOSED: Wire = { type: "session.closed", event_id: "event_9", reason: "expired", usage: { seconds: 3 } };

function appended(startMs: number, more: object = {}): Wire {
  const times = { start_ms: startMs, end_ms: startMs + 200 };
  return { type: "session.commentary.appended", event_id: "event_2", ...times, ...more };
}

async function read(events: AsyncIterable<LiveEvent>): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of events) types.push(type);
  return types;
}

Deno.test("a session is given to the caller or its socket is closed, at whatever moment the signal is aborted", async () => {
  for (const open of [connectLive, (options: object) => attachLive("live_1", options as never)]) {
    const outcomes = new Set<string>();
    for (let turns = 0; turns < 40; turns++) {
      const clock = createVirtualClock();
      const { dial, sockets } = scriptedDial(({ type }) => type === "session.start" ? [STARTED] : []);
      const controller = new AbortController();
      const options = { apiKey: "sk-test", dial, clock, signal: controller.signal, recovery: false as const };
      const { recovery: _, ...ours } = options;
      const opened = open(open === connectLive ? ours : options).catch((error: Error) => error.name);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      controller.abort();
      const outcome: LiveSession | string = await opened;
      // A session that has started is ended in an orderly way.
      await clock.advance(10_000);
      const left = sockets.filter(({ isClosed }) => !isClosed).length;
      if (typeof outcome !== "string") {
        assertEquals([outcome.state, left], ["open", 1]);
        const closing = outcome.close();
        await clock.advance(20_000);
        await closing;
      } else assertEquals([outcome, left], ["AbortError", 0]);
      assertEquals(clock.pending, 0);
      outcomes.add(typeof outcome);
    }
    assertEquals(outcomes, new Set(["string", "object"]));
  }
});

Deno.test("where answers name nothing, a command that was given up does not leave its answer to the next one", async () => {
  const { clock, session, socket, told } = await scriptedSession();
  const controller = new AbortController();
  const first = assertRejects(() => session.say("One.", { signal: controller.signal }), DOMException);
  await clock.advance(0);
  controller.abort();
  await first;
  const second = session.say("Two.");
  socket.push(appended(0));
  socket.push(appended(400));
  await clock.advance(0);
  assertEquals(await second, { startMs: 400, endMs: 600 });
  // One that is never answered is forgotten in time.
  const third = new AbortController();
  const given = assertRejects(() => session.say("Three.", { signal: third.signal }), DOMException);
  third.abort();
  await given;
  await clock.advance(10_000);
  const fourth = session.say("Four.");
  socket.push(appended(800));
  await clock.advance(0);
  assertEquals(await fourth, { startMs: 800, endMs: 1_000 });
  assertEquals([eventsOf(told, "session.commentary.appended").length, clock.pending], [3, 0]);
});

Deno.test("an error about a command that was given up is not silent, that of a pending one is its own", async () => {
  const clock = createVirtualClock();
  const unhandled: string[] = [];
  const refuse = ({ event_id, type }: Wire): Wire[] => {
    if (type === "session.start") return [STARTED];
    return [{ type: "error", event_id: "event_3", client_event_id: event_id, error: { message: "No." } }];
  };
  const onUnhandled = (error: unknown) => unhandled.push(String(error));
  const session = await connectLive({
    apiKey: "sk-test",
    dial: scriptedDial(refuse).dial,
    clock,
    onUnhandled,
    keeper: false,
  });
  await assertRejects(() => session.say("One."), RealtimeApiError, "No.");
  assertEquals(unhandled, []);
  const controller = new AbortController();
  const saying = assertRejects(() => session.say("Two.", { signal: controller.signal }), DOMException);
  controller.abort();
  await saying;
  await clock.advance(0);
  assertEquals(unhandled, ["RealtimeApiError: No."]);
});

Deno.test("a delegation that the server repeats is one task", async () => {
  const { clock, session, socket, told } = await scriptedSession();
  const created = (id: string): Wire => ({
    ...{ type: "session.delegation.created", event_id: "event_2", offset_ms: 100 },
    delegation: { id, type: "delegation", target: "client" },
  });
  for (const id of ["item_1", "item_1", "item_2", "item_1"]) socket.push(created(id));
  await clock.advance(0);
  const tasks = eventsOf(told, "delegation").map(({ task }) => task);
  assertEquals(tasks.map(({ id, isStale }) => [id, isStale]), [["item_1", true], ["item_2", false]]);
  const reader = session.delegations();
  assertEquals([(await reader.next()).value, (await reader.next()).value], tasks);
});

Deno.test("the tokens of every response that ended count, once", async () => {
  const { clock, session, socket } = await scriptedSession();
  for (const [index, end] of ["completed", "incomplete", "failed", "cancelled", "in_progress"].entries()) {
    const response = { id: `resp_${index}`, usage: { input_tokens: 10, output_tokens: 1 } };
    const event = { type: `response.${end}`, response };
    for (let times = 0; times < 2; times++) socket.push({ type: "response.event", event_id: "event_2", event });
  }
  await clock.advance(0);
  assertEquals(session.usage.backend, { responses: 4, inputTokens: 40, outputTokens: 4 });
});

Deno.test("the reason of the server's end is in the errors that it causes", async () => {
  const { clock, session, socket } = await scriptedSession();
  const saying = assertRejects(
    () => session.say("Hello!"),
    ConnectionError,
    "the session has ended: expired, code 1000",
  );
  await clock.advance(0);
  socket.push(CLOSED);
  await clock.advance(0);
  await saying;
  await assertRejects(() => session.say("Hello!"), ConnectionError, "has ended with code 1000");
  const refusal = scriptedDial(() => [{ ...CLOSED, reason: "content" }]);
  const opening = connectLive({ apiKey: "sk-test", dial: refusal.dial, clock });
  await assertRejects(() => opening, ConnectionError, "the session has ended: content");
});

Deno.test("closed is the last event of every reader, whenever it began and however full it is; turns are turns", async () => {
  const { clock, session, socket } = await scriptedSession();
  const [full, turns] = [session.events(), session.transcripts()];
  const info: Wire = { type: "info", event_id: "event_2", code: "c", message: "m" };
  // As many as a reader keeps, with session.started before them and session.closed after.
  for (let count = 0; count < 4_094; count++) socket.push(info);
  socket.push(CLOSED);
  await clock.advance(0);
  const types = await read(full);
  assertEquals([types.length, types.at(-2), types.at(-1)], [4_097, "session.closed", "closed"]);
  assertEquals(await read(session.events()), ["closed"]);
  for (const reader of [turns, session.transcripts()]) for await (const turn of reader) assert(!turn);
});

Deno.test("a listener added after the end of a session receives all its events if it had no listener before", async () => {
  const { dial } = scriptedDial(({ type }) => type === "session.start" ? [STARTED, CLOSED] : []);
  const session = await connectLive({ apiKey: "sk-test", dial, clock: createVirtualClock() });
  await session.closed;
  const heard: string[] = [];
  session.on("*", ({ type }) => heard.push(type));
  session.on("closed", ({ reason }) => heard.push(reason));
  assertEquals(heard, ["session.started", "session.closed", "closed", "expired"]);
  assertEquals(await read(session.events()), ["session.started", "session.closed", "closed"]);
});

Deno.test("settings that the server leaves out of its report are those that were asked for", async () => {
  const format = { type: "audio/pcmu", rate: 8_000 } as const;
  const { clock, session, socket } = await scriptedSession({ format, backend: "gpt-5.2", keeper: true });
  assertEquals([session.config?.id, session.config?.model], ["live_1", "m"]);
  await session.sendMessage("Hello!");
  await clock.advance(300);
  const audio = socket.sent.filter(({ type }) => type === "session.input_audio.append").map(({ audio }) => audio);
  assertEquals(audio, [btoa("\xff".repeat(800))]);
  socket.push({ type: "session.output_audio.delta", delta: btoa("\xff".repeat(4_000)) });
  await clock.advance(0);
  assertEquals(session.isSpeaking, false);
  // The report of a change may contain the change alone: the rest is as the server last reported it.
  const delegation = { type: "responses", responses: { model: "gpt-5.2-mini" } };
  socket.push({ type: "session.updated", event_id: "event_2", session: { delegation } });
  await clock.advance(0);
  assertEquals([session.id, session.config?.model, session.config?.delegation], ["live_1", "m", delegation]);
});

Deno.test("a session whose format the user's audio cannot be converted to is rejected at once", async () => {
  const clock = createVirtualClock();
  const audio = { format: { type: "audio/pcmu", rate: 8_000 } };
  const { dial, sockets } = scriptedDial(({ type }) =>
    type === "session.start" ? [{ ...STARTED, session: { id: "live_1", audio } }] : []
  );
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown) => void unhandled.push(error);
  // As with a relay, whose policy decides about the format.
  const connecting = connectLive({
    url: "wss://app.example.com/live/relay",
    dial,
    clock,
    inputRate: 24_000,
    onUnhandled,
  });
  await assertRejects(() => settled(clock, connecting, 0), TypeError, "audioKit is missing");
  assertEquals([sockets[0]?.isClosed, unhandled, clock.pending], [true, [], 0]);
});

Deno.test("an observer sends messages though it has not been told of a backend, which the server knows", async () => {
  const clock = createVirtualClock();
  const { dial, sockets } = scriptedDial(() => []);
  const session = await attachLive("live_1", { apiKey: "sk-test", dial, clock });
  await session.sendMessage("Hello!");
  assertEquals(sockets[0]!.sent.map(({ type }) => type), ["response.item.create", "response.create"]);
  sockets[0]!.push({ type: "session.updated", event_id: "event_1", session: { id: "live_1", model: "m" } });
  await clock.advance(0);
  await assertRejects(() => session.sendMessage("Hello!"), TypeError, "current value is client");
  await session.close();
});

Deno.test("a call without a usable id is ignored, and the others of its response are answered", async () => {
  const { clock, socket, told } = await scriptedSession({
    backend: "m",
    tools: [defineTool({ name: "now", run: () => "noon" })],
  });
  const push = (event: object) => socket.push({ type: "response.event", event_id: "event_2", event });
  for (const call_id of ["", null, undefined, 5, "call_1"]) {
    const item = { type: "function_call", call_id, name: "now", arguments: "{}", status: "completed" };
    push({ type: "response.output_item.done", item });
  }
  push({ type: "response.completed", response: { id: "resp_1" } });
  await clock.advance(0);
  assertEquals(eventsOf(told, "tool_call_done").map(({ call }) => call.callId), ["call_1"]);
  assertEquals(socket.sent.slice(1).map(({ type }) => type), ["response.item.create", "response.create"]);
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import type { ConnectOptions } from "../../../src/connect.ts";
import { conversationPart, openSessionWith, recoveryPart } from "../../../src/session/mod.ts";
import type { ReplayOptions } from "../../../src/session/mod.ts";
import { planReplay } from "../../../src/session/_recovery/replay_plan.ts";
import type { ConversationEntry } from "../../../src/session/conversation.ts";
import { textOf } from "../../../src/session/_conversation/item_content.ts";
import { createSimulator } from "../../../src/simulator/mod.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { connectWebSocket, type Socket } from "../../../src/transport/mod.ts";
import { openWorld, type World } from "./_world.ts";

/** Texts of the newest connection's conversation, with their authors. */
function texts(world: World): readonly string[] {
  return world.server().items.map((item) => `${(item as { role?: string }).role ?? item.type}: ${textOf(item)}`);
}

/** Sends these messages, drops the connection, and waits for the next one. */
async function replayed(replay: ReplayOptions, messages = ["one", "two", "three"], options: ConnectOptions = {}) {
  const world = await openWorld({ ...options, recovery: { replay } });
  const failures: unknown[] = [];
  world.session.on("listener_failed", ({ error, eventType }) => void failures.push([eventType, String(error)]));
  const ids: string[] = [];
  for (const message of messages) ids.push(await world.until(world.session.sendMessage(message)));
  return { ...world, world, failures, ids };
}

async function drop({ clock, server, events }: World, ms = 10_000) {
  server().fault({ type: "drop" });
  await clock.advance(ms);
  const last = events.at(-1);
  assert(last?.type === "recovered", `${events.map(({ type }) => type)}`);
  return last;
}

Deno.test("replay.maxTokens omits the oldest items, and reports them with their times", async () => {
  const { end, ids, world } = await replayed({ maxTokens: 16 });
  const before = Date.now();
  const { lost, replayedTokens, restored } = await drop(world);
  assertEquals(restored, ids.slice(1));
  assertEquals(lost.map(({ id, kind, reason }) => [kind, id, reason]), [[
    "item",
    ids[0]!,
    "it did not fit into maxTokens",
  ]]);
  assert(lost[0]!.atMs <= before && lost[0]!.atMs > before - 10_000);
  assert(replayedTokens <= 16);
  assertEquals(texts(world), ["user: two", "user: three"]);
  // The next connection does not report it again.
  assertEquals([(await drop(world)).lost, texts(world)], [[], ["user: two", "user: three"]]);
  await end();
  for (const [maxTokens, count] of [[0, 0], [Infinity, 3]] as const) {
    const all = await replayed({ maxTokens });
    const { lost, restored } = await drop(all.world);
    assertEquals([restored.length, lost.length], [count, 3 - count]);
    await all.end();
  }
});

Deno.test("an item that was reported lost does not return, even if there is room again, but is summarized", async () => {
  const summarized: number[] = [];
  const { end, ids, until, session, world } = await replayed({
    maxTokens: 16,
    summarize: (items) => `${summarized.push(items.length)} ${items.length}`,
  });
  assertEquals((await drop(world)).lost.map(({ id }) => id), [ids[0]!]);
  await until(session.deleteItem(ids[1]!));
  const { lost, restored } = await drop(world);
  assertEquals([restored, lost, summarized], [[ids[2]!], [], [1, 1]]);
  await end();
});

Deno.test("a long conversation's losses are reported once, with the times of their items", async () => {
  const count = 1100;
  const { end, events, world } = await replayed({ maxTokens: 40 }, Array.from({ length: count }, (_, i) => `${i}`));
  await drop(world);
  await drop(world);
  const losses = events.flatMap((event) => event.type === "recovered" ? event.lost : []);
  const restored = world.server().items.length;
  assert(restored > 0 && restored < 10);
  assertEquals([losses.length, new Set(losses.map(({ id }) => id)).size], [count - restored, count - restored]);
  const times = losses.map(({ atMs }) => atMs);
  assertEquals(times, times.toSorted(), "The oldest items have the time of the drop");
  await end();
});

Deno.test("replay.pinned keeps items in place, and the call of a pinned output", async () => {
  const pinned: string[] = ["item_unknown"];
  const { end, ids, until, session, world } = await replayed({ maxTokens: 5, pinned });
  const call = await until(session.addItem({ type: "function_call", call_id: "call_1", name: "f", arguments: "{}" }));
  const output = await until(session.addItem({ type: "function_call_output", call_id: "call_1", output: "done" }));
  const last = await until(session.sendMessage("last"));
  pinned.push(ids[0]!, output);
  const { lost, restored } = await drop(world);
  // The pinned items use the budget, so the newest does not fit.
  assertEquals([...restored], [ids[0]!, call, output]);
  assertEquals(lost.map(({ id }) => id), [ids[1], ids[2], last]);
  assertEquals(world.server().items.map(({ type }) => type), ["message", "function_call", "function_call_output"]);
  await end();
});

Deno.test("replay.summarize replaces the omitted items, and replay.anchor follows the conversation", async () => {
  const given: unknown[] = [];
  const { end, failures, world } = await replayed({
    maxTokens: 8,
    summarize: (items) => {
      given.push(...items.map((item) => textOf(item as never)));
      return Promise.resolve("They counted to two.");
    },
    anchor: "Go on counting.",
  });
  const { restored } = await drop(world);
  assertEquals(given, ["one", "two"]);
  assertEquals(texts(world), ["system: They counted to two.", "user: three", "system: Go on counting."]);
  // They are not items of the user's conversation, and are not replayed as such the next time.
  assertEquals([restored.length, failures], [1, []]);
  assertEquals(world.session.conversation.getSnapshot().length, 3);
  await drop(world);
  assertEquals(texts(world), ["system: They counted to two.", "user: three", "system: Go on counting."]);
  await end();
});

Deno.test("replay.summarize is not called when everything fits, and an empty summary is ignored", async () => {
  let calls = 0;
  const all = await replayed({ summarize: () => `${++calls}` });
  await drop(all.world);
  assertEquals([calls, texts(all.world).length], [0, 3]);
  await all.end();
  const empty = await replayed({ maxTokens: 8, summarize: () => "", anchor: "" });
  await drop(empty.world);
  assertEquals([texts(empty.world), empty.failures], [["user: three"], []]);
  await empty.end();
});

Deno.test("replay.summarize that throws, hangs or returns an invalid value is reported, and delays recovery only briefly", async () => {
  const cases: [unknown, string][] = [
    [() => {
      throw new Error("no words");
    }, "Error: no words"],
    [() => Promise.reject(new Error("no words")), "Error: no words"],
    [() => new Promise(() => {}), "TimeoutError: Cannot summarize the conversation as it took longer than 5000 ms"],
    [() => ({ text: "x" }), "TypeError: Cannot replay as the summary must be a string: current value is an object"],
    [() => 12, "TypeError: Cannot replay as the summary must be a string: current value is 12"],
  ];
  for (const [summarize, message] of cases) {
    const { end, failures, world } = await replayed({ maxTokens: 8, summarize: summarize as () => string });
    const { gapMs, restored } = await drop(world);
    assert(gapMs < 6000, `${gapMs}`);
    assertEquals(restored.length, 1);
    assertEquals(texts(world), ["user: three"]);
    assertEquals(failures, [["recovery.replay.summarize", message]]);
    await end();
    assertEquals(world.clock.pending, 0);
  }
});

Deno.test("items with ids that the API does not accept are replayed without them", async () => {
  const world = await openWorld();
  const id = `item_${"x".repeat(40)}`;
  const item = { type: "message", role: "user", status: "completed", content: [{ type: "input_text", text: "Long" }] };
  for (const type of ["conversation.item.added", "conversation.item.done"]) {
    world.server().send(JSON.stringify({ type, event_id: "event_1", previous_item_id: null, item: { ...item, id } }));
  }
  await world.clock.advance(10);
  const { lost, restored } = await drop(world);
  assertEquals([restored, lost], [[id], []]);
  const created = world.sent.filter(({ type }) => type === "conversation.item.create");
  assert(created.every(({ item }) => (item as { id: string }).id.length <= 32));
  assertEquals(texts(world), ["user: Long"]);
  assertEquals(world.session.conversation.getSnapshot().map(({ id }) => id), [id]);
  await world.end();
});

/** A socket whose server refuses events that match a test, with or without their ids, or ignores them. */
function refusing(
  socket: Socket,
  isRefused: (event: Record<string, unknown>) => boolean,
  isNamed: boolean | undefined,
): Socket {
  let deliver: (frame: string) => void = () => {};
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send: (data) => {
      const event = JSON.parse(data);
      if (!isRefused(event)) return socket.send(data);
      if (isNamed === undefined) return;
      const error = {
        type: "invalid_request_error",
        code: "invalid_value",
        message: "Refused.",
        event_id: isNamed ? event.event_id : null,
      };
      queueMicrotask(() => deliver(JSON.stringify({ type: "error", event_id: "event_x", error })));
    },
    close: (code, reason) => socket.close(code, reason),
    listen: (listener) => {
      deliver = (frame) => listener.message(frame);
      socket.listen(listener);
    },
  };
}

Deno.test("a server that refuses the replay or one of its items gets no more, and refused items are reported lost", async () => {
  // Some servers do not name the refused event.
  for (
    const [index, refused] of [["two"], ["one", "two", "three"], ["Remember."], ["two"], ["one", "three"]].entries()
  ) {
    const isNamed = index < 3;
    let dials = 0;
    const isRefused = ({ item, type }: Record<string, unknown>) =>
      type === "conversation.item.create" && refused.includes(textOf(item as never));
    const world = await openWorld(
      { recovery: { replay: { anchor: "Remember." } } },
      {},
      () => void dials++,
      (socket) => dials === 1 ? socket : refusing(socket, isRefused, isNamed),
    );
    const failures: unknown[] = [];
    world.session.on("listener_failed", ({ eventType }) => void failures.push(eventType));
    const errors: unknown[] = [];
    world.session.on("error", (event) => void errors.push(event));
    const ids: string[] = [];
    for (const message of ["one", "two", "three"]) ids.push(await world.until(world.session.sendMessage(message)));
    const { lost, restored } = await drop(world);
    const isKept = (_: string, index: number) => !refused.includes(["one", "two", "three"][index]!);
    assertEquals([...restored], ids.filter(isKept));
    assertEquals(
      lost.map(({ id, reason }) => [id, reason]),
      ids.filter((id, i) => !isKept(id, i)).map((id) => [id, "Refused."]),
    );
    assertEquals(failures, refused[0] === "Remember." ? ["recovery.replay.anchor"] : []);
    assertEquals(errors, []);
    assertEquals((await world.until(world.session.ask("Hello?"))).status, "completed");
    await world.end();
  }
});

Deno.test("a server that ignores items of the replay without a word delays it by two seconds, and they are lost", async () => {
  for (const ignored of [["two"], ["one", "two", "three"], ["Remember."]]) {
    let dials = 0;
    const isIgnored = ({ item, type }: Record<string, unknown>) =>
      type === "conversation.item.create" && ignored.includes(textOf(item as never));
    const world = await openWorld(
      { recovery: { replay: { anchor: "Remember." }, backoff: { firstMs: 0 } } },
      {},
      () => void dials++,
      (socket) => dials === 2 ? refusing(socket, isIgnored, undefined) : socket,
    );
    const failures: unknown[] = [];
    world.session.on("listener_failed", ({ error, eventType }) => void failures.push([eventType, `${error}`]));
    const ids: string[] = [];
    for (const message of ["one", "two", "three"]) ids.push(await world.until(world.session.sendMessage(message)));
    const { gapMs, lost, restored } = await drop(world);
    const lostIds = ids.filter((_, index) => ignored.includes(["one", "two", "three"][index]!));
    const reason = "the server did not confirm it";
    assertEquals(lost.map(({ id, kind, reason }) => [id, kind, reason]), lostIds.map((id) => [id, "item", reason]));
    assertEquals([...restored], ids.filter((id) => !lostIds.includes(id)));
    assert(gapMs >= 2000 && gapMs < 3000, `${gapMs}`);
    assertEquals(failures, ignored[0] === "Remember." ? [["recovery.replay.anchor", `Error: ${reason}`]] : []);
    assertEquals((await world.until(world.session.ask("Hello?"))).status, "completed");
    // A server that takes everything is not waited for.
    assert((await drop(world)).gapMs < 1000);
    await world.end();
    assertEquals(world.clock.pending, 0);
  }
});

Deno.test("a key function that throws is called again, and one that returns an expired secret ends the session", async () => {
  for (const error of [new Error("down"), new TypeError("fetch failed"), "no error at all"]) {
    let calls = 0;
    const { clock, end, events, server, session } = await openWorld({
      apiKey: () => {
        calls++;
        if (calls > 1 && calls < 5) throw error;
        return "sk-test";
      },
    });
    server().fault({ type: "drop" });
    await clock.advance(20_000);
    assertEquals([session.state, calls], ["open", 5]);
    assertEquals(events.map(({ type }) => type), [...Array(4).fill("reconnecting"), "recovered"]);
    assertEquals(events.slice(1, 4).map((event) => "cause" in event && event.cause), Array(3).fill(error));
    await end();
  }
  const valid = new Set(["ek_same"]);
  const { clock, events, server, session } = await openWorld(
    { apiKey: () => Promise.resolve("ek_same"), recovery: {} },
    { acceptsApiKey: (key) => valid.has(key) },
  );
  valid.clear();
  server().fault({ type: "drop" });
  await clock.advance(60_000);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovery_failed", "closed"]);
  assertEquals([(await session.closed).clean, clock.pending], [false, 0]);
});

Deno.test("a key for a renewal is requested until the session has to end, and then again after it", async () => {
  let isDown = false;
  const { clock, end, events, session, until } = await openWorld({
    apiKey: () => {
      if (isDown) throw new TypeError("fetch failed");
      return "sk-test";
    },
  });
  await until(session.ask("My name is Ada."));
  isDown = true;
  await clock.advance(59 * 60_000);
  assertEquals([events, session.state], [[], "open"]);
  await clock.advance(2 * 60_000);
  assertEquals(session.state, "reconnecting");
  isDown = false;
  await clock.advance(30_000);
  assertEquals(events.at(-1)?.type, "recovered");
  await end();
});

Deno.test("renewBeforeMs that leaves no time for a renewal means half a minute before the end", async () => {
  for (const renewBeforeMs of [0, 5000, 9_999]) {
    const { clock, end, events } = await openWorld({ recovery: { renewBeforeMs } });
    await clock.advance(59 * 60_000);
    assertEquals(events, []);
    await clock.advance(2 * 3_600_000);
    assertEquals(events.map(({ type }) => type), ["renewed", "renewed", "renewed"], `${renewBeforeMs}`);
    await end();
  }
});

Deno.test("renewBeforeMs longer than the session's life renews at half of it, without repeating", async () => {
  const { clock, end, events } = await openWorld({ recovery: { renewBeforeMs: 3_599_999 } });
  await clock.advance(3 * 3_600_000);
  assertEquals(events.map(({ type }) => type), Array(events.length).fill("renewed"));
  assert(events.length >= 5 && events.length <= 6, `${events.length}`);
  await end();
});

Deno.test("a wall clock set back or forward neither prevents a renewal nor repeats it", async () => {
  for (const stepMs of [-86_400_000, 86_400_000]) {
    const clock = createVirtualClock();
    const simulator = createSimulator({ clock, pace: "fast" });
    const target = { apiKey: "sk-test", dial: simulator.dial, clock };
    let offsetMs = 0;
    const opening = connectWebSocket(target)
      .then((transport) => openSessionWith(transport, { clock, outputModalities: ["text"] }, conversationPart()));
    await clock.advance(100);
    const session = await opening;
    const open = (signal: AbortSignal) => connectWebSocket({ ...target, signal });
    session.install(recoveryPart({ open, wallNow: () => Date.now() + clock.now() + offsetMs }));
    const types: string[] = [];
    for (const type of ["renewed", "reconnecting"] as const) session.on(type, () => void types.push(type));
    await clock.advance(10 * 60_000);
    offsetMs = stepMs;
    await clock.advance(3 * 3_600_000);
    // A clock set forward looks as if the machine had slept for a day: the session may have ended.
    assert(types.length >= 3 && types.length <= 4, `${stepMs} ${types}`);
    assertEquals(new Set(types), new Set(["renewed"]));
    const closing = session.close();
    await clock.advance(10_000);
    await closing;
    assertEquals(clock.pending, 0);
  }
});

Deno.test("a configuration change during a pending renewal is not lost", async () => {
  const { clock, end, events, server, session, until } = await openWorld({ instructions: "Be brief." });
  await clock.advance(54 * 60_000 + 50_000);
  let dialed = server().id;
  // The user is speaking.
  server().send(
    JSON.stringify({ type: "input_audio_buffer.speech_started", event_id: "e", item_id: "i", audio_start_ms: 0 }),
  );
  await clock.advance(30_000);
  assert(server().id !== dialed, "another connection is ready");
  dialed = server().id;
  assertEquals(events, []);
  await until(session.update({ instructions: "Be kind." }));
  await clock.advance(5 * 60_000);
  assertEquals(events.map(({ type }) => type), ["renewed"]);
  assertEquals((server().session as { instructions?: string }).instructions, "Be kind.");
  assertEquals(server().id, dialed);
  await end();
});

Deno.test("recoveryPart() rejects replay options of the wrong type", () => {
  const open = () => Promise.reject(new Error());
  const cases: readonly (readonly [object, string])[] = [
    [{ anchor: 1 }, "anchor must be a string: current value is 1"],
    [{ pinned: "item_1" }, "pinned must be an array: current value is of type String"],
    [{ pinned: {} }, "pinned must be an array: current value is of type Object"],
    [{ summarize: "x" }, "summarize must be a function"],
    [{ maxTokens: "many" }, "maxTokens must be a number"],
  ];
  for (const [replay, message] of cases) {
    assertThrows(() => recoveryPart({ open, replay }), TypeError, `Cannot recover as recovery.replay.${message}`);
  }
  for (const maxTokens of [-1, NaN]) {
    assertThrows(
      () => recoveryPart({ open, replay: { maxTokens } }),
      RangeError,
      "replay.maxTokens must be a number >= 0",
    );
  }
});

Deno.test("a session without a conversation part reports its items lost once, and restores none", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, pace: "fast" });
  const target = { apiKey: "sk-test", dial: simulator.dial, clock };
  const opening = connectWebSocket(target)
    .then((transport) => openSessionWith(transport, { clock, outputModalities: ["text"] }));
  await clock.advance(100);
  const session = await opening;
  session.install(recoveryPart({ open: (signal) => connectWebSocket({ ...target, signal }) }));
  const reports: unknown[] = [];
  session.on("recovered", ({ lost, restored }) => {
    reports.push([restored, lost.map(({ id, kind, reason }) => [kind, id, reason])]);
  });
  const [kept, deleted] = [session.sendMessage("one"), session.sendMessage("two")];
  await clock.advance(100);
  const deleting = session.deleteItem(await deleted);
  await clock.advance(100);
  await deleting;
  for (let drops = 0; drops < 2; drops++) {
    simulator.sessions[0]!.fault({ type: "drop" });
    await clock.advance(1000);
  }
  assertEquals(reports, [[[], [["item", await kept, "the session keeps no conversation"]]], [[], []]]);
  const closing = session.close();
  await clock.advance(10_000);
  await closing;
  assertEquals(clock.pending, 0);
});

/** A finished entry of a conversation. */
function entryOf(item: Readonly<Record<string, unknown>>): ConversationEntry {
  const fields = { id: item.id, role: item.role, final: true, interrupted: false, transcription: "none", text: "" };
  return { ...fields, item } as unknown as ConversationEntry;
}

const NOTHING: ReadonlySet<string> = new Set();

/** A message; all of them are of one length. */
const said = (id: string) =>
  entryOf({ id, type: "message", role: "user", content: [{ type: "input_text", text: "Hello there." }] });

Deno.test("planReplay() counts the pinned items, too", () => {
  const entries = ["a", "b", "c"].map(said);
  const planned = (maxTokens: number, pinned: readonly string[]) =>
    planReplay(entries, { maxTokens, pinned }, NOTHING).items.map(({ id }) => id);
  assertEquals(planned(Infinity, []), ["a", "b", "c"]);
  const two = [...Array(200).keys()].find((maxTokens) => planned(maxTokens, []).length === 2)!;
  assertEquals([planned(two, []), planned(two, ["a"])], [["b", "c"], ["a", "c"]]);
});

Deno.test("planReplay() omits an output whose call does not fit, and an item that the API would refuse", () => {
  const call = { id: "call", type: "function_call", call_id: "1", name: "look", arguments: `"${"long ".repeat(500)}"` };
  const output = { id: "output", type: "function_call_output", call_id: "1", output: "Sun." };
  const entries = [entryOf(call), entryOf(output), entryOf({ id: "odd", type: "odd" }), said("a")];
  const { items, lost, omitted } = planReplay(entries, { maxTokens: 100 }, NOTHING);
  assertEquals([items, omitted].map((list) => list.map(({ id }) => id)), [["a"], ["call", "output"]]);
  assertEquals(lost.map(({ id, reason }) => [id, reason]), [
    ["odd", "it cannot be replayed"],
    ["call", "it did not fit into maxTokens"],
    ["output", "it did not fit into maxTokens"],
  ]);
});

Deno.test("planReplay() replays calls whose server gives them a role, and an id of its own length", () => {
  const call = { type: "function_call", call_id: `call-${crypto.randomUUID()}-0`, name: "look", arguments: "{}" };
  const output = { type: "function_call_output", call_id: call.call_id, output: "Sun." };
  const entries = [call, output].map((item, i) => entryOf({ id: `item_${i}`, role: "tool", ...item }));
  const { items, lost } = planReplay(entries, {}, NOTHING);
  assertEquals(items.map(({ item }) => item), [{ id: "item_0", ...call }, { id: "item_1", ...output }] as never);
  assertEquals(lost, []);
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import { toBytes } from "../../../src/audio/mod.ts";
import { openSessionWith, recoveryPart } from "../../../src/session/mod.ts";
import { LifeWatch } from "../../../src/_recovery/life_watch.ts";
import { createSimulator } from "../../../src/simulator/mod.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { connectWebSocket } from "../../../src/transport/mod.ts";
import { scripted, written } from "../../simulator/_simulated_model.ts";
import { tone } from "../../simulator/_sound.ts";
import { openWorld } from "./_world.ts";

const MINUTE_MS = 60_000;

Deno.test("a session is renewed before its 60 minutes end, and keeps its conversation", async () => {
  const { clock, end, events, server, session, simulator, until } = await openWorld({ instructions: "Be brief." });
  await until(session.ask("My name is Ada."));
  const first = server().id;
  const before = session.conversation.getSnapshot().map(({ id }) => id);
  await clock.advance(54 * MINUTE_MS);
  assertEquals(events, []);
  await clock.advance(2 * MINUTE_MS);
  assertEquals(events.map(({ type }) => type), ["renewed"]);
  const [renewed] = events;
  assert(renewed?.type === "renewed");
  assertEquals([renewed.restored, renewed.lost], [before, []]);
  assert(renewed.gapMs < 1000);
  assertEquals(simulator.sessions.length, 1);
  assert(server().id !== first);
  assertEquals(server().items.map((item) => (item as { id?: string }).id), before);
  // A day passes.
  await clock.advance(23 * 60 * MINUTE_MS + 10 * MINUTE_MS);
  assert(events.length >= 24 && events.every(({ type }) => type === "renewed"), `${events.map(({ type }) => type)}`);
  assertEquals(server().items.map((item) => (item as { id?: string }).id), before);
  assertEquals((await until(session.ask("What is my name?"))).status, "completed");
  await end();
  assertEquals(clock.pending, 0);
});

Deno.test("a session is renewed at least 30 seconds before its end, however late the application wants it", async () => {
  const { clock, end, events } = await openWorld({ recovery: { renewBeforeMs: 0 } });
  await clock.advance(59 * MINUTE_MS + 15_000);
  assertEquals(events, []);
  await clock.advance(20_000);
  assertEquals(events.map(({ type }) => type), ["renewed"]);
  await end();
});

Deno.test("a renewal waits for a quiet moment, at most until 10 seconds before the end", async () => {
  const { clock, end, events, server, session } = await openWorld({ turnDetection: { type: "server_vad" } });
  await clock.advance(54 * MINUTE_MS);
  // The user does not stop speaking.
  for (let minute = 0; minute < 5; minute++) {
    for (let second = 0; second < 60; second++) {
      session.appendAudio(toBytes(tone(1000)));
      await clock.advance(1000);
    }
    if (minute < 4) assertEquals(events, [], `minute ${minute}`);
  }
  await clock.advance(55_000);
  assertEquals(events.map(({ type }) => type), ["renewed"]);
  assert(server().items.length === 0);
  await end();
});

Deno.test("an answer that a renewal cuts is interrupted, and replayed as far as it had arrived", async () => {
  const { createModel } = scripted([written("Words and more words. ".repeat(300))]);
  const { clock, end, events, server, session } = await openWorld({}, { pace: 0.02, createModel });
  await clock.advance(54 * MINUTE_MS);
  const asking = session.ask("Hello");
  await clock.advance(5 * MINUTE_MS);
  assertEquals(events, []);
  await clock.advance(MINUTE_MS - 5_000);
  assertEquals(events.map(({ type }) => type), ["renewed"]);
  assertEquals((await asking).status, "lost");
  const entry = session.conversation.getSnapshot()[1]!;
  assertEquals([entry.role, entry.final, entry.interrupted], ["assistant", true, true]);
  assert(entry.text.startsWith("Words and more words."));
  const [, replayed] = server().items as readonly { readonly content?: unknown }[];
  assertEquals(replayed?.content, [{ type: "output_text", text: entry.text }]);
  await end();
});

Deno.test("audio sent during a renewal arrives once, with the audio that was not yet an item", async () => {
  const { clock, end, events, sent, server, session, until } = await openWorld({ turnDetection: null });
  await clock.advance(54 * MINUTE_MS);
  const chunk = () => toBytes(tone(100));
  let appended = 0;
  for (let n = 0; events.length === 0; n++) {
    session.appendAudio(chunk());
    appended++;
    await clock.advance(1000);
    assert(n < 600);
  }
  session.appendAudio(chunk());
  appended++;
  await clock.advance(100);
  const newest = sent.slice(sent.findLastIndex(({ type }) => type === "session.update"));
  assertEquals(newest.filter(({ type }) => type === "input_audio_buffer.append").length, appended);
  await until(session.commitAudio());
  assertEquals(server().items.length, 1);
  await end();
});

Deno.test("a connection that ends while it waits to renew the session is replaced by another one", async () => {
  for (const code of [1000, 1001, 1006, 1008]) {
    const { clock, end, events, session, simulator } = await openWorld({ turnDetection: null });
    await clock.advance(54 * MINUTE_MS);
    session.appendAudio(toBytes(tone(500)));
    await clock.advance(2 * MINUTE_MS);
    assertEquals(simulator.sessions.length, 2);
    // A proxy ends idle connections.
    simulator.sessions[1]!.close(code, "idle");
    await clock.advance(30_000);
    assertEquals([events, simulator.sessions.length], [[], 2], `${code}`);
    await session.clearAudio();
    await clock.advance(1000);
    assertEquals([events.map(({ type }) => type), simulator.sessions.length], [["renewed"], 1], `${code}`);
    await end();
    assertEquals(clock.pending, 0);
  }
});

Deno.test("gapMs counts from the moment at which a session was abandoned for a renewal that then fails", async () => {
  const { clock, end, events, session, simulator, until } = await openWorld();
  await until(session.sendMessage("Hello."));
  session.appendAudio(toBytes(tone(500)));
  await clock.advance(56 * MINUTE_MS);
  const [, next] = simulator.sessions;
  // It does not answer the replay.
  next?.fault({ type: "silence" });
  await session.clearAudio();
  await clock.advance(40_000);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  const [, recovered] = events;
  assert(recovered?.type === "recovered" && recovered.gapMs >= 15_000, `${JSON.stringify(recovered)}`);
  await end();
});

Deno.test("LifeWatch follows the clock that has advanced further", () => {
  const clock = createVirtualClock();
  let wall = 1_800_000_000_000;
  const life = new LifeWatch(clock, () => wall);
  life.start(wall / 1000 + 1800, clock.now());
  assertEquals([life.lifeMs, life.leftMs], [1_800_000, 1_800_000]);
  // The machine has slept, or the clock was set.
  wall += 600_000;
  assertEquals([life.leftMs, life.surelyLeftMs], [1_200_000, 1_800_000]);
  // The clock is set back.
  wall -= 86_400_000;
  assertEquals(life.leftMs, 1_800_000);
  // A wall clock that is wrong by a day, or fast by an hour, gives no information about the end.
  for (const expiresAt of [wall / 1000 - 86_400, wall / 1000 + 86_400, wall / 1000 + 5, undefined, "soon", NaN, null]) {
    life.start(expiresAt, clock.now());
    assertEquals(life.lifeMs, 3_600_000);
  }
});

Deno.test("LifeWatch includes the time before a connection is used", async () => {
  const clock = createVirtualClock();
  const wallNow = () => 1_800_000_000_000 + clock.now();
  const life = new LifeWatch(clock, wallNow);
  const startMs = clock.now();
  const expiresAt = wallNow() / 1000 + 1800;
  await clock.advance(240_000);
  for (const [end, lifeMs] of [[expiresAt, 1_800_000], [undefined, 3_600_000]] as const) {
    life.start(end, startMs);
    assertEquals([life.lifeMs, life.leftMs], [lifeMs, lifeMs - 240_000]);
  }
});

/** A session with voice activity detection, and a wall clock that is `aheadMs()` fast. */
async function openFast(aheadMs: () => number) {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, pace: "fast" });
  const target = { apiKey: "sk-test", dial: simulator.dial, clock };
  const options = { clock, turnDetection: { type: "server_vad" }, outputModalities: ["text"] } as const;
  const opening = connectWebSocket(target).then((transport) => openSessionWith(transport, options));
  await clock.advance(100);
  const session = await opening;
  const open = (signal: AbortSignal) => connectWebSocket({ ...target, signal });
  session.install(recoveryPart({ open, wallNow: () => Date.now() + clock.now() + aheadMs() }));
  const types: string[] = [];
  for (const type of ["renewed", "reconnecting"] as const) session.on(type, () => void types.push(type));
  const end = async () => {
    const closing = session.close();
    await clock.advance(10_000);
    await closing;
    assertEquals(clock.pending, 0);
  };
  return { clock, end, session, simulator, types };
}

Deno.test("a connection that comes after its attempt has ended is closed, although open() ignores the signal", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, pace: "fast" });
  const target = { apiKey: "sk-test", dial: simulator.dial, clock };
  const opening = connectWebSocket(target).then((transport) => openSessionWith(transport, { clock }));
  await clock.advance(100);
  const session = await opening;
  const { promise, resolve } = Promise.withResolvers<void>();
  session.install(recoveryPart({ open: () => promise.then(() => connectWebSocket(target)) }));
  simulator.sessions[0]!.fault({ type: "drop" });
  await clock.advance(1000);
  const closing = session.close();
  await clock.advance(1000);
  await closing;
  resolve();
  await clock.advance(1000);
  assertEquals([simulator.sessions.length, clock.pending], [0, 0]);
});

Deno.test("a wall clock set forward while the user speaks does not cut the user off", async () => {
  let aheadMs = 0;
  const { clock, end, session, simulator, types } = await openFast(() => aheadMs);
  const speak = async (seconds: number, audio: Int16Array) => {
    for (let second = 0; second < seconds; second++) {
      session.appendAudio(toBytes(audio));
      await clock.advance(1000);
    }
  };
  await speak(60, tone(1000));
  aheadMs = 86_400_000;
  await speak(60, tone(1000));
  assertEquals(types, []);
  await speak(5, new Int16Array(24_000));
  assertEquals(types, ["renewed"]);
  assertEquals(simulator.sessions.length, 1);
  await end();
});

Deno.test("a wall clock that is an hour fast does not cause repeated renewals", async () => {
  for (const aheadMs of [3_570_000, 3_599_000, 3_600_000, 3_601_000]) {
    const { clock, end, types } = await openFast(() => aheadMs);
    await clock.advance(2 * 3_600_000);
    assertEquals(types, ["renewed", "renewed"], `${aheadMs}`);
    await end();
  }
});

Deno.test("recovery rejects invalid options", () => {
  const open = () => Promise.reject(new Error());
  for (
    const wrong of [
      { renewBeforeMs: NaN },
      { renewBeforeMs: -1 },
      { renewBeforeMs: 3_600_000 },
      { maxAttempts: 0 },
      { maxAttempts: NaN },
      { backoff: { firstMs: -1 } },
      { backoff: { maxMs: NaN } },
      { replay: { maxTokens: -1 } },
    ]
  ) {
    assertThrows(() => recoveryPart({ open, ...wrong }), RangeError, "Cannot recover as ", JSON.stringify(wrong));
  }
  for (const value of ["5", null, [5]] as never[]) {
    for (const wrong of [{ renewBeforeMs: value }, { maxAttempts: value }, { backoff: { maxMs: value } }]) {
      assertThrows(() => recoveryPart({ open, ...wrong }), TypeError, "must be a number >= 0", JSON.stringify(wrong));
    }
  }
  for (const wrong of [{ renewBefore: 1 }, { backoff: { max: 1 } }, { replay: { maxToken: 1 } }]) {
    assertThrows(() => recoveryPart({ open, ...wrong } as never), TypeError, "did you mean");
  }
  for (const onDrop of ["stop", null, ["flush"]]) {
    const message = "Cannot recover as recovery.onDrop must be finish or flush: current value is ";
    assertThrows(() => recoveryPart({ open, onDrop } as never), TypeError, message);
  }
});

Deno.test("a session is not renewed while it reconnects, which would cut the pauses short", async () => {
  let isDown = false;
  let dials = 0;
  const { clock, end, events, server, session, simulator } = await openWorld({}, {}, () => {
    dials++;
    if (isDown) throw new Error("no network");
  });
  await clock.advance(54 * 60_000);
  isDown = true;
  server().fault({ type: "drop" });
  const before = dials;
  await clock.advance(4 * 60_000);
  // The next attempt is announced before its pause.
  const announced = events.filter(({ type }) => type === "reconnecting").length;
  assertEquals(dials - before, announced - 1);
  isDown = false;
  await clock.advance(60_000);
  assertEquals([session.state, events.at(-1)?.type, simulator.sessions.length], ["open", "recovered", 1]);
  await end();
});

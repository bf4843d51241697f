import { assert, assertEquals } from "@std/assert";
import { recoveryPart } from "../../../src/session/mod.ts";
import { openWorld } from "./_world.ts";

/** Opens a session as in a page, which has `online` events. */
async function openInPage(...world: Parameters<typeof openWorld>) {
  Object.assign(globalThis, { ononline: null });
  try {
    return await openWorld(...world);
  } finally {
    Reflect.deleteProperty(globalThis, "ononline");
  }
}

Deno.test("a dead connection is detected within 50 seconds, closed, and replaced", async () => {
  const open: number[] = [];
  const { clock, end, events, server, session, simulator, until } = await openWorld({}, {}, (attempt) => {
    if (attempt > 1) open.push(simulator.sessions.length);
  });
  await until(session.ask("Hello"));
  const count = session.conversation.getSnapshot().length;
  server().fault({ type: "silence" });
  await clock.advance(51_000);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  // A server may allow a caller one connection at a time.
  assertEquals(open, [0]);
  assertEquals(session.conversation.getSnapshot().length, count);
  assertEquals((await until(session.ask("Are you there?"))).status, "completed");
  await end();
  await clock.advance(10_000);
  assertEquals(clock.pending, 0);
});

Deno.test("a dead connection whose close goes unanswered does not delay its replacement", async () => {
  let dials = 0;
  const { clock, end, events, server, session, until } = await openWorld(
    {},
    {},
    () => {},
    (socket) =>
      ++dials > 1 ? socket : {
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
        send: (data) => socket.send(data),
        close: () => {},
        listen: (listener) => socket.listen(listener),
      },
  );
  server().fault({ type: "silence" });
  await clock.advance(60_000);
  const [, recovered] = events;
  // The gap begins with the last sign of life, at most ten seconds late.
  assert(recovered?.type === "recovered", JSON.stringify(events));
  assert(recovered.gapMs >= 40_000 && recovered.gapMs < 52_000, `${recovered.gapMs}`);
  assertEquals((await until(session.ask("Are you there?"))).status, "completed");
  assertEquals(events.length, 2);
  await end();
});

Deno.test("a dead connection that cannot be replaced ends the session as a broken one", async () => {
  const { clock, events, server, session } = await openWorld(
    { recovery: { maxAttempts: 1 } },
    {},
    (attempt) => {
      if (attempt > 1) throw new Error("There is no network");
    },
  );
  const errors: unknown[] = [];
  const reading = (async () => {
    for await (const _ of session.events());
  })().catch((error) => errors.push(error.name, error.cause.message, error.close));
  server().fault({ type: "silence" });
  await clock.advance(120_000);
  await reading;
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovery_failed", "closed"]);
  const close = { code: 1006, reason: "", clean: false };
  assertEquals(await session.closed, close);
  assertEquals(errors, ["ConnectionError", "There is no network", close]);
});

Deno.test("a quiet connection is kept, and probed once in 40 seconds", async () => {
  const { clock, end, events, sent, server } = await openWorld();
  const { id } = server();
  const before = sent.length;
  await clock.advance(40 * 60_000);
  assertEquals([events, server().id], [[], id]);
  const probes = sent.slice(before).length;
  assert(probes >= 45 && probes <= 60, `${probes}`);
  await end();
});

Deno.test("silence is checked with pings where the runtime supports them, and with probes only if no pong arrives", async () => {
  const pings: number[] = [];
  let answers = true;
  const { clock, end, events, sent, server } = await openWorld({}, {}, () => {}, (socket) => {
    // The sockets of the simulator have accessors.
    const ping = (onPong: () => void) => {
      pings.push(clock.now());
      if (answers) clock.schedule(onPong, 50);
    };
    return {
      ping,
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      send: (data) => socket.send(data),
      close: (code, reason) => socket.close(code, reason),
      listen: (listener) => socket.listen(listener),
    };
  });
  const before = sent.length;
  await clock.advance(10 * 60_000);
  assertEquals([sent.length, events], [before, []]);
  assert(pings.length >= 29, `${pings.length}`);
  answers = false;
  // A runtime that does not report pongs: the connection is alive nevertheless.
  await clock.advance(5 * 60_000);
  assert(sent.length > before && sent.slice(before).every(({ type }) => type === "session.update"));
  assertEquals(events, []);
  server().fault({ type: "silence" });
  await clock.advance(51_000);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  await end();
});

Deno.test("a session that has already ended is not watched", async () => {
  const { clock, end, session } = await openWorld({ recovery: false });
  await end();
  session.install(recoveryPart({ open: () => Promise.reject(new Error("no network")) }));
  await clock.advance(0);
  assertEquals(clock.pending, 0);
});

Deno.test("an online event probes a connection that may be dead", async () => {
  const { clock, end, events, server } = await openInPage();
  await clock.advance(60_000);
  globalThis.dispatchEvent(new Event("online"));
  await clock.advance(11_000);
  assertEquals(events, []);
  server().fault({ type: "silence" });
  globalThis.dispatchEvent(new Event("online"));
  await clock.advance(11_000);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  await end();
});

Deno.test("an online event ends the retry delay", async () => {
  let isDown = false;
  const { clock, end, events, server, session } = await openInPage({}, {}, () => {
    if (isDown) throw new Error("no network");
  });
  isDown = true;
  server().fault({ type: "drop" });
  await clock.advance(120_000);
  assertEquals(session.state, "reconnecting");
  isDown = false;
  globalThis.dispatchEvent(new Event("online"));
  await clock.advance(50);
  assertEquals(session.state, "open");
  assert(events.at(-1)?.type === "recovered");
  await end();
});

Deno.test("a session listens for online events until it is closed, once, also while it reconnects", async () => {
  const { addEventListener, removeEventListener } = globalThis;
  const listeners = new Set<unknown>();
  globalThis.addEventListener = (type: string, listener: unknown) =>
    void (type === "online" && listeners.add(listener));
  globalThis.removeEventListener = (_type: string, listener: unknown) => void listeners.delete(listener);
  try {
    const { clock, end, events, server } = await openInPage({ recovery: { backoff: { firstMs: 10_000 } } });
    for (let outage = 1; outage <= 2; outage++) {
      server().fault({ type: "drop" });
      await clock.advance(0);
      assertEquals(listeners.size, 1);
      await clock.advance(20_000);
      assertEquals([events.at(-1)?.type, listeners.size], ["recovered", 1]);
    }
    await end();
    assertEquals(listeners.size, 0);
  } finally {
    Object.assign(globalThis, { addEventListener, removeEventListener });
  }
});

Deno.test("a session recovers within 3 s of the network's return, whatever the state of the current attempt", async () => {
  // A network that is down refuses connections, or does not respond.
  for (const isSilent of [false, true]) {
    for (const outageMs of [5_000, 70_000, 300_000]) {
      let isDown = false;
      let failures = 0;
      const { clock, end, server, session } = await openInPage({}, {}, () => {
        if (isDown && isSilent) return new Promise<never>(() => {});
        // The first attempt afterwards comes too early: names are not resolved yet.
        if (isDown || failures-- > 0) throw new TypeError("no network");
      });
      isDown = true;
      server().fault({ type: "drop" });
      await clock.advance(outageMs);
      assertEquals(session.state, "reconnecting");
      isDown = false;
      failures = 2;
      globalThis.dispatchEvent(new Event("online"));
      const response = session.ask("Are you still there?");
      await clock.advance(3_000);
      assertEquals([session.state, (await response).status], ["open", "completed"], `${isSilent} ${outageMs}`);
      await end();
    }
  }
});

Deno.test("an online event ends a hanging replay, and its connection", async () => {
  let isGone = false;
  const { clock, end, events, server, session, simulator, until } = await openInPage({}, {
    faults: () => isGone ? [{ type: "silence", at: "conversation.item.added" }] : [],
  });
  await until(session.sendMessage("My name is Ada."));
  isGone = true;
  server().fault({ type: "drop" });
  await clock.advance(5000);
  assertEquals(events.map(({ type }) => type), ["reconnecting"]);
  isGone = false;
  globalThis.dispatchEvent(new Event("online"));
  await clock.advance(500);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "reconnecting", "recovered"]);
  await clock.advance(3000);
  assertEquals(simulator.sessions.length, 1);
  await end();
});

Deno.test("reconnecting backs off from a server that accepts every connection and drops it at once", async () => {
  let dials = 0;
  let isBroken = false;
  const { clock, end, events, server, session } = await openWorld({}, {}, () => void dials++);
  session.on("recovered", () => {
    if (isBroken) server().fault({ type: "drop", code: 1011 });
  });
  isBroken = true;
  server().fault({ type: "drop", code: 1011 });
  await clock.advance(60_000);
  // Pauses of 125 ms on average would make some 400; pauses of up to 2 s make some 60.
  assert(dials < 120, `${dials} connections in a minute`);
  const before = dials;
  await clock.advance(300_000);
  assert(dials - before < 60, `${dials - before} connections in five minutes`);
  isBroken = false;
  await clock.advance(60_000);
  assertEquals([session.state, events.at(-1)?.type], ["open", "recovered"]);
  // A stable connection resets the delays.
  const start = clock.now();
  const recovered = new Promise<number>((resolve) => session.on("recovered", () => resolve(clock.now())));
  server().fault({ type: "drop", code: 1011 });
  await clock.advance(1_000);
  assert(await recovered - start < 500);
  await end();
});

/** The first connection of a world: once it is dead, nothing passes, and the transport gives up after three seconds. */
async function openMortal(dialed: (attempt: number) => void | Promise<void> = () => {}) {
  const line = { isDead: false, dials: 0, probedAt: Infinity };
  const world = await openWorld(
    { turnDetection: null, recovery: { renewBeforeMs: 1_800_000 } },
    {},
    (attempt) => {
      line.dials = attempt;
      return dialed(attempt);
    },
    (socket) => {
      const isFirst = line.dials === 1;
      const passes = () => !isFirst || !line.isDead;
      return {
        get bufferedAmount() {
          return socket.bufferedAmount;
        },
        send: (data) => {
          if (passes()) socket.send(data);
          else if (data.includes("session.update")) line.probedAt = world.clock.now();
        },
        close: (code, reason) => void (passes() && socket.close(code, reason)),
        listen: ({ message, close }) => socket.listen({ message: (data) => void (passes() && message(data)), close }),
      };
    },
  );
  return { ...world, line };
}

for (const isRenewing of [false, true]) {
  const when = isRenewing ? "while a renewal waits" : "while it is probed";
  Deno.test(`a session closed on a dead connection ${when} opens no other connection`, async () => {
    const { clock, events, line, session, simulator } = await openMortal();
    if (isRenewing) {
      await clock.advance(1_790_000);
      // It waits for a quiet moment, and there is none.
      session.appendAudio(new Uint8Array(48 * 200));
      await clock.advance(20_000);
    }
    const before = isRenewing ? 2 : 1;
    assertEquals([line.dials, simulator.sessions.length], [before, before]);
    line.isDead = true;
    for (let seconds = 0; seconds < 60 && line.probedAt === Infinity; seconds++) await clock.advance(1000);
    // The answer to the probe is overdue while the session is being closed.
    await clock.advance(line.probedAt + 8500 - clock.now());
    void session.close();
    await clock.advance(60_000);
    assertEquals([session.state, line.dials, simulator.sessions.length], ["closed", before, 1]);
    assertEquals(events.map(({ type }) => type), ["closed"]);
  });
}

Deno.test("a renewal whose connection opens while the session closes is hung up", async () => {
  const second = Promise.withResolvers<void>();
  const { clock, events, line, session, simulator } = await openMortal((attempt) =>
    attempt === 2 ? second.promise : undefined
  );
  await clock.advance(1_800_000);
  assertEquals(line.dials, 2);
  line.isDead = true;
  void session.close();
  second.resolve();
  await clock.advance(2000);
  assertEquals([session.state, simulator.sessions.length], ["open", 1]);
  await clock.advance(60_000);
  assertEquals([session.state, line.dials, simulator.sessions.length], ["closed", 2, 1]);
  assertEquals(events.map(({ type }) => type), ["closed"]);
});
